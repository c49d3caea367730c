import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import type { CompiledIssue, Holed } from '../compile/compiled.js'
import { makeKeys, signToken } from '../link/token.js'
import { prepareMessages, type Recipient, writeMessage } from './message.js'

const keys = makeKeys(['a secret of more than thirty-two characters'])
const alice: Recipient = {
  deliveryId: 41,
  address: 'alice@example.org',
  name: 'Alice',
  attributes: { city: 'Kyōto' },
}

function compiled(changes: Partial<CompiledIssue> = {}): CompiledIssue {
  return {
    slug: '2026-01-05-harbour',
    title: 'Harbour',
    number: 12,
    date: '2026-01-05',
    lang: 'en',
    publication: {
      name: 'The Harbour Brief',
      from: { name: 'The Harbour Brief', address: 'editor@news.example.org' },
      replyTo: null,
      publicUrl: 'https://news.example.org',
    },
    subject: ['Harbour news'],
    html: ['<p>Hello</p>'],
    text: ['Hello'],
    web: '',
    links: [],
    images: [],
    versions: { pressrun: '0', mjml: '0' },
    ...changes,
  }
}

function write(changes: Partial<CompiledIssue>, recipient = alice) {
  const prepared = prepareMessages({
    compiled: compiled(changes),
    hash: 'c0ffee'.repeat(10),
    list: { name: 'Weekly Readers', title: 'Weekly readers' },
    sendId: 3,
    date: Date.UTC(2026, 0, 5, 12),
  })
  return writeMessage(prepared, recipient, keys)
}

/** Line ends as mail carries them; a body may gain one at its end. */
function body(text: string | undefined): string | undefined {
  return text?.replaceAll('\r\n', '\n').replace(/\n$/, '')
}

test('a Message carries the headers that receivers ask of bulk mail, once each', async () => {
  const { bytes, envelope } = write({
    subject: ['News for ', { kind: 'person', name: 'name', fallback: 'you' }],
  })

  const mail = await PostalMime.parse(bytes)
  const header = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]))

  expect(envelope).toEqual({ from: 'editor@news.example.org', to: 'alice@example.org' })
  expect(mail.subject).toBe('News for Alice')
  expect(mail.date).toBe('2026-01-05T12:00:00.000Z')
  expect(header['list-id']).toBe('Weekly readers <weekly-readers.news.example.org>')
  expect(header['list-unsubscribe']).toBe(`<https://news.example.org/u/${signToken(keys, 'leave', 41)}>`)
  expect(header['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  expect(header['feedback-id']).toBe('send-3:weekly-readers:issue:newsexampleorg')
  expect(new Set(mail.headers.map(({ key }) => key)).size).toBe(mail.headers.length)
})

test('the same inputs give the same bytes, and the Message-ID is the same for every Attempt', () => {
  expect(Buffer.from(write({}).bytes).equals(Buffer.from(write({}).bytes))).toBe(true)
})

test('holes take the person’s values, escaped in html and as they are in text', async () => {
  const hole = { kind: 'person', name: 'name', fallback: 'reader' } as const
  const holed: Holed = ['Dear ', hole, ', ', { kind: 'token', purpose: 'read' }, '.']

  const named = await PostalMime.parse(
    write({ html: holed, text: holed }, { ...alice, name: '<b>&"Al"' }).bytes,
  )
  const nameless = await PostalMime.parse(write({ html: holed, text: holed }, { ...alice, name: ' ' }).bytes)

  const token = signToken(keys, 'read', 41)
  expect(body(named.html)).toBe(`Dear &lt;b&gt;&amp;&quot;Al&quot;, ${token}.`)
  expect(body(named.text)).toBe(`Dear <b>&"Al", ${token}.`)
  expect(body(nameless.text)).toBe(`Dear reader, ${token}.`)
})

test('a hole named like a part of every object takes its fallback', async () => {
  const holed: Holed = ['Dear ', { kind: 'person', name: 'constructor', fallback: 'you' }, '.']

  const mail = await PostalMime.parse(write({ html: holed, text: holed }).bytes)

  expect(body(mail.text)).toBe('Dear you.')
})

test('a conditional passage shows what the person’s value asks for', async () => {
  const choice: Holed = [
    'A\n',
    {
      kind: 'choice',
      name: 'city',
      present: ['In ', { kind: 'person', name: 'city', fallback: '' }, '\n'],
      absent: ['Nowhere\n'],
    },
    'B',
  ]

  const here = await PostalMime.parse(write({ text: choice }).bytes)
  const nowhere = await PostalMime.parse(write({ text: choice }, { ...alice, attributes: {} }).bytes)

  expect(body(here.text)).toBe('A\nIn Kyōto\nB')
  expect(body(nowhere.text)).toBe('A\nNowhere\nB')
})

test('a name with line breaks adds no header', async () => {
  const mail = await PostalMime.parse(
    write(
      { subject: [{ kind: 'person', name: 'name', fallback: '' }] },
      { ...alice, name: 'A\r\nBcc: e@x.test' },
    ).bytes,
  )

  expect(mail.bcc).toBeUndefined()
  expect(mail.headers).toHaveLength((await PostalMime.parse(write({}).bytes)).headers.length)
  expect(mail.subject).toBe('A Bcc: e@x.test')
})

test('whatever the text and the values, lines stay short, no line begins with a dot, and both decode to what was meant', async () => {
  const text = fc.string({
    unit: fc.constantFrom('.', '=', ' ', '\t', '\n', 'F', 'é', '海', '😀', 'a', '-', 'From '),
    maxLength: 300,
  })
  await fc.assert(
    fc.asyncProperty(text, text, text, text, async (first, second, name, subject) => {
      const html: Holed = [
        first,
        { kind: 'person', name: 'name', fallback: '' },
        second,
        { kind: 'token', purpose: 'leave' },
      ]
      const { bytes } = write({ html, text: html, subject: [`s ${subject}`] }, { ...alice, name })
      const raw = Buffer.from(bytes).toString('latin1')
      const mail = await PostalMime.parse(bytes)

      expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      for (const line of raw.split('\r\n')) {
        // A URL or a boundary in a header stays whole.
        expect(line.length).toBeLessThanOrEqual(/^(List-Unsubscribe|Content-Type): /.test(line) ? 998 : 78)
        expect(line.startsWith('.')).toBe(false)
      }
      const shown = name
        .replace(/[\n\t]+/g, ' ')
        .replace(/ {2,}/g, ' ')
        .trim()
      expect(body(mail.text)).toBe(`${first}${shown}${second}${signToken(keys, 'leave', 41)}`)
      expect(mail.subject).toBe(`s ${subject.replace(/[\n\t]+/g, ' ')}`.replace(/ {2,}/g, ' ').trim())
    }),
    { numRuns: 300 },
  )
})
