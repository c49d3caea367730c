/**
 * Encoded words (RFC 2047): text that is not ASCII in a header. Each is at most 75 characters and holds whole
 * characters; what a reader sees as one character (a grapheme cluster) stays in one word where it fits.
 */

const MAX_WORD = 75
/** Of a line that holds an encoded word (RFC 2047 section 2). */
const MAX_LINE = 76
/** `=?utf-8?B?` and `?=`. */
const FRAME = 12
/** How far a cluster may reach over the end of a word and still be seen as one, in UTF-16 units. */
const LOOK_AHEAD = 64

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** One of the two encodings. Sizes add up; `lengthOf` is what that size takes in a word, without its frame. */
interface Form {
  readonly sizeOf: (codePoint: number) => number
  readonly lengthOf: (size: number) => number
  readonly write: (text: string) => string
}

const B: Form = {
  sizeOf: utf8Size,
  lengthOf: (size) => Math.ceil(size / 3) * 4,
  write: (text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`,
}

const Q: Form = {
  sizeOf: (codePoint) => (isQLiteral(codePoint) || codePoint === 0x20 ? 1 : utf8Size(codePoint) * 3),
  lengthOf: (size) => size,
  write: (text) => `=?utf-8?Q?${encodeQ(text)}?=`,
}

/**
 * `text` as encoded words with a blank between them, the first of them `column` characters (45 at most) into its
 * line: in Q where that is not much longer, as in most Latin scripts, for a person can read it; else in B. Every blank
 * is within a word. Time is linear in the text.
 */
export function encodeWords(text: string, column: number): string {
  const form = lengthIn(Q, text) * 3 <= lengthIn(B, text) * 4 ? Q : B
  const words: string[] = []
  let start = 0
  while (start < text.length) {
    const room = (start === 0 ? Math.min(MAX_WORD, MAX_LINE - column) : MAX_WORD) - FRAME
    const end = wordEnd(text, start, { form, room })
    words.push(form.write(text.slice(start, end)))
    start = end
  }
  return words.join(' ')
}

function lengthIn(form: Form, text: string): number {
  let size = 0
  for (const character of text) size += form.sizeOf(character.codePointAt(0) ?? 0)
  return form.lengthOf(size)
}

/** Where the word that begins at `start` ends: at least one character later. */
function wordEnd(text: string, start: number, { form, room }: { form: Form; room: number }): number {
  let size = 0
  let end = start
  while (end < text.length) {
    const codePoint = text.codePointAt(end) ?? 0
    size += form.sizeOf(codePoint)
    if (end > start && form.lengthOf(size) > room) break
    end += codePoint > 0xffff ? 2 : 1
  }
  if (end === text.length) return end
  const cut = graphemes.segment(text.slice(start, end + LOOK_AHEAD)).containing(end - start)?.index ?? 0
  // A cluster that fills a whole word is split between its characters.
  return cut === 0 ? end : start + cut
}

function utf8Size(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}

/** RFC 2047 section 4.2, with only what a display name may hold unencoded (section 5 (3)). */
function encodeQ(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text)) {
    if (byte === 0x20) encoded += '_'
    else if (isQLiteral(byte)) encoded += String.fromCharCode(byte)
    else encoded += `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

/** Letters, digits and `!*+-/`. */
function isQLiteral(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    [0x21, 0x2a, 0x2b, 0x2d].includes(code)
  )
}
