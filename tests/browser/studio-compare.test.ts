/** A draft beside what it was before, in Chromium: pictures side by side, over one another, their difference, and words. */

import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { findLayoutFaults } from '../rig/layout.js'
import { git, type Pinned, pinSend } from '../rig/pinned.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const PICTURES = process.env.PRESSRUN_TEST_PICTURES
const SHORE_POWER = '2026-11-10-shore-power-before-berths'
const SLUG = '2026-12-01-harbour'
const FILE = `issues/${SLUG}.md`
const AT = `/issues/${SLUG}`

const issue = (words: string, more = '') => `---
title: The harbour this week
date: 2026-12-01
number: 43
subject: ${words}
preheader: Which of the five gates are closed this winter, and who pays for it.
---

## The quay

${words} Read [the plan](https://harbour.example.com/${more === '' ? 'old' : 'new'}) of the council.

The lamps on the mole stay lit through the night.

The pilots ask for a boat of their own, and the council has not answered.

The ferry leaves at noon, as it did last winter.
${more}
`

const BEFORE = issue('The crane at the quay is up.')
const AFTER = issue('The crane at the quay is down.', '\nNobody knows when the divers come back.\n')

let studio: TestStudio
let own: Pinned
let last: Pinned

beforeAll(async () => {
  studio = await openTestStudio({ files: { [FILE]: BEFORE } })
  const place = { root: studio.root, env: {} }
  last = await pinSend(place, SHORE_POWER, { list: 'readers', startedAt: Date.now() - 20 * 86_400_000 })
  own = await pinSend(place, SLUG, { list: 'readers', startedAt: Date.now() - 3 * 86_400_000 })
  git(studio.root, 'init', '--quiet', '--initial-branch=main')
  git(studio.root, 'add', 'issues', 'templates')
  git(studio.root, 'commit', '--quiet', '--message=The crane is up')
  studio.write(FILE, AFTER)
})

afterAll(() => studio.close())

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: path.join(PICTURES, `studio-compare-${name}.png`) })
}

const verdict = (page: Page) => page.locator('.compare .verdict')
const version = (page: Page, words: string) => page.locator('.compare-panel li button', { hasText: words })
const frames = (page: Page) => ({
  before: page.frameLocator('.compared .before iframe:not(.coming)'),
  after: page.frameLocator('.compared .after iframe:not(.coming)'),
})

/** Until both are there and what differs is marked. */
async function compared(page: Page): Promise<void> {
  await frames(page).before.locator('body').waitFor()
  await frames(page).after.locator('body').waitFor()
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLIFrameElement>('.compared iframe:not(.coming)')].every(
      (frame) => frame.contentDocument?.querySelector('style[data-changes]') != null,
    ),
  )
}

/** Words of rewritten passages, as they are marked in either picture. */
const markedWords = (page: Page) =>
  page.evaluate(() => {
    const wordsOf = (side: string, name: string) => {
      const frame = document.querySelector<HTMLIFrameElement>(`.compared ${side} iframe:not(.coming)`)
      const marks = frame?.contentWindow?.window.CSS.highlights.get(name) ?? []
      return [...marks].map(String)
    }
    return { gone: wordsOf('.before', 'gone'), come: wordsOf('.after', 'come') }
  })

test('by key the draft stands beside what was sent, and what differs is marked in both', async () => {
  const { page, complaints, close } = await openStudioPage(studio, { at: AT })
  await version(page, `Send ${own.sendId} to readers`).waitFor()

  await page.keyboard.press('c')

  await compared(page)
  const { before, after } = frames(page)
  expect(await page.locator('.compare h2').textContent()).toBe(`Compared with Send ${own.sendId} to readers`)
  expect(await before.locator('[data-changed]').allInnerTexts()).toEqual([
    expect.stringContaining('The crane at the quay is up.'),
  ])
  expect(await after.locator('[data-changed=rewritten]').allInnerTexts()).toEqual([
    expect.stringContaining('The crane at the quay is down.'),
  ])
  expect(await after.locator('[data-changed=come]').allInnerTexts()).toEqual([
    'Nobody knows when the divers come back.',
  ])
  expect(await markedWords(page)).toEqual({ gone: ['up'], come: ['down'] })
  expect(await verdict(page).textContent()).toBe('1 passage changed, 1 is new.')
  expect(page.url()).toContain(`compare=send%3A${own.sendId}`)
  await picture(page, 'beside')
  await page.keyboard.press('c')
  await page.locator('.stage .readers iframe').waitFor()
  expect(await page.locator('.compare').isHidden()).toBe(true)
  expect(complaints).toEqual([])
  await close()
})

