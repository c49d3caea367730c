import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReply } from '../smtp/reply.js'
import type { Reply } from '../smtp/transport.js'
import { type Outcome, readOutcome } from './outcome.js'

type Command = 'MAIL' | 'RCPT' | 'DATA'

/** As the relay says it, several lines and all. */
function outcomeOf(response: string, command: Command = 'RCPT'): Outcome {
  const reply = readReply(response)
  if (reply === null) throw new Error(`no reply: ${response}`)
  return readOutcome({ kind: 'replied', ...reply, command, ended: false })
}

/** `bounced`, `deferred: mailbox full`, `relayDown: ours`. */
function summary(outcome: Outcome): string {
  if (outcome.kind === 'deferred' || outcome.kind === 'failed') return `${outcome.kind}: ${outcome.reason}`
  return outcome.kind === 'relayDown' ? `relayDown: ${outcome.fault}` : outcome.kind
}

const FULL = 'deferred: mailbox full'
const SLOWED = 'deferred: slowed down by the receiver'
const GREY = 'deferred: greylisted'
const POLICY = 'failed: refused by policy'
const POLICY_NOW = 'deferred: refused by policy for now'
const CONTENT = 'failed: content refused'
const UNSAID = 'deferred: refused without a reason'

describe('V25: whose fault a reply says it is', () => {
  test.each<[string, string]>([
    // Gmail
    [
      '550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the recipient’s email address for typos or\n550 5.1.1 unnecessary spaces. https://support.google.com/mail/?p=NoSuchUser a1si2 - gsmtp',
      'bounced',
    ],
    ['550 5.2.1 The email account that you tried to reach is disabled. - gsmtp', 'bounced'],
    ['550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more', SLOWED],
    ['450 4.2.1 The user you are trying to contact is receiving mail too quickly. - gsmtp', SLOWED],
    ['452 4.2.2 The email account that you tried to reach is over quota. - gsmtp', FULL],
    ['552 5.2.2 The recipient’s inbox is out of storage space and inactive. - gsmtp', FULL],
    ['421-4.7.0 Try again later, closing connection. (EHLO)\n421 4.7.0 - gsmtp', SLOWED],
    ['421 4.7.28 Our system has detected an unusual rate of mail originating from your IP', SLOWED],
    ['421 4.7.0 IP not in whitelist for RCPT domain, closing connection. - gsmtp', POLICY_NOW],
    ['421-4.7.26 This mail has been rate limited because it is unauthenticated.\n421 4.7.26 SPF', POLICY_NOW],
    ['550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n550 5.7.26 DKIM', POLICY],
    ['550 5.7.25 The IP address sending this message does not have a PTR record setup', POLICY],
    ['550 5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail', POLICY],
    ['550 5.4.5 Daily user sending quota exceeded. - gsmtp', SLOWED],
    ['553 5.1.2 The recipient domain was not found. - gsmtp', 'bounced'],
    ['553 5.1.3 The recipient address is not a valid RFC 5321 address. - gsmtp', 'bounced'],
    ['451 4.3.0 Mail server temporarily rejected message. - gsmtp', 'deferred: receiver has trouble'],
    ['451 4.4.2 Timeout - closing connection. - gsmtp', 'deferred: connection lost'],
    // Microsoft
    ['550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).', 'bounced'],
    ['550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup', 'bounced'],
    ['550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [AM5.eop.outlook.com]', 'bounced'],
    ['550 5.7.515 Access denied, sending domain example.com does not meet the required level', POLICY],
    [
      '550 5.7.1 Unfortunately, messages from [192.0.2.1] weren’t sent. part of their network is on our block list (S3140).',
      POLICY,
    ],
    ['550 5.7.606 Access denied, banned sending IP [192.0.2.1]', POLICY],
    [
      '451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation',
      POLICY_NOW,
    ],
    ['451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)', SLOWED],
    ['550 5.1.8 Access denied, bad outbound sender AS(42003)', POLICY],
    ['554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException', FULL],
    ['432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded', 'deferred: receiver has trouble'],
    ['452 4.3.1 Insufficient system resources (UsedDiskSpace[C:])', 'deferred: receiver has trouble'],
    ['550 5.7.1 Unable to relay', POLICY],
    // Yahoo and AOL
    ['421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume', SLOWED],
    [
      '553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.',
      POLICY,
    ],
    ['554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com', POLICY],
    ['552 1 Requested mail action aborted, mailbox not found', 'bounced'],
    [
      '554 30 Sorry, your message to carol@yahoo.test cannot be delivered. This mailbox is disabled',
      'bounced',
    ],
    // iCloud, GMX, web.de, T-Online
    ['550 5.1.1 <bob@icloud.test>: user does not exist', 'bounced'],
    ['554 5.7.1 [CS01] Message rejected due to local policy. https://support.apple.com/HT204137', POLICY],
    [
      '550 Requested action not taken: mailbox unavailable\n550 For explanation visit https://postmaster.gmx.net',
      'bounced',
    ],
    ['554-Transaction failed\n554-Reject due to policy restrictions.\n554 For explanation visit', POLICY],
    [
      '554-gmx.net (mxgmx1) Nemesis ESMTP Service not available\n554-No SMTP service\n554 Bad DNS PTR resource record.',
      POLICY,
    ],
    ['552 Requested mail action aborted: exceeded storage allocation', FULL],
    ['554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help)', UNSAID],
    // Postfix
    [
      '550 5.1.1 <bob@example.test>: Recipient address rejected: User unknown in virtual mailbox table',
      'bounced',
    ],
    ['550 5.1.0 <news@example.com>: Sender address rejected: User unknown in relay recipient table', POLICY],
    ['550 5.1.8 <news@example.com>: Sender address rejected: Domain not found', POLICY],
    ['450 4.1.8 <news@example.com>: Sender address rejected: Domain not found', POLICY_NOW],
    ['450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]', POLICY_NOW],
    ['450 4.2.0 <dora@example.test>: Recipient address rejected: Greylisted, see http://postgrey.test', GREY],
    ['451 4.7.1 Please try again later', GREY],
    ['554 5.7.1 <alice@example.test>: Relay access denied', POLICY],
    ['451 4.3.0 <alice@example.test>: Temporary lookup failure', 'deferred: receiver has trouble'],
    ['452 4.5.3 Error: too many recipients', SLOWED],
    ['421 4.7.0 mx.example.test Error: too many errors', SLOWED],
    // Exim
    ['550 Unrouteable address', 'bounced'],
    [
      '550-Verification failed for <news@example.com>\n550-No Such User Here\n550 Sender verify failed',
      POLICY,
    ],
    ['550 relay not permitted', POLICY],
    ['451 Temporary local problem - please try later', 'deferred: receiver has trouble'],
    ['451 greylisting in action, please come back later', GREY],
    // qmail and others with the enhanced code in brackets
    ['550 sorry, no mailbox here by that name. (#5.1.1)', 'bounced'],
    ['552 sorry, that user is over quota (#5.1.1)', FULL],
    ['553 sorry, that domain isn’t in my list of allowed rcpthosts (#5.7.1)', POLICY],
    // Gateways
    ['550 5.1.1 User Unknown', 'bounced'],
    ['421 4.7.1 Service unavailable; client host [192.0.2.1] blocked using prs.proofpoint.com', POLICY_NOW],
    [
      '550 5.7.1 Service unavailable; client [192.0.2.1] blocked using Spamhaus. https://www.spamhaus.org',
      POLICY,
    ],
    ['554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1', POLICY],
    ['550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550', 'bounced'],
    ['550 Administrative prohibition - envelope blocked', POLICY],
    ['554 Email rejected due to security policies', POLICY],
    ['554 Service unavailable; Client host [192.0.2.1] blocked using Barracuda Reputation', POLICY],
    ['550 permanent failure for one or more recipients (bob@example.test:blocked)', POLICY],
    ['550 Mail from this host is blocked', POLICY],
    // Codes that disagree, say nothing, or words that mislead
    ['550 4.2.2 Mailbox full', FULL],
    ['550 4.7.1 Not authorised', POLICY],
    ['550 4.1.1 User unknown', 'bounced'],
    ['550 4.1.1 Not now', UNSAID],
    ['450 5.1.1 User unknown', 'deferred: not accepted for now'],
    ['554 4.4.7 Message expired', 'failed: expired'],
    ['450 4.4.7 Message delayed', 'deferred: receiver not reached'],
    ['550 4.4.1 Host does not answer', 'deferred: receiver not reached'],
    ['550 5.1.1 Your server is listed at Spamhaus', POLICY],
    ['550 5.1.1 <spf-spamhaus@example.test>: No such user', 'bounced'],
    ['550 No such luck', UNSAID],
    ['550 Not found in whitelist', POLICY],
    ['550 5.0.0 No', UNSAID],
    ['554 Transaction failed', UNSAID],
    ['550', UNSAID],
    ['552 over quota', FULL],
    ['552 no', FULL],
    ['556 Domain does not accept mail', 'bounced'],
    ['550 5.6.7 Address requires SMTPUTF8', 'failed: needs SMTPUTF8'],
    ['501 5.5.4 Invalid argument', 'deferred: protocol trouble'],
    ['550 5.2.4 Mailing list expansion problem', 'failed: refused'],
    ['550 5.7.1 Too many connections from your host', SLOWED],
    ['550 5.7.1 Blocked for too many complaints', POLICY],
    ['530 5.7.0 Authentication required', 'relayDown: ours'],
    // A domain that is not there, and what only sounds like it.
    ['550 Host unknown (Authoritative answer from name server)', 'bounced'],
    ['550 5.4.4 Host or domain name not found. Name service error: Host not found', 'bounced'],
    ['550 Name service error: Host not found, try again', UNSAID],
    ['550 Illegal host/domain name found', 'bounced'],
    ['550 5.7.27 Host does not accept mail', 'bounced'],
    ['550 5.7.27 Sender address has null MX', POLICY],
    ['550 HELO: domain not found', UNSAID],
    ['550 Your host name is not recognized', UNSAID],
    ['550 IP address is not listed', UNSAID],
    // In other words, and in other languages.
    ['550 <bob@corp.test>: Recipient address rejected', 'bounced'],
    ['550 <bob@corp.test>: Recipient address rejected: Greylisted', UNSAID],
    ['550 <bob@corp.test>... User not exist', 'bounced'],
    ['550 5.1.351 Remote server returned unknown recipient or mailbox unavailable', 'bounced'],
    ['550 Der Empfänger existiert nicht', 'bounced'],
    ['550 用户不存在', 'bounced'],
    ['550 : User unknown', 'failed: refused'],
  ])('to RCPT, %s', (response, means) => {
    expect(summary(outcomeOf(response))).toBe(means)
  })

  test.each<[string, string]>([
    ['554 5.6.0 Content refused', CONTENT],
    ['552 5.3.4 Message size exceeds fixed limit', CONTENT],
    ['552 5.2.3 Message is too large for this mailbox', CONTENT],
    ['552 Message size exceeds maximum permitted', CONTENT],
    ['552-5.7.0 This message was blocked because its content presents a potential\n552 5.7.0 issue', CONTENT],
    ['554 5.7.1 Spam message rejected', CONTENT],
    ['550 High probability of spam', CONTENT],
    ['554 5.7.0 Reject, id=1-1 - virus found in mail', CONTENT],
    ['550 5.7.1 Message failed DMARC of example.com', POLICY],
    ['554 delivery error: dd This user doesn’t have a yahoo.test account (bob@yahoo.test) [0]', 'bounced'],
    ['554 delivery error: dd Requested mail action aborted: user over quota', FULL],
    // Whoever knows his users says so at RCPT: without a code, this may be a filter.
    ['550 Unknown user bob@carrier.test', 'failed: refused'],
    ['550 : User unknown', 'failed: refused'],
    ['554 This mailbox is disabled', 'failed: refused'],
    ['550 5.2.0 Unknown user bob@carrier.test', 'failed: refused'],
    ['550 5.1.1 no such user', 'bounced'],
    ['454 Throttling failure: Maximum sending rate exceeded.', SLOWED],
    ['554 Message rejected: Email address is not verified. Sender not allowed', POLICY],
    ['550 No such luck: not found in whitelist', POLICY],
    ['554 no', UNSAID],
  ])('to the message, %s', (response, means) => {
    expect(summary(outcomeOf(response, 'DATA'))).toBe(means)
  })

  test.each<[string, string]>([
    ['550 Sender unknown', 'relayDown: ours'],
    ['553 sender domain not found', 'relayDown: ours'],
    ['550 5.1.1 <editor@example.org>: unknown user', 'relayDown: ours'],
    ['530 5.7.0 Authentication required', 'relayDown: ours'],
    ['550 5.4.5 Daily sending quota exceeded', 'relayDown: relay'],
    ['552 5.3.4 Message size exceeds fixed limit', CONTENT],
    ['452 4.3.1 Insufficient system storage', 'deferred: receiver has trouble'],
    ['451 4.7.1 Too many connections', SLOWED],
  ])('to MAIL, %s: nobody bounces', (response, means) => {
    expect(summary(outcomeOf(response, 'MAIL'))).toBe(means)
  })
})

