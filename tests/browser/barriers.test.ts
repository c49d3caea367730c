/** Both templates as axe-core sees them: mail and web page, by day and by night, from left to right and from right to left. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, visit } from '../rig/browser.js'
import { HOME, type Look, lookAt, show } from '../rig/look.js'
import { proofOf } from '../rig/proof.js'

const ISSUES = [
  { slug: '2026-04-10-every-element', template: 'digest' },
  { slug: '2026-04-24-on-waiting', template: 'letter' },
  { slug: '2026-05-08-the-quays-reopen', template: 'digest' },
  { slug: '2026-05-08-the-quays-reopen', template: 'letter' },
] as const

const SCREENS = [
  { width: 600, colorScheme: 'light' },
  { width: 600, colorScheme: 'dark' },
] as const

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

describe.each(ISSUES)('$slug in $template', ({ slug, template }) => {
  let look: Look

  beforeAll(async () => {
    look = await lookAt(slug, template)
  })

  test.each(SCREENS)('keeps nobody out of mail and web page, $colorScheme', async (screen) => {
    for (const html of [look.email, look.web]) {
      const { page, close } = await visit(browser, HOME, screen)

      await show(page, html, look.images)

      expect(await findBarriers(page)).toEqual([])
      await close()
    }
  })
})

test('a honeypot is no barrier: nobody sees it, hears of it or comes to it by keyboard', async () => {
  const { worst } = await proofOf({
    publication:
      'name: The Tide\nfrom: The Tide <tide@example.org>\npublic-url: https://tide.example.org\ntracking:\n  honeypot: on\n',
  })
  const { page, close } = await visit(browser, HOME, SCREENS[0])
  await show(page, worst.html, new Map())

  const trap = page.locator('a[href$="/x"]')

  expect(await trap.count()).toBe(1)
  expect(await trap.boundingBox()).toBeNull()
  expect(await page.locator('body').ariaSnapshot()).not.toContain('/x')
  const reached = new Set<string>()
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('Tab')
    reached.add(await page.evaluate(() => document.activeElement?.getAttribute('href') ?? ''))
  }
  expect(reached.size).toBeGreaterThan(3)
  expect([...reached].filter((href) => href.endsWith('/x'))).toEqual([])
  expect(await findBarriers(page)).toEqual([])
  await close()
})

test('a barrier is found', async () => {
  const { page, close } = await visit(browser, HOME, SCREENS[0])
  const body = '<img src="a.png"><p style="color:#999">Pale</p><a href="#x"></a>'

  await show(page, `<!doctype html><html lang="en"><title>A</title><body>${body}`, new Map())

  const barriers = (await findBarriers(page)).map((barrier) => barrier.split(':')[0])
  expect(barriers.sort()).toEqual(['color-contrast', 'image-alt', 'link-name'])
  await close()
})