test('subject and links that differ are told above', async () => {
  const { page, close } = await openStudioPage(studio, { at: `${AT}?compare=send:${own.sendId}` })

  const lines = page.locator('.compare .lines')

  await lines.waitFor()
  expect(await lines.locator('del').allInnerTexts()).toEqual(['up', 'https://harbour.example.com/old'])
  expect((await lines.locator('ins').allInnerTexts())[0]).toBe('down')
  await close()
})

test('one lies over the other, and the divider is moved by key and by pointer', async () => {
  const { page, close } = await openStudioPage(studio, { at: `${AT}?compare=send:${own.sendId}` })
  await compared(page)
  await page.getByRole('button', { name: 'Overlaid' }).click()
  const divider = page.getByRole('separator', { name: 'Where the draft begins' })

  await divider.focus()
  await page.keyboard.press('ArrowRight')
  expect(await divider.getAttribute('aria-valuenow')).toBe('55')
  await picture(page, 'over')
  await page.keyboard.press('Home')
  expect(await divider.getAttribute('aria-valuenow')).toBe('0')

  const room = await page.locator('.compared .pair').boundingBox()
  const handle = await divider.boundingBox()
  if (room === null || handle === null) throw new Error('nothing is shown')
  const y = Math.max(room.y, 0) + 300
  await page.mouse.move(handle.x + 8, y)
  await page.mouse.down()
  await page.mouse.move(room.x + room.width * 0.75, y)
  await page.mouse.up()
  expect(await divider.getAttribute('aria-valuenow')).toBe('75')
  // At the left stands what was sent, at the right the draft.
  const edges = await page.evaluate(() =>
    ['.before', '.after'].map(
      (side) => getComputedStyle(document.querySelector(`.compared ${side}`) ?? document.body).clipPath,
    ),
  )
  expect(edges).toEqual(['inset(0px 25% 0px 0px)', 'inset(0px 0px 0px 75%)'])
  await close()
})

test('the difference shows what is other, and says when there is none', async () => {
  const { page, close } = await openStudioPage(studio, {
    at: `${AT}?compare=send:${own.sendId}&as=difference`,
  })
  await compared(page)
  await picture(page, 'difference')
  const blend = await page
    .locator('.compared .after .sheet')
    .evaluate((side) => getComputedStyle(side).mixBlendMode)
  expect(blend).toBe('difference')

  studio.write(FILE, BEFORE)

  await verdict(page).getByText(`These are exactly the bytes of Send ${own.sendId} to readers.`).waitFor()
  expect(await version(page, `Send ${own.sendId}`).textContent()).toContain('The same bytes')
  studio.write(FILE, AFTER)
  await verdict(page).getByText('1 passage changed').waitFor()
  await close()
})

test('a finding keeps its colours in the difference, and lies upon it', async () => {
  studio.write(FILE, AFTER.replace('come back', 'come back, TODO ask'))
  const { page, close } = await openStudioPage(studio, {
    at: `${AT}?compare=send:${own.sendId}&as=difference`,
  })
  await compared(page)
  const mark = page.locator('.compared .mark[data-severity=error]')
  await mark.scrollIntoViewIfNeeded()
  await picture(page, 'difference-mark')

  const turned = await mark.evaluate((one) => {
    const around: Element[] = []
    for (let at: Element | null = one; at !== null; at = at.parentElement) around.push(at)
    const styles = around.map((element) => getComputedStyle(element))
    return styles.filter(({ filter, mixBlendMode }) => filter !== 'none' || mixBlendMode !== 'normal').length
  })
  expect(turned).toBe(0)
  await mark.click()
  studio.write(FILE, AFTER)
  await close()
})

test('of several readers the one is compared who is chosen', async () => {
  const readers = [
    { label: 'Nothing known', values: {} },
    { label: 'Zoë', values: { name: 'Zoë' } },
  ]
  const { page, close } = await openStudioPage(studio, {
    at: `${AT}?${new URLSearchParams({ compare: `send:${own.sendId}`, readers: JSON.stringify(readers) })}`,
  })
  await compared(page)
  const choice = page.getByRole('combobox', { name: 'Reader' })
  expect(await choice.inputValue()).toBe('Nothing known')

  await choice.selectOption('Zoë')

  for (const side of ['.before', '.after'])
    await page
      .locator(`.compared ${side} iframe:not(.coming)[title$=": Zoë"][data-url*="Zo%C3%AB"]`)
      .waitFor()
  expect(await page.locator('.compared .sides').textContent()).toContain('Draft for Zoë')
  expect(new URL(page.url()).searchParams.get('for')).toBe('1')
  expect(await findBarriers(page)).toEqual([])
  await picture(page, 'readers')
  await close()
})

