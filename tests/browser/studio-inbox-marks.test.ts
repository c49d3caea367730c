/** Marks that turn writing around, in a message of the inbox, in Chromium: no tab is dressed up by them. */

import path from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Inbox, openInbox } from '../../src/smtp/inbox.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

/** RIGHT-TO-LEFT OVERRIDE, and an isolate that nothing ends. */
const MARKS = '\u202E\u2067'
const RAW = [
  'From: Bank <evil@example.org>',
  'To: bob@example.org',
  `Subject: ${MARKS}moc.knab`,
  `List-Unsubscribe: <https://leave.example/${MARKS}x>`,
  `X-Note: ${MARKS}etirw`,
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  `<p><a href="https://evil.example/${MARKS}moc.knab">${MARKS}moc.knab</a></p>`,
  '',
].join('\r\n')

let studio: TestStudio
let inbox: Inbox

beforeAll(async () => {
  studio = await openTestStudio()
  inbox = await openInbox({ folder: path.join(studio.root, '.data/inbox') })
  const transport = createTransport(inbox.url)
  await transport.sendMail({ envelope: { from: 'evil@example.org', to: 'bob@example.org' }, raw: RAW })
  transport.close()
})

afterAll(async () => {
  await inbox.close()
  await studio.close()
})

test.each([
  ['Links', '[U+202E][U+2067]moc.knab'],
  ['Headers', '[U+202E][U+2067]etirw'],
  ['Source', 'X-Note: [U+202E][U+2067]etirw'],
])('in %s they are shown by their names, and turn nothing around', async (name, words) => {
  const { page, complaints, close } = await openStudioPage(studio, { at: '/inbox/inbox/1' })

  await page.getByRole('tab', { name }).click()

  await page.getByRole('tabpanel').getByText(words).first().waitFor()
  expect(await page.locator('body').textContent()).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)
  expect(await page.locator('[aria-label], [title]').evaluateAll(namesOf)).not.toMatch(
    /[\u202A-\u202E\u2066-\u2069]/,
  )
  expect(complaints).toEqual([])
  await close()
})

/** What programs that read a page aloud are told. */
function namesOf(elements: readonly Element[]): string {
  return elements
    .flatMap((one) => [one.getAttribute('aria-label') ?? '', one.getAttribute('title') ?? ''])
    .join('\n')
}
