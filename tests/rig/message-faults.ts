/** What is wrong with a Message's raw bytes, told line by line without a parser (RFC 5321, 5322, 2045, 2047, 6532). */

import { isAscii } from 'node:buffer'
import type { WireMessage } from '../../src/smtp/transport.js'

const ALWAYS = ['message-id', 'date', 'from', 'to', 'subject', 'mime-version', 'content-type']
const OF_LISTS = ['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id']
/** A URL or an address is not folded. */
const UNFOLDED =
  /^(?:List-Unsubscribe: <|Message-ID: <|Content-Type: multipart|[A-Z][A-Za-z-]+: \S+$| <?\S+>?$)/

/** Sentences; none when all is well. */
export function messageFaults(message: WireMessage): readonly string[] {
  return faultsOf(message, [...ALWAYS, ...OF_LISTS])
}

/** The same for what goes to one person, whom no List sends it to. */
export function noticeFaults(message: WireMessage): readonly string[] {
  return faultsOf(message, ALWAYS)
}

function faultsOf({ bytes, envelope }: WireMessage, once: readonly string[]): readonly string[] {
  const raw = Buffer.from(bytes).toString('latin1')
  const end = raw.indexOf('\r\n\r\n')
  const [header, body] = [raw.slice(0, end), raw.slice(end + 4)]
  return [
    ...(/^(?:[^\r\n]*\r\n)+$/.test(raw) ? [] : ['a line end is not CRLF, or the last line has none']),
    ...(raw.includes('\0') ? ['there is a NUL'] : []),
    ...raw.split('\r\n').flatMap(lineFaults),
    ...headerFaults(header, once),
    ...eightBitFaults(header, body, !isAscii(Buffer.from(envelope.to))),
    ...body.split('\r\n').flatMap(bodyLineFaults),
  ]
}

function lineFaults(line: string): string[] {
  return [
    ...(line.length > 998 ? [`a line of ${line.length} octets`] : []),
    ...(line.startsWith('.') ? ['a line begins with a dot'] : []),
    ...(line.startsWith('From ') ? ['a line begins with "From "'] : []),
  ]
}

function headerFaults(header: string, once: readonly string[]): string[] {
  const fields = header.split(/\r\n(?![ \t])/)
  const names = fields.map((field) => /^([\x21-\x39\x3b-\x7e]+): ?/.exec(field)?.[1]?.toLowerCase() ?? '')
  const words = header.match(/=\?[^?\s]*\?[BQ]\?[^?\s]*\?=/g) ?? []
  return [
    ...names.flatMap((name, index) => (name === '' ? [`no field: ${fields[index]}`] : [])),
    ...once
      .filter((name) => names.filter((other) => other === name).length !== 1)
      .map((name) => `${name} does not stand there once`),
    ...(new Set(names).size === names.length ? [] : ['a field stands there twice']),
    ...words.flatMap((word) => (word.length > 75 ? [`an encoded word of ${word.length}`] : [])),
    ...words.flatMap((word) => (isWhole(word) ? [] : [`half a character in ${word}`])),
    ...header
      .split('\r\n')
      .flatMap((line) => [
        ...(line.length > 76 && line.includes('=?') ? [`a line of ${line.length} with an encoded word`] : []),
        ...(line.length > 78 && !UNFOLDED.test(line) ? [`a header line of ${line.length}: ${line}`] : []),
        ...(/^[ \t]*$/.test(line) ? ['a header line of blanks alone'] : []),
      ]),
  ]
}

/** Each word decodes to whole characters by itself. */
function isWhole(word: string): boolean {
  const [, , form = '', text = ''] = word.split('?')
  const bytes =
    form === 'B'
      ? Buffer.from(text, 'base64')
      : Buffer.from(
          text.replace(/=(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        )
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes)
}

/** RFC 6532: where SMTPUTF8 is needed anyway, the header may be UTF-8; ours is in To alone. */
function eightBitFaults(header: string, body: string, isUtf8: boolean): string[] {
  const fields = header.split(/\r\n(?![ \t])/).filter((field) => !(isUtf8 && field.startsWith('To: ')))
  const odd = /[^\t\r\n\x20-\x7e]/
  return [...fields, body].some((text) => odd.test(text)) ? ['a character that is not printable ASCII'] : []
}

/** Then DKIM's relaxed form of the body is the body itself (RFC 6376 section 3.4.4). */
function bodyLineFaults(line: string): string[] {
  return [
    ...(/[ \t]$/.test(line) ? [`a blank at the end of ${JSON.stringify(line)}`] : []),
    ...(/\t| {2}/.test(line) ? [`a tab or two blanks in ${JSON.stringify(line)}`] : []),
    ...(line.length > 76 && !line.startsWith('Content-') ? [`a body line of ${line.length}`] : []),
  ]
}
