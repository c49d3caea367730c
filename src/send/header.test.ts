import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { parseAddress } from '../address.js'
import { parseMailbox } from '../issue/mailbox.js'
import { cleanLine, encodeGiven, encodeMailbox, encodeText, headerField } from './header.js'

/** A header with one field, as two parsers read it. */
async function read(field: string) {
  const bytes = Buffer.from(`${field}From: a@b.example\r\n\r\n`)
  const [postal, mailparser] = [await PostalMime.parse(bytes), await simpleParser(bytes)]
  return { postal, mailparser }
}

/** Arabic and Hebrew, emoji of one and of several characters, Chinese: 300 characters. */
const MIXED = 'مرحبا بالعالم 👩‍👩‍👧‍👦 שלום עולם 港口の起重機 🇵🇹👍🏽 '.repeat(12)

describe('V22: a subject of 300 characters of emoji, CJK and right-to-left text', () => {
  const subject = Array.from(MIXED).slice(0, 300).join('').trim()
  const field = headerField('Subject', encodeText('Subject', subject))

  test('decodes equal in two parsers', async () => {
    const { postal, mailparser } = await read(field)

    expect(postal.subject).toBe(subject)
    expect(mailparser.subject).toBe(subject)
  })

  test('has encoded words of 75 characters at most, on lines of 76', () => {
    const words = field.match(/=\?\S+\?=/g) ?? []

    expect(words.length).toBeGreaterThan(10)
    for (const word of words) expect(word.length).toBeLessThanOrEqual(75)
    for (const line of field.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
  })

  test('splits no character, nor what a reader sees as one', () => {
    const pieces = (field.match(/(?<=\?B\?)[^?]+/g) ?? []).map((word) =>
      Buffer.from(word, 'base64').toString(),
    )

    expect(pieces.join('')).toBe(subject)
    for (const piece of pieces) {
      expect(piece).not.toContain('\ufffd')
      expect(piece).not.toMatch(/^[\u200d\u{1f3fb}-\u{1f3ff}]/u)
    }
  })
})

test.each([
  ['Plain ASCII stays as it is', 'Plain ASCII stays as it is'],
  ['Grüße aus dem Hafen', '=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_dem_Hafen?='],
  ['港口', '=?utf-8?B?5riv5Y+j?='],
  ['=?utf-8?Q?x?=', '=?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?='],
  ['', ''],
])('the text %j is written %j', (text, written) => {
  expect(encodeText('Subject', text)).toBe(written)
})

test.each([
  ['Alice', 'Alice <a@b.example>'],
  ['Alice B. Smith', '"Alice B. Smith" <a@b.example>'],
  ['"Al" \\ Smith', '"\\"Al\\" \\\\ Smith" <a@b.example>'],
  ['Zoë', '=?utf-8?Q?Zo=C3=AB?= <a@b.example>'],
  ['eve@x.test, Bob', '"eve@x.test, Bob" <a@b.example>'],
  ['', 'a@b.example'],
  [' \u202e ', 'a@b.example'],
])('the name %j is written %j', (name, written) => {
  expect(encodeMailbox('To', { name, address: 'a@b.example' })).toBe(written)
})

test.each([
  ['x'.repeat(10_000), 'x'.repeat(200)],
  ['港'.repeat(300), '港'.repeat(200)],
  ['"'.repeat(300), '"'.repeat(200)],
  ['👍'.repeat(300), '👍'.repeat(200)],
])('a long name is cut at 200 characters, none of them split', async (name, shown) => {
  const { postal, mailparser } = await read(
    headerField('To', encodeMailbox('To', { name, address: 'a@b.example' })),
  )

  expect(postal.to).toEqual([{ name: shown, address: 'a@b.example' }])
  expect([mailparser.to].flat()[0]?.value).toEqual([{ name: shown, address: 'a@b.example' }])
})

test('a domain goes into a header in A-labels, a local part as it is', () => {
  expect(encodeMailbox('To', { name: '', address: 'jürgen@häfen.example' })).toBe(
    'jürgen@xn--hfen-loa.example',
  )
})

test.each([
  'a@b.test\r\nRCPT TO:<x@y.test>',
  'a@b.test,c@d.test',
  '<a@b.test>',
  '"x" <a@b.test>',
  'a@b@c.test',
  'a\u0000@b.test',
  '',
])('V34: the address %j is refused, not repaired', (address) => {
  expect(() => encodeMailbox('To', { name: 'A', address })).toThrow(/address|domain/)
})

test.each([
  ['A\r\nBcc: e@x.test', 'A Bcc: e@x.test'],
  ['A\n\n\tB', 'A B'],
  ['A\u0000\u001b[31mB', 'A [31mB'],
  ['a\u202eb\u2066c', 'abc'],
  ['\ud83dx\udc00', 'x'],
  ['\u2028A\u0085B\u2029', 'A B'],
  ['\ue000p\ue001', 'p'],
])('%j is cleaned to %j', (given, clean) => {
  expect(cleanLine(given)).toBe(clean)
})

test('V35: no text that comes from people adds a field', () => {
  const name = 'A\r\nBcc: e@x.test\r\n\r\nbody'
  const fields = [
    headerField('Subject', encodeText('Subject', name)),
    headerField('To', encodeMailbox('To', { name, address: 'a@b.example' })),
    headerField('Organization', encodeGiven('Organization', name)),
  ]

  for (const field of fields) expect(field.replace(/\r\n[ \t]/g, '').match(/\r|\n/g)).toHaveLength(2)
})

test('a value that the publication gives is not encoded for its length: a URL stays one', () => {
  const url = `<https://example.com/${'x'.repeat(200)}>`

  expect(encodeGiven('List-Help', url)).toBe(url)
  expect(encodeGiven('Organization', 'Häfen')).toBe('=?utf-8?Q?H=C3=A4fen?=')
})

test('a line that no server has to take is an error, not sent', () => {
  expect(() => headerField('X-Long', 'x'.repeat(1_000))).toThrow('more than 998 octets')
  expect(
    headerField('X-Long', 'x '.repeat(1_000).trim())
      .split('\r\n')
      .every((line) => line.length <= 76),
  ).toBe(true)
})

describe('V36: what is very long or deeply nested is answered at once', () => {
  const LONG: readonly string[] = [
    `${'a'.repeat(65_536)}@b.example`,
    `a@${'b.'.repeat(32_768)}example`,
    ' '.repeat(65_536),
    `${'('.repeat(5_000)}a@b.example${')'.repeat(5_000)}`,
    `${'g: '.repeat(5_000)}a@b.example${';'.repeat(5_000)}`,
    '"'.repeat(50_000),
    `${'"\\'.repeat(25_000)}<a@b.example>`,
    `${'<'.repeat(25_000)}a@b.example${'>'.repeat(25_000)}`,
    '\u0301'.repeat(50_000),
    '👩‍'.repeat(20_000),
    `${'\r\n'.repeat(25_000)}x`,
    '=?'.repeat(25_000),
  ]

  test.each([
    ['an address', (text: string) => parseAddress(text)],
    ['a mailbox of newsletter.yaml', (text: string) => parseMailbox(text)],
    [
      'a name',
      (text: string) => headerField('To', encodeMailbox('To', { name: text, address: 'a@b.example' })),
    ],
    ['a subject', (text: string) => headerField('Subject', encodeText('Subject', text))],
  ])('%s', (_what, answer) => {
    for (const text of LONG)
      expect(
        quickestOfFive(() => answer(text)),
        text.slice(0, 20),
      ).toBeLessThan(50)
  })
})

/** In ms of processor time: what else the machine is busy with does not count. */
function quickestOfFive(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1_000
  })
  return Math.min(...times)
}
