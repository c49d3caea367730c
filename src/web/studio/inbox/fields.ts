/** The header of a mail as it came: its fields in order, folded as they are, with what they say beside it. */

import { decodeWords } from 'postal-mime'
import type { HeaderField } from './api.js'

export interface Header {
  readonly fields: readonly HeaderField[]
  /** Where the body begins; the length of the bytes when they end within the header. */
  readonly bodyAt: number
  /** Neither ASCII nor UTF-8: read as Windows-1252, which most of those are. */
  readonly hasOddBytes: boolean
  /** Lines that are no field and belong to none. */
  readonly strayLines: number
}

/** Never throws; linear in the header's length. `wanted`: only fields of these names, in small letters. */
export function readHeader(bytes: Uint8Array, wanted: ReadonlySet<string> | null = null): Header {
  const { end, bodyAt } = findEnd(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const { text, isOdd } = decode(bytes.subarray(0, end))
  const fields: { name: string; raw: string }[] = []
  let strayLines = 0
  for (const line of text.split(/\r?\n/)) {
    const last = fields.at(-1)
    const name = /^([!-9;-~]{1,200})[ \t]*:/.exec(line)?.[1]
    if (/^[ \t]/.test(line) && last !== undefined) last.raw += `\n${line}`
    else if (name !== undefined) fields.push({ name, raw: line })
    else if (line !== '') strayLines += 1
  }
  return {
    fields: fields
      .filter(({ name }) => wanted === null || wanted.has(name.toLowerCase()))
      .map(({ name, raw }) => ({ name, raw, value: textOf(raw) })),
    bodyAt,
    hasOddBytes: isOdd,
    strayLines,
  }
}

/** Of the first field of that name; '' when there is none. */
export function fieldOf({ fields }: Pick<Header, 'fields'>, name: string): string {
  return fieldsOf({ fields }, name)[0] ?? ''
}

export function fieldsOf({ fields }: Pick<Header, 'fields'>, name: string): readonly string[] {
  const wanted = name.toLowerCase()
  return fields.filter((field) => field.name.toLowerCase() === wanted).map(({ value }) => value)
}

function findEnd(bytes: Buffer): { readonly end: number; readonly bodyAt: number } {
  // A mail without any field begins with the empty line.
  if (bytes[0] === 0x0a || (bytes[0] === 0x0d && bytes[1] === 0x0a))
    return { end: 0, bodyAt: bytes[0] === 0x0a ? 1 : 2 }
  const ends = ['\r\n\r\n', '\n\n']
    .map((mark) => ({ end: bytes.indexOf(mark, 0, 'latin1'), length: mark.length }))
    .filter(({ end }) => end !== -1)
    .sort((one, other) => one.end - other.end)
  const [first] = ends
  return first === undefined
    ? { end: bytes.length, bodyAt: bytes.length }
    : { end: first.end, bodyAt: first.end + first.length }
}

function decode(bytes: Uint8Array): { readonly text: string; readonly isOdd: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), isOdd: false }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), isOdd: true }
  }
}

/** Unfolded, and encoded words as the text they stand for. */
function textOf(raw: string): string {
  const unfolded = raw
    .slice(raw.indexOf(':') + 1)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim()
  return decodeWords(unfolded)
}
