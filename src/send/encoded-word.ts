/**
 * Encoded words (RFC 2047): text that is not ASCII in a header. Each is at most 75 characters and holds whole
 * characters; what a reader sees as one character (a grapheme cluster) stays in one word where it fits.
 */

const MAX_WORD = 75
/** Of a line that holds an encoded word (RFC 2047 section 2). */
const MAX_LINE = 76
/** `=?utf-8?B?` and `?=`. */
const FRAME = 12

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** One of the two encodings; sizes are additive, `lengthOf` is what a word of that size takes without its frame. */
interface Form {
  readonly sizeOf: (text: string) => number
  readonly lengthOf: (size: number) => number
  readonly write: (text: string) => string
}

const B: Form = {
  sizeOf: (text) => Buffer.byteLength(text),
  lengthOf: (size) => Math.ceil(size / 3) * 4,
  write: (text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`,
}

const Q: Form = {
  sizeOf: (text) => encodeQ(text).length,
  lengthOf: (size) => size,
  write: (text) => `=?utf-8?Q?${encodeQ(text)}?=`,
}

/**
 * `text` as encoded words with a blank between them, the first of them `column` characters (60 at most) into its
 * line. Q where that is no longer, as for most Latin scripts, else B. No blank around the text is lost.
 */
export function encodeWords(text: string, column: number): string {
  const form = Q.sizeOf(text) <= B.lengthOf(B.sizeOf(text)) ? Q : B
  const words: string[] = []
  let chunk = ''
  let size = 0
  const fits = (piece: string) => {
    const room = (words.length === 0 ? Math.min(MAX_WORD, MAX_LINE - column) : MAX_WORD) - FRAME
    return form.lengthOf(size + form.sizeOf(piece)) <= room
  }
  const add = (piece: string) => {
    if (chunk !== '' && !fits(piece)) {
      words.push(form.write(chunk))
      chunk = ''
      size = 0
    }
    chunk += piece
    size += form.sizeOf(piece)
  }
  if (fits(text)) return form.write(text)
  for (const { segment } of graphemes.segment(text)) {
    // What does not fit into a word of its own is split into its characters.
    const isWhole = fits(segment) || (chunk !== '' && form.lengthOf(form.sizeOf(segment)) <= MAX_WORD - FRAME)
    for (const piece of isWhole ? [segment] : segment) add(piece)
  }
  return [...words, form.write(chunk)].join(' ')
}

/** RFC 2047 section 4.2, with only what a display name may hold unencoded (section 5 (3)). */
function encodeQ(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte)
    if (character === ' ') encoded += '_'
    else if (/[A-Za-z0-9!*+/-]/.test(character)) encoded += character
    else encoded += `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}