test.each<[Reply, string]>([
  [{ kind: 'notEnded', cause: 'connection lost', scope: 'message' }, 'deferred: connection lost'],
  [{ kind: 'notEnded', cause: 'needs SMTPUTF8', scope: 'message' }, 'failed: needs SMTPUTF8'],
  [{ kind: 'notEnded', cause: 'connect ECONNREFUSED', scope: 'relay' }, 'relayDown: relay'],
  [{ kind: 'notEnded', cause: '535 5.7.8 bad credentials', scope: 'login' }, 'relayDown: ours'],
  [{ kind: 'notEnded', cause: '535 5.7.0 Too many bad logins, later', scope: 'login' }, 'relayDown: relay'],
  [{ kind: 'endedWithoutReply', cause: 'connection lost' }, 'uncertain'],
])('without a reply for the message: %o', (reply, means) => {
  expect(summary(readOutcome(reply))).toBe(means)
})

describe('any reply at all', () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '5.1.1 User unknown',
      '4.7.1 try later',
      '5.7.1 spam',
      '5.2.1',
      'no such user',
      '(#5.1.1)',
    ),
  )
  const replies = fc.record({
    kind: fc.constant('replied' as const),
    code: fc.integer({ min: 100, max: 999 }),
    text: words,
    command: fc.constantFrom<Command>('MAIL', 'RCPT', 'DATA'),
    ended: fc.boolean(),
  })
  const withCode = replies.map((reply) => ({ ...reply, text: `${reply.code} ${reply.text}` }))

  test('is sent exactly when it is a 2yz to the end', () => {
    fc.assert(
      fc.property(withCode, (reply) => {
        const isYes = reply.ended && reply.code >= 200 && reply.code < 300
        expect(readOutcome(reply).kind === 'sent').toBe(isYes)
      }),
    )
  })

  test('with a 4yz is never for good', () => {
    fc.assert(
      fc.property(withCode, fc.integer({ min: 400, max: 499 }), (reply, code) => {
        const text = reply.text.replace(/^\d{3}/, String(code))
        expect(['bounced', 'failed']).not.toContain(readOutcome({ ...reply, code, text }).kind)
      }),
    )
  })

  test('bounces nobody unless it is a 5yz to RCPT or to the message', () => {
    fc.assert(
      fc.property(withCode, (reply) => {
        if (readOutcome(reply).kind !== 'bounced') return
        expect(reply.command).not.toBe('MAIL')
        expect(Math.floor(reply.code / 100)).toBe(5)
      }),
    )
  })

  test('after the end is never about the relay alone: the message was taken or refused', () => {
    fc.assert(
      fc.property(withCode, (reply) => {
        const { kind } = readOutcome({ ...reply, command: 'DATA', ended: true })
        expect(kind).not.toBe('relayDown')
      }),
    )
  })
})
