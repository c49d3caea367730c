/**
 * Random CompiledIssues and people in every script, for what must hold of any Message; and what such a Message means,
 * told without the encoder.
 */

import fc from 'fast-check'
import type { CompiledIssue, Holed, TokenHole } from '../../src/compile/compiled.js'
import { escapeHtml, escapeText } from '../../src/compile/escape.js'
import { fillHoled } from '../../src/compile/holed.js'
import type { HoledLine, PersonHole } from '../../src/issue/hole.js'
import { type Keys, makeKeys, signToken } from '../../src/link/token.js'
import { cleanLine } from '../../src/send/header.js'
import { personValue, prepareMessages, type Recipient, writeMessage } from '../../src/send/message.js'
import type { WireMessage } from '../../src/smtp/transport.js'

export interface MessageCase {
  readonly compiled: CompiledIssue
  readonly recipient: Recipient
  readonly list: { readonly name: string; readonly title: string }
}

export const KEYS: Keys = makeKeys(['a secret of more than thirty-two characters'])

/** How many random Messages a property looks at; PRESSRUN_RUNS says otherwise. */
export const RUNS = Number(process.env.PRESSRUN_RUNS ?? 200)

const SCRIPTS = [
  ...['Grüße', 'naïve', 'Kyōto', 'Ålesund', 'ẗẹṡt̃', 'e\u0301'],
  ...['Привет', 'Καλημέρα', 'שלום', 'مرحبا', 'नमस्ते', 'สวัสดี', 'გამარჯობა', 'አማርኛ'],
  ...['港口', 'こんにちは', '안녕하세요', '𠮷野家', '𝔉𝔯𝔞𝔨'],
  ...[
    '😀',
    '👩‍👩‍👧‍👦',
    '🇵🇹',
    '👍🏽',
    '☂️',
    '\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}',
    'a\u0300\u0301\u0302\u0303\u0304',
  ],
]
/** What has a meaning to some encoding, reader or server on the way. */
const PUNCTUATION = [
  ...[
    '.',
    '..',
    '=',
    '=20',
    '=?utf-8?Q?x?=',
    '?=',
    'From ',
    '>From ',
    '--',
    '--=_',
    '-- ',
    '\\',
    '"',
    "'",
    '`',
  ],
  ...[
    '<b>',
    '</p>',
    '&',
    '&amp;',
    '(',
    ')',
    '@',
    ',',
    ';',
    ':',
    '<a@b.test>',
    '{{x}}',
    '%0d%0a',
    '\u00a0',
    '\u200d',
  ],
]
const WORDS = ['harbour', 'crane', 'F', 'a', 'I', '2026', 'https://example.com/?q=1&r=2', 'x'.repeat(80)]
const BREAKS = ['\n', '\n\n', '\r\n', '\r', '\n.\n', '\n.', '\r.\r', ' \n', '\t\n', '\nFrom ', '\n ', '\n\t']
const BLANKS = [' ', ' ', ' ', '  ', '\t', ' \t ']
/** What a field of a subscriber may hold and no issue can. */
const BROKEN = [
  '\u0000',
  '\u0007',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u202e',
  '\u2066',
  '\u2028',
  '\ud83d',
  '\udc00',
  '\ufeff',
]
const LONG = [
  'x'.repeat(10_000),
  '港'.repeat(3_400),
  'é.'.repeat(5_000),
  '😀'.repeat(2_500),
  '\u0301'.repeat(5_000),
]

const ordinary = fc.constantFrom(...SCRIPTS, ...PUNCTUATION, ...WORDS, ...BLANKS, ...BLANKS)

function text(...kinds: fc.WeightedArbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof({ weight: 60, arbitrary: ordinary }, ...kinds), { maxLength: 40 })
    .map((all) => all.join(''))
}

const long = { weight: 1, arbitrary: fc.constantFrom(...LONG) }
/** Of an issue: several lines. */
const prose = text({ weight: 20, arbitrary: fc.constantFrom(...BREAKS) }, long)
/** Of an issue: one line. */
const line = text(long)
/** Of a subscriber: anything at all. */
const field = fc.oneof(
  text({ weight: 10, arbitrary: fc.constantFrom(...BROKEN, ...BREAKS) }, long),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', ' ', 'Alice', 'A\r\nBcc: e@x.test', 'Zoë Müller', '"Al" <al@x.test>'),
)

