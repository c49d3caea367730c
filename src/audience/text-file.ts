/** Whether a file is the text it should be, before a row of it is written anywhere. */

import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { InputError } from '../errors.js'

const LINE_FEED = 0x0a

/** How files begin that people take for CSV. */
const SIGNATURES: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'is a zip or Excel file; export it as CSV (UTF-8)'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'is an Excel file; export it as CSV (UTF-8)'],
  [[0x1f, 0x8b], 'is compressed with gzip; unpack it first'],
  [[0xff, 0xfe], 'is UTF-16; save it as CSV (UTF-8)'],
  [[0xfe, 0xff], 'is UTF-16; save it as CSV (UTF-8)'],
]

/** Reads the whole text once, in constant memory. Throws InputError, with the line, when it is not UTF-8. */
export async function checkUtf8(chunks: AsyncIterable<Uint8Array>, where: string): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let isFirst = true
  for await (const chunk of chunks) {
    if (isFirst) refuseSignature(chunk, where)
    isFirst = false
    if (!decodes(decoder, chunk)) throw notUtf8(where, line + countGoodBreaks(chunk))
    line += countBreaks(chunk)
  }
  if (!decodes(decoder, null)) throw notUtf8(where, line)
}

function refuseSignature(chunk: Uint8Array, where: string): void {
  const found = SIGNATURES.find(([bytes]) => bytes.every((byte, index) => chunk[index] === byte))
  if (found) throw new InputError([{ where, line: null, message: found[1] }])
}

function notUtf8(where: string, line: number): InputError {
  return new InputError([{ where, line, message: 'is not UTF-8; save the file as CSV (UTF-8)' }])
}

/** Null ends the text: half a letter at its end is an error. */
function decodes(decoder: TextDecoder, chunk: Uint8Array | null): boolean {
  try {
    if (chunk === null) decoder.decode()
    else decoder.decode(chunk, { stream: true })
    return true
  } catch {
    // TextDecoder's only way to answer.
    return false
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
  for (const byte of chunk) if (byte === LINE_FEED) breaks++
  return breaks
}
