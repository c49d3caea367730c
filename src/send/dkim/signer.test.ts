import { describe, expect, test } from 'vitest'
import { harbourIssue } from '../../../tests/rig/compiled.js'
import { makeTestKey, signatureTags, verifyDkim } from '../../../tests/rig/dkim.js'
import { makeKeys } from '../../link/token.js'
import type { WireMessage } from '../../smtp/transport.js'
import { prepareMessages, writeMessage } from '../message.js'
import { type DkimKey, recordOf } from './key.js'
import { makeSigner } from './signer.js'

const rsa = makeTestKey('example.org', 'news')
const ed25519 = makeTestKey('example.org', 'news-ed', null)
const SENT_AT = Date.UTC(2026, 0, 5, 12)

function signWith(keys: readonly DkimKey[], onUnsigned?: (domain: string) => void) {
  const byDomain = new Map<string, DkimKey[]>()
  for (const key of keys) byDomain.set(key.domain, [...(byDomain.get(key.domain) ?? []), key])
  return makeSigner({ keys: byDomain, ...(onUnsigned ? { onUnsigned } : {}) }).sign
}

/** A Message as it leaves: 40 KB, a Subject and a name that are not ASCII. */
function issue(from = 'editor@news.example.org'): WireMessage {
  const prepared = prepareMessages({
    compiled: harbourIssue({
      publication: {
        name: 'The Harbour Brief',
        from: { name: 'The Harbour Brief', address: from },
        replyTo: { name: '', address: 'desk@example.org' },
        publicUrl: 'https://news.example.org',
      },
      subject: ['Harbour news for ', { kind: 'person', name: 'name', fallback: 'you' }],
      html: [`<p>Hello</p>${'<p>Tides: 3 m, and  a storm.</p>\n'.repeat(1_000)}`],
      text: ['Hello \n\n'],
    }),
    hash: 'c0ffee'.repeat(10),
    list: { name: 'weekly', title: 'Weekly readers' },
    sendId: 3,
    date: SENT_AT,
  })
  const recipient = { deliveryId: 41, address: 'zoe@example.net', name: 'Zoë 港', attributes: {} }
  return writeMessage(prepared, recipient, makeKeys(['a secret of more than thirty-two characters']))
}

function wire(text: string): WireMessage {
  const envelope = { from: 'editor@example.org', to: 'alice@example.net' }
  return { envelope, bytes: Buffer.from(text.replaceAll('\n', '\r\n')) }
}

function textOf({ bytes }: WireMessage): string {
  return Buffer.from(bytes).toString('latin1')
}

async function resultsOf(bytes: Uint8Array, keys: readonly DkimKey[] = [rsa, ed25519]): Promise<string[]> {
  return (await verifyDkim(bytes, keys.map(recordOf))).map(({ result }) => result)
}

test('V23: another verifier finds both signatures good and aligned; every field that matters is covered, all of the body', async () => {
  const signed = await signWith([rsa, ed25519])(issue())

  expect(await verifyDkim(signed.bytes, [recordOf(rsa), recordOf(ed25519)])).toEqual([
    { domain: 'example.org', selector: 'news', algorithm: 'rsa-sha256', result: 'pass', isAligned: true },
    {
      domain: 'example.org',
      selector: 'news-ed',
      algorithm: 'ed25519-sha256',
      result: 'pass',
      isAligned: true,
    },
  ])
  const tags = signatureTags(signed.bytes)
  expect(tags).not.toHaveProperty('l')
  expect(tags.c).toBe('relaxed/relaxed')
  const names = tags.h?.toLowerCase().split(':') ?? []
  expect(names).toEqual(
    expect.arrayContaining(
      'message-id list-id list-unsubscribe list-unsubscribe-post feedback-id mime-version content-type'.split(
        ' ',
      ),
    ),
  )
  for (const name of ['from', 'subject', 'date', 'to', 'reply-to'])
    expect(names.filter((one) => one === name)).toHaveLength(2)
})

test.each<[string, (text: string) => string]>([
  ['its List-Unsubscribe', (text) => text.replace('example.org/u/', 'example.org/v/')],
  ['its List-Unsubscribe-Post', (text) => text.replace('=One-Click', '=Two-Click')],
  ['its Feedback-ID', (text) => text.replace('Feedback-ID: send-3', 'Feedback-ID: send-4')],
  ['its List-ID', (text) => text.replace('List-ID: Weekly', 'List-ID: Monthly')],
  ['its Message-ID', (text) => text.replace('Message-ID: <', 'Message-ID: <x')],
  ['its Content-Type', (text) => text.replace('multipart/alternative', 'multipart/mixed')],
  ['a word of its body', (text) => text.replace('storm', 'calm')],
  ['the end of its body, by more lines', (text) => `${text}more\r\n`],
  ['a second From in front', (text) => `From: Mallory <m@evil.example>\r\n${text}`],
  ['a second Subject in front', (text) => `Subject: You have won\r\n${text}`],
  ['a second To in front', (text) => `To: bob@example.net\r\n${text}`],
  ['a second Date in front', (text) => `Date: Mon, 5 Jan 2026 13:00:00 +0000\r\n${text}`],
  ['a second Reply-To in front', (text) => `Reply-To: m@evil.example\r\n${text}`],
  ['a second Content-Type in front', (text) => `Content-Type: text/plain\r\n${text}`],
  ['a Cc that it had not', (text) => `Cc: bob@example.net\r\n${text}`],
])('V24: a message that was tampered with fails: %s', async (_what, tamper) => {
  const text = textOf(await signWith([rsa, ed25519])(issue()))
  const tampered = tamper(text)

  expect(tampered).not.toBe(text)
  const results = await resultsOf(Buffer.from(tampered, 'latin1'))
  expect(results).toHaveLength(2)
  expect(results).not.toContain('pass')
})