test('texts are compared word by word, and what is the same is folded away', async () => {
  const { page, close } = await openStudioPage(studio, { at: `${AT}?compare=send:${own.sendId}&view=text` })
  const words = page.locator('.compare .words')

  await words.locator('.changed').first().waitFor()

  expect(await words.locator('del').allInnerTexts()).toEqual([expect.stringMatching(/^up\b/)])
  expect((await words.locator('ins').allInnerTexts()).join(' ')).toContain(
    'Nobody knows when the divers come back.',
  )
  expect(await words.locator('details').count()).toBeGreaterThan(0)
  expect(await verdict(page).textContent()).toMatch(/^\d paragraphs differ\.$/)
  await picture(page, 'text')
  expect(await findBarriers(page)).toEqual([])
  await close()
})

test('the last issue, a commit, a branch that is written, and a name that is none', async () => {
  const { page, close } = await openStudioPage(studio, { at: AT })

  await version(page, 'The last issue sent').click()
  await compared(page)
  await frames(page).before.getByText('Shore power').first().waitFor()
  expect(page.url()).toContain(`compare=send%3A${last.sendId}`)

  await version(page, 'The crane is up').click()
  await page.locator('.compare h2', { hasText: 'Compared with commit' }).waitFor()
  await frames(page).before.getByText('The crane at the quay is up.').first().waitFor()

  const name = page.getByRole('textbox', { name: 'Branch, tag, commit or hash' })
  await name.fill('main')
  await name.press('Enter')
  await page.locator('.compare h2', { hasText: 'Compared with main, commit' }).waitFor()

  await name.fill('nowhere')
  await name.press('Enter')
  await verdict(page).getByText('git knows no branch, tag or commit "nowhere"').waitFor()
  await close()
})

test('modes and widths hold for both, and a saved file is shown without leaving the comparison', async () => {
  const { page, complaints, close } = await openStudioPage(studio, {
    at: `${AT}?compare=send:${own.sendId}&light=dark&width=375`,
  })
  await compared(page)
  const { before, after } = frames(page)
  const grounds = () =>
    Promise.all(
      [before, after].map((frame) =>
        frame.locator('html').evaluate((root) => getComputedStyle(root).colorScheme),
      ),
    )
  expect(await grounds()).toEqual(['dark only', 'dark only'])
  await picture(page, 'dark-phone')

  studio.write(FILE, AFTER.replaceAll('is down', 'is gone'))

  await after.getByText('The crane at the quay is gone.').waitFor()
  expect(await before.getByText('The crane at the quay is up.').count()).toBe(1)
  studio.write(FILE, AFTER)
  await after.getByText('The crane at the quay is down.').waitFor()
  expect(complaints).toEqual([])
  await close()
})

test('a full stop leads to the next change', async () => {
  const { page, close } = await openStudioPage(studio, {
    at: `${AT}?compare=send:${own.sendId}`,
    height: 500,
  })
  await compared(page)

  await page.keyboard.press('.')

  await page.waitForFunction(() => scrollY > 0)
  await close()
})

test.each([
  { width: 375, colorScheme: 'light' },
  { width: 1280, colorScheme: 'light' },
  { width: 1600, colorScheme: 'dark' },
] as const)('at $width px, $colorScheme, nothing is in the way of anyone', async (screen) => {
  for (const as of ['beside', 'over', 'difference']) {
    const { page, close } = await openStudioPage(studio, {
      at: `${AT}?compare=send:${own.sendId}&as=${as}`,
      ...screen,
    })
    await compared(page)
    await version(page, `Send ${own.sendId}`).waitFor({ state: 'attached' })
    await picture(page, `${as}-${screen.width}-${screen.colorScheme}`)

    expect(await findBarriers(page)).toEqual([])
    const faults = await findLayoutFaults(page)
    expect(faults.filter((fault) => !fault.includes('cuts off'))).toEqual([])
    await close()
  }
})
