/**
 * S05: characters that nobody sees and that do harm: controls (at some C1 controls Gmail cuts a mail off), the traces
 * of a damaged file, and overrides of the direction of writing, which make text read other than it is.
 */

import type { Check, CheckInput, Found } from './check.js'

/** C0 but tab, line feed and carriage return; DEL and C1; U+FFFD; half characters; embeddings and overrides. */
const ODD = /[^\P{Cc}\t\n\r]|[\ufffd\p{Cs}\u202a-\u202e]/u
/** What HTML can spell besides: a browser takes &#128; to &#159; for Windows' characters, but Gmail does not. */
const REFERENCE = /&#(?:x0*([0-9a-f]{1,6})|0*(\d{1,7}));?/gi

/** Characters before it that the message shows, and those looked through for them, tags included. */
const SHOWN = 30
const LOOK_BACK = 500

export const ODD_CHARACTERS: Check = {
  id: 'S05',
  title: 'no control character, damaged character or override of direction is in what is sent',
  isWaivable: true,
  severities: ['error'],
  run: (input) => {
    const { subject, preheader, html, text } = input.worst
    return [
      ...findOdd('the subject', subject, input),
      ...findOdd('the preheader', preheader, input),
      ...findOdd('the HTML', withReferences(html), input),
      ...findOdd('the text part', text, input),
      ...findOdd('the web page', withReferences(input.compiled.web), input),
    ]
  },
}

/** Character references as the characters they mean; a half of one cannot be spelled. */
function withReferences(html: string): string {
  return html.replace(REFERENCE, (whole, hexadecimal: string | undefined, decimal: string | undefined) => {
    const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** The first of a part: one damaged file has thousands. */
function findOdd(part: string, text: string, { source }: CheckInput): readonly Found[] {
  const match = ODD.exec(text)
  if (match === null) return []
  const [character] = match
  const name = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  const line = source.split('\n').findIndex((written) => written.includes(character))
  const before = text
    .slice(0, match.index)
    .replace(/<[^>]*>/g, ' ')
    .slice(-LOOK_BACK)
    .replace(/^[^<]*>|<[^>]*>|\s+/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(-SHOWN)
  return [
    {
      severity: 'error',
      message: `${part} holds ${name}, ${meaningOf(character)}${before === '' ? '' : `, behind "${before}"`}`,
      hint: 'take it out',
      line: line === -1 ? null : line + 1,
    },
  ]
}

function meaningOf(character: string): string {
  if (character === '\ufffd') return 'which stands for a lost character'
  if (/\p{Cs}/u.test(character)) return 'half a character'
  return /\p{Cc}/u.test(character) ? 'a control character' : 'which turns the direction of writing round'
}
