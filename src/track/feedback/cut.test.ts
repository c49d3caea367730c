/** Hostile mail, read: what it costs is bounded by what is read of it, and that is the beginning. */

import { expect, test } from 'vitest'
import { cutReport, MAX_BYTES, MAX_LINES } from './cut.js'
import { readFeedback } from './read-feedback.js'

const MEGABYTE = 1_048_576

const head = 'From: MAILER-DAEMON@x.test\r\nSubject: Undelivered Mail\r\n'
const nested = Array.from(
  { length: 1_000 },
  (_, deep) => `Content-Type: multipart/mixed; boundary=b${deep}\r\n\r\n--b${deep}\r\n`,
)
const recipients = Array.from(
  { length: 10_000 },
  (_, at) => `Final-Recipient: rfc822; r${at}@x.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n`,
)
const status = `${head}Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n`

test.each<[string, string]>([
  ['ten thousand recipients', status + recipients.join('')],
  ['a thousand parts in one another', head + nested.join('')],
  ['lines of nothing', '\n'.repeat(MEGABYTE)],
  ['attachments in the old style', `${head}\r\n${'begin 644 x\r\n'.repeat(80_000)}`],
  ['flowed text', `${head}Content-Type: text/plain; format=flowed\r\n\r\n${'a \r\n'.repeat(250_000)}`],
  ['replies', `${head}\r\n${'550 5.1.1 no\r\n'.repeat(70_000)}`],
  ['groups of addresses', `To: ${'g:a@b;\r\n '.repeat(100_000)}`],
  [
    'fields of a complaint',
    `${head}Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n${'Feedback-Type: abuse\r\n'.repeat(40_000)}`,
  ],
])('of a megabyte of %s the beginning is read, and no more', async (_, text) => {
  const bytes = Buffer.from(text, 'latin1').subarray(0, MEGABYTE)

  const cut = cutReport(bytes)

  expect(cut.length).toBeLessThanOrEqual(MAX_BYTES)
  expect(Buffer.from(cut).toString('latin1').split('\n').length).toBeLessThanOrEqual(MAX_LINES + 1)
  const read = await readFeedback(bytes, [])
  expect(read).toEqual(await readFeedback(cut, []))
  expect(read.claims.length).toBeLessThanOrEqual(100)
})

test('the header of a message of ours behind a long report is read', async () => {
  const token = 'b'.repeat(26)
  const prose = 'It could not be delivered to its recipient.\r\n'.repeat(1_000)

  const { returnTokens } = await readFeedback(
    Buffer.from(`${head}\r\n${prose}\r\nReturn-Path: <bounces+${token}@example.com>\r\n`),
    [],
  )

  expect(returnTokens).toContain(token)
})
