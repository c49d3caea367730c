/**
 * Header fields: RFC 5322 lines of at most 78 characters where they can be folded, encoded words by RFC 2047. Every
 * text is cleaned here, at the assignment: no CR, LF or control character gets into a header.
 */

/** RFC 2047 section 2: an encoded word is at most 75 characters, `=?utf-8?B?` and `?=` included. */
const MAX_ENCODED_BYTES = Math.floor((75 - '=?utf-8?B??='.length) / 4) * 3
const MAX_LINE = 78

/** One line without control characters, text direction overrides and the like, with single blanks. */
export function cleanLine(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** `Name: value` + CRLF, folded at blanks; a word longer than a line stays whole. `value` is clean ASCII (or UTF-8 where the whole message is). */
export function headerField(name: string, value: string): string {
  let line = `${name}:`
  let field = ''
  for (const word of value.split(' ')) {
    if (line.length + 1 + word.length > MAX_LINE && line !== `${name}:`) {
      field += `${line}\r\n`
      line = ''
    }
    line += ` ${word}`
  }
  return `${field}${line}\r\n`
}

/** Unstructured text (a Subject) as ASCII: itself, or encoded words joined by blanks. */
export function encodeText(text: string): string {
  const clean = cleanLine(text)
  // `=?` would be read as an encoded word; a long word could not be folded.
  const plain =
    /^[\x20-\x7e]*$/.test(clean) &&
    !clean.includes('=?') &&
    clean.split(' ').every((word) => word.length < 70)
  return plain ? clean : encodedWords(clean)
}

/** `Name <address>`: the name as atoms, a quoted string or encoded words (RFC 5322 section 3.4). */
export function encodeMailbox({
  name,
  address,
}: {
  readonly name: string
  readonly address: string
}): string {
  const clean = cleanLine(name).slice(0, 200)
  if (clean === '') return address
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/.test(clean) && !clean.includes('=?'))
    return `${clean} <${address}>`
  if (/^[\x20-\x7e]+$/.test(clean) && !clean.includes('=?') && clean.length < 60)
    return `"${clean.replace(/(["\\])/g, '\\$1')}" <${address}>`
  return `${encodedWords(clean)} <${address}>`
}

function encodedWords(text: string): string {
  const words: string[] = []
  let chunk: string[] = []
  let bytes = 0
  const flush = () => {
    words.push(`=?utf-8?B?${Buffer.from(chunk.join(''), 'utf8').toString('base64')}?=`)
    chunk = []
    bytes = 0
  }
  for (const character of text) {
    const size = Buffer.byteLength(character)
    if (bytes + size > MAX_ENCODED_BYTES) flush()
    chunk.push(character)
    bytes += size
  }
  if (chunk.length > 0) flush()
  return words.join(' ')
}

/** RFC 5322 section 3.3, in UTC: `Tue, 24 Nov 2026 12:00:00 +0000`. */
export function formatDate(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000')
}
