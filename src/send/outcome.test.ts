import { expect, test } from 'vitest'
import { readOutcome } from './outcome.js'

test.each([
  ['250 2.0.0 queued as 4F2', 'sent'],
  ['550 5.1.1 User unknown', 'bounced'],
  ['550-5.1.1 The email account does not exist', 'bounced'],
  ['550 5.2.1 The account is disabled', 'bounced'],
  ['550 No such user here', 'bounced'],
  ['451 4.7.1 Greylisted, try again later', 'deferred'],
  ['421 4.7.28 Unusual rate of mail', 'deferred'],
  ['452 4.2.2 Mailbox full', 'deferred'],
  ['552 5.2.2 Mailbox full', 'deferred'],
  ['552 over quota', 'deferred'],
  ['550 5.7.515 Access denied, sender not authenticated', 'failed'],
  ['550 5.7.1 Blocked', 'failed'],
  ['554 5.6.0 Content refused', 'failed'],
  ['554 Transaction failed', 'failed'],
  ['550 Mail from this host is blocked', 'failed'],
])('%s means %s', (text, kind) => {
  const code = Number(text.slice(0, 3))

  expect(readOutcome({ kind: 'replied', code, text, command: 'RCPT', ended: false }).kind).toBe(kind)
})

test('what never ended is deferred, what ended without a reply is uncertain, a relay that is down uses up no attempt', () => {
  expect(readOutcome({ kind: 'notEnded', cause: 'connection lost', scope: 'message' }).kind).toBe('deferred')
  expect(readOutcome({ kind: 'endedWithoutReply', cause: 'connection lost' }).kind).toBe('uncertain')
  expect(readOutcome({ kind: 'notEnded', cause: 'connect ECONNREFUSED', scope: 'relay' }).kind).toBe(
    'relayDown',
  )
})

test.each([
  '550 Sender unknown',
  '553 sender domain not found',
  '550 5.1.1 <editor@example.org>: unknown user',
  '530 5.7.0 Authentication required',
])('"%s" to MAIL is about us: nobody bounces, no attempt is used up', (text) => {
  const code = Number(text.slice(0, 3))

  expect(readOutcome({ kind: 'replied', code, text, command: 'MAIL', ended: false }).kind).toBe('relayDown')
})

test('a basic 550 to the message is about the message, not the recipient', () => {
  const text = '550 No such luck: not found in whitelist'

  expect(readOutcome({ kind: 'replied', code: 550, text, command: 'DATA', ended: true }).kind).toBe('failed')
})
