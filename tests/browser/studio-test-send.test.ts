/** A test send from the studio: who gets it, what is told of it, and where it can be read. */

import type { Page, Request, Response } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { keepPicture } from '../rig/pictures.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

/** It has one conditional passage. */
const ISSUE = '2026-11-24-a-levy-on-cold-boxes'
const BEFORE = '2026-11-10-shore-power-before-berths'
const SCREENS = [
  { width: 1280, colorScheme: 'light' },
  { width: 1600, colorScheme: 'dark' },
  { width: 375, colorScheme: 'light' },
] as const

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio()
})
afterAll(() => studio.close())

async function openDialog(page: Page) {
  await page.frameLocator('iframe').first().getByText('refrigerated container').waitFor()
  await page.keyboard.press('t')
  return page.getByRole('dialog', { name: 'Test send' })
}

test.each(SCREENS)('a test is sent by key and button and opens in the inbox, marked, %o', async (screen) => {
  const { page, complaints, close } = await openStudioPage(studio, { at: `/issues/${ISSUE}`, ...screen })
  const keep = (name: string) =>
    keepPicture(page, `studio-test-send-${name}-${screen.width}-${screen.colorScheme}`)

  const dialog = await openDialog(page)
  await dialog.getByText('inbox of this machine').waitFor()
  await dialog.getByText('2 messages an address').waitFor()
  await dialog.getByLabel('Addresses').fill('ruth@press.example')
  await keep('asked')
  await dialog.getByRole('button', { name: 'Send test to 1 address' }).click()
  await dialog.getByText('2 messages accepted').waitFor()
  await keep('sent')
  expect(await findBarriers(page)).toEqual([])

  await dialog.getByRole('link', { name: 'open it' }).first().click()
  await page.waitForURL(/\/inbox\/inbox\/\d+$/)
  const message = await page.request.get(page.url().replace('/inbox/', '/api/inbox/'))
  expect(await message.json()).toMatchObject({
    subject: '[Test 1/2: without city] The Harbour Brief 42: a levy on cold boxes',
  })
  expect(complaints).toEqual([])
  await close()
})

test('whom a test may not go to is said with what would be right, and nothing is sent', async () => {
  const env = {
    SMTP_URL: 'smtp://127.0.0.1:9',
    PUBLIC_URL: 'https://news.harbour.example',
    TEST_TO: '@press.example',
  }
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`)
  const live = await openTestStudio({ env, files: { '.env': lines.join('') } })
  try {
    const { page, close } = await openStudioPage(live, { at: `/issues/${ISSUE}` })
    const dialog = await openDialog(page)
    await dialog.getByText('It goes through smtp://127.0.0.1:9. TEST_TO allows @press.example.').waitFor()

    await dialog.getByLabel('Addresses').fill('bob@example.org')
    await page.keyboard.press('Enter')

    const sentence = '"bob@example.org" may get no test: TEST_TO allows @press.example; add it there'
    await dialog.getByText(sentence).waitFor()
    await close()
  } finally {
    await live.close()
  }
})

/** Asks of that kind wait until they are let go; the others pass. */
async function hold(page: Page, isHeld: (request: Request) => boolean) {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/api/drafts/*/test*', async (route) => {
    if (isHeld(route.request())) await held
    await route.continue()
  })
  return () => release()
}

/** The page has done what followed from it. */
async function answered(page: Page, response: Promise<Response>): Promise<void> {
  await (await response).finished()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
}

test('how its passages turn out is told of the reader who was chosen last', async () => {
  const readers = [
    { label: 'Nothing known', values: {} },
    { label: 'Zoë', values: { city: 'Faro' } },
  ]
  const { page, close } = await openStudioPage(studio, {
    at: `/issues/${ISSUE}?${new URLSearchParams({ readers: JSON.stringify(readers) })}`,
  })
  const isOfNobody = (request: Pick<Request, 'url'>) => request.url().includes('values=%7B%7D')
  const release = await hold(page, isOfNobody)
  const late = page.waitForResponse(isOfNobody)
  const dialog = await openDialog(page)

  await dialog.getByLabel('Written for').selectOption('Zoë')
  await dialog.getByText('turn out: with city; without city.').waitFor()
  release()
  await answered(page, late)

  expect(await dialog.locator('.what').textContent()).toContain('turn out: with city; without city.')
  await close()
})

test('what became of a test does not stand below the form of another issue', async () => {
  const { page, close } = await openStudioPage(studio, { at: `/issues/${ISSUE}` })
  const release = await hold(page, (request) => request.method() === 'POST')
  const dialog = await openDialog(page)
  await dialog.getByLabel('Addresses').fill('ruth@press.example')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press(']')
  await page.waitForURL(`${studio.url}/issues/${BEFORE}`)
  await page.frameLocator('iframe').first().getByText('shore power').first().waitFor()
  await page.keyboard.press('t')
  await dialog.getByRole('button', { name: 'Sending …' }).waitFor()

  release()

  await page.locator('footer').getByText('2 messages accepted').waitFor()
  expect(await dialog.locator('.answer').textContent()).toBe('')
  await close()
})
