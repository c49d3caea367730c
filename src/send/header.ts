/**
 * Header fields: RFC 5322 lines of at most 76 octets where they can be folded. Every text is cleaned here, at the
 * assignment: no CR, LF or control character gets into a header.
 */

import { domainToASCII } from 'node:url'
import { encodeWords } from './encoded-word.js'

/** RFC 5322 wants 78, RFC 2047 76 where an encoded word stands. */
const MAX_LINE = 76
/** RFC 5322 section 2.1.1, in octets. */
const MAX_LINE_BYTES = 998
/** A longer word is encoded, so that it can be folded. */
const MAX_PLAIN_WORD = 60
/** Of a display name, in characters. */
const MAX_NAME = 200

const PRINTABLE = /^[\x20-\x7e]*$/
/** Words of atoms (RFC 5322 section 3.2.3). */
const ATOMS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/

/**
 * One line with single blanks, without control characters, text direction overrides, halves of characters, the
 * compiler's marks, and the byte order mark, which readers drop at the start of an encoded word.
 */
export function cleanLine(text: string): string {
  if (/^[!-~]+(?: [!-~]+)*$/.test(text)) return text
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069\ue000-\ue00f\ufeff\ufffe\uffff]|\p{Cs}/gu, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/**
 * `Name: value` + CRLF, folded at blanks; a word longer than a line stays whole. `value` is clean: from `encodeText`,
 * `encodeMailbox` or our own constants. Throws when a line would break the limit of 998 octets.
 */
export function headerField(name: string, value: string): string {
  let line = `${name}:`
  let octets = line.length
  let field = ''
  for (const word of value.split(' ')) {
    const wordOctets = Buffer.byteLength(word)
    if (octets + 1 + wordOctets > MAX_LINE && line !== `${name}:`) {
      field += endLine(line, octets)
      line = ''
      octets = 0
    }
    line += ` ${word}`
    octets += 1 + wordOctets
  }
  return `${field}${endLine(line, octets)}`
}

function endLine(line: string, octets: number): string {
  if (octets > MAX_LINE_BYTES)
    throw new Error(`a header line has more than ${MAX_LINE_BYTES} octets: ${line.slice(0, 80)}…`)
  return `${line}\r\n`
}

/** Unstructured text, such as a Subject, as ASCII for the field `name`: itself, or encoded words. */
export function encodeText(name: string, text: string): string {
  const clean = cleanLine(text)
  return isPlain(clean) ? clean : encodeWords(clean, name.length + 2)
}

/** A value that the publication gives: whoever reads such a field may not know encoded words, so ASCII stays as it is. */
export function encodeGiven(name: string, value: string): string {
  const clean = cleanLine(value)
  return PRINTABLE.test(clean) && !clean.includes('=?') ? clean : encodeWords(clean, name.length + 2)
}

/**
 * `Name <address>` for the field `name`: the display name as atoms, a quoted string or encoded words (RFC 5322 section
 * 3.4), cut at 200 characters; the domain in A-labels. A local part that is not ASCII stays as it is: the whole Message needs
 * SMTPUTF8 then (RFC 6532). Throws when the address is not one plain address.
 */
export function encodeMailbox(
  name: string,
  mailbox: { readonly name: string; readonly address: string },
): string {
  const address = plainAddress(mailbox.address)
  const phrase = encodePhrase(cleanLine(mailbox.name), name.length + 2)
  return phrase === '' ? address : `${phrase} <${address}>`
}

/** A display name as it may stand before an angle bracket. */
export function encodePhrase(clean: string, column: number): string {
  const name = clean.length <= MAX_NAME ? clean : Array.from(clean).slice(0, MAX_NAME).join('').trim()
  if (isPlain(name) && (name === '' || ATOMS.test(name))) return name
  const quoted = `"${name.replace(/["\\]/g, '\\$&')}"`
  return isPlain(quoted) && quoted.length <= MAX_PLAIN_WORD ? quoted : encodeWords(name, column)
}

/** Clean text that can stand in a header as it is; `=?` would be read as an encoded word. */
function isPlain(clean: string): boolean {
  return (
    PRINTABLE.test(clean) &&
    !clean.includes('=?') &&
    (clean.length <= MAX_PLAIN_WORD || clean.split(' ').every((word) => word.length <= MAX_PLAIN_WORD))
  )
}

/**
 * An address as it may stand between angle brackets and in a header. It was validated when it came in; what could be read as two
 * is a bug, never repaired.
 */
export function plainAddress(address: string): string {
  const [, local, domain] = /^([^\s\p{C}<>()[\]\\,;:"@]+)@([^\s\p{C}<>()[\]\\,;:"@]+)$/u.exec(address) ?? []
  if (local === undefined || domain === undefined)
    throw new Error(`not one plain address: ${JSON.stringify(address)}`)
  if (/^[a-z0-9.-]+$/.test(domain)) return address
  const ascii = domainToASCII(domain)
  if (ascii === '') throw new Error(`no domain name after the @: ${JSON.stringify(address)}`)
  return `${local}@${ascii}`
}

/** RFC 5322 section 3.3, in UTC: `Tue, 24 Nov 2026 12:00:00 +0000`. */
export function formatDate(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000')
}