test('what relays and mailing lists do on the way leaves the signature good', async () => {
  const text = textOf(await signWith([rsa])(issue()))

  const passedOn = text
    .replace('List-Unsubscribe: <', 'LIST-UNSUBSCRIBE:\r\n\t<')
    .replace('Feedback-ID: ', 'Feedback-ID:   ')
    .replace(/^/, 'Received: from a by b\r\nList-Unsubscribe: <https://groups.example/leave>\r\n')
    .concat('\r\n\r\n')

  expect(await resultsOf(Buffer.from(passedOn, 'latin1'))).toEqual(['pass'])
})

test('the message itself is left as it is: fields are put in front, no line longer than 78', async () => {
  const message = issue()
  const before = Buffer.from(message.bytes)

  const signed = await signWith([rsa, ed25519])(message)

  expect(signed.envelope).toBe(message.envelope)
  expect(Buffer.from(message.bytes)).toEqual(before)
  const inFront = textOf(signed).slice(0, -before.length)
  expect(Buffer.from(signed.bytes.subarray(inFront.length))).toEqual(before)
  expect(inFront.match(/^DKIM-Signature: v=1;/gm)).toHaveLength(2)
  for (const line of inFront.split('\r\n')) {
    expect(line.length).toBeLessThanOrEqual(78)
    expect(line).toMatch(/^(DKIM-Signature:| \S.*\S$|$)/)
  }
})

test('a resend of a Delivery is the same bytes: the time of the signature is the Date of the message', async () => {
  const first = await signWith([rsa, ed25519])(issue())
  const second = await signWith([rsa, ed25519])(issue())

  expect(Buffer.from(second.bytes)).toEqual(Buffer.from(first.bytes))
  expect(signatureTags(first.bytes).t).toBe(String(SENT_AT / 1_000))
})

test('many at once get each its own signature', async () => {
  const sign = signWith([rsa, ed25519])
  const messages = Array.from({ length: 50 }, (_, index) =>
    wire(`From: editor@example.org\nSubject: ${index}\n\nBody ${index}\n`),
  )

  const signed = await Promise.all(messages.map((message) => sign(message)))

  for (const [index, { bytes }] of signed.entries()) {
    expect(Buffer.from(bytes).toString()).toContain(`Body ${index}\r\n`)
    expect(await resultsOf(bytes)).toEqual(['pass', 'pass'])
  }
})

describe('which key signs', () => {
  const own = makeTestKey('news.example.org', 'own', null)

  test('the domain’s own, else that of its closest parent', async () => {
    const sign = signWith([rsa, own])
    const signer = async (from: string) => {
      const { d, s } = signatureTags((await sign(wire(`From: ${from}\n\nHello\n`))).bytes)
      return `${s} ${d}`
    }

    expect(await signer('editor@news.example.org')).toBe('own news.example.org')
    expect(await signer('"a@evil.example <b>" <editor@deep.news.example.org>')).toBe('own news.example.org')
    expect(await signer('The Brief <editor@EXAMPLE.org>')).toBe('news example.org')
    expect(await signer('editor@shop.example.org')).toBe('news example.org')
  })

  test('none for a domain without one: the same message, and said once', async () => {
    const said: string[] = []
    const sign = signWith([rsa], (domain) => said.push(domain))
    const message = wire('From: editor@notexample.org\n\nHello\n')

    expect(await sign(message)).toBe(message)
    await sign(message)
    await sign(wire('Subject: from nobody\n\nHello\n'))

    expect(said).toEqual(['notexample.org', ''])
  })

  test('that of the A-labels for a domain in another script', async () => {
    const key = makeTestKey('xn--bcher-kva.example', 'news', null)
    const sign = signWith([key])

    for (const domain of ['bücher.example', 'xn--bcher-kva.example']) {
      const signed = await sign(wire(`From: Jürgen <jürgen@${domain}>\nSubject: Grüße\n\nHello\n`))
      expect(signatureTags(signed.bytes).d).toBe('xn--bcher-kva.example')
      expect(await resultsOf(signed.bytes, [key])).toEqual(['pass'])
    }
  })
})

describe('a message of an odd form is signed so that it verifies:', () => {
  test.each([
    ['an empty body', 'From: editor@example.org\nSubject: x\n\n'],
    ['a body of empty lines', 'From: editor@example.org\n\n\n\n\n'],
    ['lines of blanks at its end', 'From: editor@example.org\n\nHello \t there \n \n\n'],
    ['no blank after a colon', 'From:editor@example.org\nSubject:x\nTo:alice@example.net\n\nHello\n'],
    ['folded fields', 'From: The Brief\n <editor@example.org>\nSubject: a\n\tb\n  c \n\nHello\n'],
    ['an empty field', 'From: editor@example.org\nSubject:\n\nHello\n'],
    ['fields that are not ASCII', 'From: Zoë <editor@example.org>\nSubject: 港\u2003 x\n\nHé\u00a0 llo\n'],
    [
      'names in capitals',
      'FROM: editor@example.org\nSUBJECT: x\nDATE: Mon, 5 Jan 2026 12:00:00 +0000\n\nHello\n',
    ],
    ['several fields of one name', 'From: editor@example.org\nList-Help: <a:1>\nList-Help: <a:2>\n\nHello\n'],
    ['a Date nobody can read', 'From: editor@example.org\nDate: yesterday\n\nHello\n'],
    ['a field that looks like a signature', 'From: editor@example.org\nSubject: v=1; b=abc; bh=x\n\nHello\n'],
  ])('%s', async (_what, text) => {
    const signed = await signWith([rsa, ed25519])(wire(text))

    expect(await resultsOf(signed.bytes)).toEqual(['pass', 'pass'])
  })
})
