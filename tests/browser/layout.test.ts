/** The eye itself: it finds what it is there to find. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, visit } from '../rig/browser.js'
import { findLayoutFaults } from '../rig/layout.js'

const PHONE = { width: 375, colorScheme: 'light' } as const
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

async function faultsOf(body: string): Promise<string> {
  const { page, close } = await visit(browser, 'http://127.0.0.1', PHONE)
  await page.setContent(`<!doctype html><body style="margin:0;font:16px/1.5 serif">${body}`)
  const faults = await findLayoutFaults(page)
  await close()
  return faults.join('\n')
}

test('a page with nothing wrong has no faults', async () => {
  const body = '<h1>Ports reopen</h1><p>The <b>lock</b> opened<br>at noon.</p><p hidden>Not yet</p>'

  expect(await faultsOf(body)).toBe('')
})

test('what is wider than the screen is found', async () => {
  const faults = await faultsOf('<div style="width:500px">A wide sheet</div>')

  expect(faults).toContain('the page is 500 px wide, the screen 375')
})

test('a word that does not break is found', async () => {
  expect(await faultsOf(`<p>${'lock'.repeat(40)}</p>`)).toContain('reaches beyond the screen')
})

test('text that is cut off is found', async () => {
  const faults = await faultsOf('<p style="overflow:hidden;height:20px">One line,<br>and another</p>')

  expect(faults).toContain('<p> cuts off "One line,and another"')
})

test('two texts in one place are found', async () => {
  expect(await faultsOf('<p>Above</p><p style="margin-top:-30px">Below</p>')).toContain(
    '"Above" and "Below" overlap',
  )
})

test('text that is too faint is found', async () => {
  expect(await faultsOf('<p style="color:#999">Pale</p>')).toContain('"Pale" has a contrast of 2.85')
})

test('a request to another place is a complaint, and refused', async () => {
  const { page, complaints, close } = await visit(browser, 'http://127.0.0.1', PHONE)

  await page.setContent('<img src="https://elsewhere.example.com/a.png" alt="">')

  expect(complaints).toContain('asks https://elsewhere.example.com/a.png')
  await close()
})
