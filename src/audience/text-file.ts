/** Text: what a file's bytes mean, and whether it is text at all, before a row of it is written anywhere. */

import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { InputError } from '../errors.js'

/** As TextDecoder names them. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

export interface TextReading {
  readonly encoding: Encoding
  /** `guessed`: the bytes are no UTF-8, and text in Windows-1252; someone should look at a name with an accent. */
  readonly how: 'read' | 'given' | 'guessed'
}

/** As people read them. */
const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
}

const LINE_FEED = 0x0a
/** How files begin that people take for CSV. */
const SIGNATURES: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'is a zip or Excel file; export it as CSV (UTF-8)'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'is an Excel file; export it as CSV (UTF-8)'],
  [[0x1f, 0x8b], 'is compressed with gzip; unpack it first'],
  [[0x42, 0x5a, 0x68], 'is compressed with bzip2; unpack it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'is compressed with zstd; unpack it first'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'is compressed with xz; unpack it first'],
]
const MARKS: readonly (readonly [readonly number[], Encoding])[] = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]
/** Bytes that Windows-1252 has no character for, and the one that no text holds. */
const NO_TEXT = [0x00, 0x81, 0x8d, 0x8f, 0x90, 0x9d] as const
/** Bytes of a header, enough to see every other one of them empty. */
const WIDE_START = 16

/**
 * Reads the whole file once, in constant memory. Throws InputError, with the line, when it is no text of the encoding
 * that is `given`, or of none that can be told.
 */
export async function readEncoding(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  given: Encoding | null = null,
): Promise<TextReading> {
  let encoding: Encoding | null = given
  let text: TextCheck | null = null
  for await (const chunk of chunks) {
    if (text === null) {
      refuseSignature(chunk, where)
      encoding ??= markOf(chunk)
      if (encoding === null) refuseUnmarked(chunk, where)
      text = new TextCheck(encoding ?? 'utf-8')
    }
    text.add(chunk)
    // Nothing else could come of it.
    if (text.badLine !== null && (encoding !== null || !text.isBytewise)) break
  }
  text?.end()
  if (text === null || text.badLine === null)
    return { encoding: encoding ?? 'utf-8', how: given === null ? 'read' : 'given' }
  if (encoding === null && text.isBytewise) return { encoding: 'windows-1252', how: 'guessed' }
  const isUtf8Text = (encoding ?? 'utf-8') === 'utf-8'
  throw new InputError([{ where, line: isUtf8Text ? text.badLine : null, message: notText(encoding) }])
}

function notText(encoding: Encoding | null): string {
  return encoding === null || encoding === 'utf-8'
    ? 'is not UTF-8; save the file as CSV (UTF-8)'
    : `is not ${ENCODING_NAMES[encoding]}; save the file as CSV (UTF-8)`
}

function refuseSignature(chunk: Uint8Array, where: string): void {
  const found = SIGNATURES.find(([bytes]) => startsWith(chunk, bytes))
  if (found) throw new InputError([{ where, line: null, message: found[1] }])
}

function markOf(chunk: Uint8Array): Encoding | null {
  return MARKS.find(([bytes]) => startsWith(chunk, bytes))?.[1] ?? null
}

function startsWith(chunk: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => chunk[index] === byte)
}

/** A header in UTF-16 has a zero in every second byte, and passes for UTF-8. */
function refuseUnmarked(chunk: Uint8Array, where: string): void {
  const start = chunk.subarray(0, WIDE_START)
  if (start.length < WIDE_START) return
  const zeros = (odd: number) => start.every((byte, index) => index % 2 !== odd || byte === 0)
  const encoding = zeros(1) ? 'utf-16le' : zeros(0) ? 'utf-16be' : null
  if (encoding !== null)
    throw new InputError([
      {
        where,
        line: null,
        message: `looks like UTF-16 without a byte order mark; --encoding ${encoding} reads it`,
      },
    ])
}

/** Chunks of one text, until the first that is none. */
class TextCheck {
  /** Of the first line that is no text in the encoding; in UTF-16 not exactly. */
  badLine: number | null = null
  /** No byte of it rules Windows-1252 out. */
  isBytewise = true
  readonly #encoding: Encoding
  readonly #decoder: TextDecoder
  #line = 1

  constructor(encoding: Encoding) {
    this.#encoding = encoding
    this.#decoder = new TextDecoder(encoding, { fatal: true })
  }

  add(chunk: Uint8Array): void {
    if (this.isBytewise) this.isBytewise = !NO_TEXT.some((byte) => chunk.includes(byte))
    if (this.badLine !== null) return
    if (!this.#decodes(chunk))
      this.badLine = this.#line + (this.#encoding === 'utf-8' ? countGoodBreaks(chunk) : 0)
    else this.#line += countBreaks(chunk)
  }

  /** Half a letter at the end is an error. */
  end(): void {
    if (this.badLine === null && !this.#decodes(null)) this.badLine = this.#line
  }

  #decodes(chunk: Uint8Array | null): boolean {
    // TextDecoder maps what Windows-1252 lacks to control characters.
    if (this.#encoding === 'windows-1252') return chunk === null || !chunk.includes(0)
    try {
      if (chunk === null) this.#decoder.decode()
      else this.#decoder.decode(chunk, { stream: true })
      return true
    } catch {
      // TextDecoder's only way to answer.
      return false
    }
  }
}

/** The line breaks before the first line that is not UTF-8. The chunk may begin and end within a letter. */
function countGoodBreaks(chunk: Uint8Array): number {
  const isContinuation = (byte: number | undefined) => byte !== undefined && byte >> 6 === 0b10
  let start = 0
  while (start < 3 && isContinuation(chunk[start])) start++
  let breaks = 0
  for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
    if (!isUtf8(chunk.subarray(start, end))) break
    breaks++
    start = end + 1
  }
  return breaks
}

function countBreaks(chunk: Uint8Array): number {
  let breaks = 0
  for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) breaks++
  return breaks
}