const personHole: fc.Arbitrary<PersonHole> = fc.record({
  kind: fc.constant('person'),
  name: fc.constantFrom('name', 'address', 'city', 'note', 'constructor'),
  fallback: fc.constantFrom('', 'reader', 'lieber Leser', '読者'),
})
const tokenHole: fc.Arbitrary<TokenHole> = fc.record({
  kind: fc.constant('token'),
  purpose: fc.constantFrom('read', 'leave'),
})
const simple = fc.array(fc.oneof(prose, personHole, tokenHole), { maxLength: 6 })
const holed: fc.Arbitrary<Holed> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: prose },
      { weight: 2, arbitrary: personHole },
      { weight: 2, arbitrary: tokenHole },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('choice'),
          name: fc.constantFrom('name', 'city', 'note'),
          present: simple,
          absent: simple,
        }),
      },
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.filter((piece) => piece !== ''))
const subject: fc.Arbitrary<HoledLine> = fc.array(fc.oneof(line, personHole), { minLength: 1, maxLength: 4 })

const address = fc.constantFrom(
  ...[
    'alice@example.org',
    "o'hara+x=y@sub.example.org",
    `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example`,
  ],
  ...['jürgen@example.org', '港@xn--rger-1oa.example', 'a@xn--fsqu00a.xn--0zwm56d'],
)

/** The seam for whoever tests Messages: any issue for anyone. */
export const anyMessage: fc.Arbitrary<MessageCase> = fc.record({
  compiled: fc
    .record({
      subject,
      html: holed,
      text: holed,
      senderName: line,
      replyName: fc.option(line),
      organization: fc.option(line),
    })
    .map(({ senderName, replyName, organization, ...parts }) => ({
      slug: '2026-01-05-harbour',
      title: 'Harbour',
      number: 12,
      date: '2026-01-05',
      lang: 'en',
      publication: {
        name: senderName,
        from: { name: senderName, address: 'editor@news.example.org' },
        replyTo: replyName === null ? null : { name: replyName, address: 'desk@xn--hfen-loa.example' },
        publicUrl: 'https://häfen.example/briefe',
        ...(organization === null
          ? {}
          : { headers: [{ name: 'Organization', value: organization.slice(0, 200) }] }),
      },
      web: '',
      links: [],
      images: [],
      versions: { pressrun: '0', mjml: '0' },
      ...parts,
    })),
  recipient: fc.record({
    deliveryId: fc.integer({ min: 1, max: 2 ** 40 - 1 }),
    address,
    name: field,
    attributes: fc.record({ city: field, note: field }, { requiredKeys: [] }),
  }),
  list: fc.record({ name: fc.constantFrom('weekly', 'Week_ly-2', 'a'.repeat(63)), title: line }),
})

export function write({ compiled, recipient, list }: MessageCase): WireMessage {
  const date = Date.UTC(2026, 0, 5, 12)
  const prepared = prepareMessages({ compiled, hash: 'c0ffee'.repeat(10), list, sendId: 3, date })
  return writeMessage(prepared, recipient, KEYS)
}

export interface Meaning {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What a reader should see, with \n as line end. */
export function meaningOf({ compiled, recipient }: MessageCase): Meaning {
  const value = (name: string) => personValue({ kind: 'person', name, fallback: '' }, recipient)
  const filling = {
    value,
    token: (purpose: 'read' | 'leave') => signToken(KEYS, purpose, recipient.deliveryId),
  }
  const part = (pieces: Holed, escaped: (text: string) => string) =>
    fillHoled(pieces.map(withSameLineEnds), { ...filling, escape: escaped })
  return {
    subject: cleanLine(
      compiled.subject
        .map((piece) => (typeof piece === 'string' ? piece : personValue(piece, recipient)))
        .join(''),
    ),
    text: part(compiled.text, escapeText),
    html: part(compiled.html, escapeHtml),
  }
}

/** A CR before a hole is a line end of its own, whatever comes after the hole. */
function withSameLineEnds(piece: Holed[number]): Holed[number] {
  if (typeof piece === 'string') return sameLineEnds(piece)
  if (piece.kind !== 'choice') return piece
  const branch = (pieces: typeof piece.present) =>
    pieces.map((inner) => (typeof inner === 'string' ? sameLineEnds(inner) : inner))
  return { ...piece, present: branch(piece.present), absent: branch(piece.absent) }
}

/** A CR or CRLF is a line end as LF is. */
function sameLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}

/**
 * As parsers agree on it. postal-mime counts the line end before a boundary to the part, which RFC 2046 section 5.1.1
 * counts to the boundary, mailparser does so for an empty part, and Python ends every part in one: line ends at the end
 * of a part are not compared.
 */
export function asRead({ subject, text, html }: Meaning): Meaning {
  const withoutLast = (part: string) => sameLineEnds(part).replace(/\n+$/, '')
  return { subject, text: withoutLast(text), html: withoutLast(html) }
}
