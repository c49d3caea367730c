/** A test send from the studio: who gets it, what is told of it, and where it can be read. */

import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

/** It has one conditional passage. */
const ISSUE = '2026-11-24-a-levy-on-cold-boxes'
/** Where pictures of the dialog go, for whoever wants to look. */
const PICTURES = process.env.PRESSRUN_TEST_PICTURES
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
  const keepPicture = async (name: string) => {
    if (PICTURES === undefined) return
    const file = `studio-test-send-${name}-${screen.width}-${screen.colorScheme}.png`
    await page.screenshot({ path: path.join(PICTURES, file) })
  }

  const dialog = await openDialog(page)
  await dialog.getByText('inbox of this machine').waitFor()
  await dialog.getByText('2 messages an address').waitFor()
  await dialog.getByLabel('Addresses').fill('ruth@press.example')
  await keepPicture('asked')
  await dialog.getByRole('button', { name: 'Send test to 1 address' }).click()
  await dialog.getByText('2 messages accepted').waitFor()
  await keepPicture('sent')
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
