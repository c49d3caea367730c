/**
 * CSV (RFC 4180) as a stream of rows that goes on after a broken one. A stray quote costs the line it stands on and no
 * other: general parsers read on to the next quote, and take the people between with them.
 */

import { TextDecoder } from 'node:util'
import type { Encoding } from './text-file.js'

export type CsvRecord =
  | { readonly kind: 'row'; readonly line: number; readonly fields: readonly string[] }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string }

/** Longer lines are no person's row; they are refused without being held in memory. */
const MAX_LINE = 65_536
/** A quoted field may hold line breaks; a quote that closes later than this is taken for a stray one. */
const MAX_RECORD_LINES = 20
const DELIMITERS = [',', ';', '\t'] as const

interface Line {
  /** 1-based. */
  readonly number: number
  /** Null when it is too long. */
  readonly text: string | null
}

/**
 * Rows of a text, the header first, each with as many fields as the header. The delimiter is read off the header:
 * comma, semicolon or tab. Blank lines are skipped. `line` is where the row begins.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding = 'utf-8',
): AsyncGenerator<CsvRecord> {
  const lines = new Lookahead(readLines(chunks, encoding))
  let delimiter: string | null = null
  let columns: number | null = null
  try {
    for (let first = await lines.next(); first !== null; first = await lines.next()) {
      if (first.text?.trim() === '') continue
      if (delimiter === null) {
        delimiter = toldDelimiter(first.text ?? '')
        if (delimiter !== null) continue
        delimiter = sniffDelimiter(first.text ?? '')
      }
      const record = await readRecord(first, lines, { delimiter, columns })
      if (record.kind === 'row') columns ??= record.fields.length
      yield record
    }
  } finally {
    await lines.close()
  }
}

/** Reads on while a quote is open; what turns out not to belong to the row is given back. */
async function readRecord(
  first: Line,
  lines: Lookahead,
  { delimiter, columns }: { readonly delimiter: string; readonly columns: number | null },
): Promise<CsvRecord> {
  const line = first.number
  const broken = (reason: string): CsvRecord => ({ kind: 'broken', line, reason })
  if (first.text === null) return broken(`is longer than ${MAX_LINE} characters`)
  const taken: Line[] = []
  let text = first.text
  let isOpen = hasOpenQuote(text)
  while (isOpen && taken.length < MAX_RECORD_LINES) {
    const more = await lines.next()
    if (more === null) break
    taken.push(more)
    if (more.text === null || text.length + more.text.length > MAX_LINE) break
    text += `\n${more.text}`
    isOpen = hasOpenQuote(more.text) !== isOpen
  }
  const fields = isOpen ? null : splitFields(text, delimiter)
  if (fields !== null && (columns === null || fields.length === columns)) return { kind: 'row', line, fields }
  lines.giveBack(taken)
  if (fields === null || taken.length > 0)
    return broken('has a stray quote; put the field in quotes and double the ones inside it')
  return broken(`has ${fields.length} of ${columns} columns`)
}

/** Quotes come in pairs in a whole row, doubled ones too. */
function hasOpenQuote(text: string): boolean {
  let isOpen = false
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isOpen = !isOpen
  return isOpen
}

/** Null when a quote stands where none may. */
function splitFields(text: string, delimiter: string): readonly string[] | null {
  if (!text.includes('"')) return text.split(delimiter)
  const fields: string[] = []
  for (let start = 0; ; ) {
    const field = text[start] === '"' ? readQuoted(text, start) : readBare(text, start, delimiter)
    if (field === null) return null
    fields.push(field.value)
    if (field.end === text.length) return fields
    if (text[field.end] !== delimiter) return null
    start = field.end + 1
  }
}

interface Field {
  readonly value: string
  /** Where the delimiter or the end of the row is. */
  readonly end: number
}

function readBare(text: string, start: number, delimiter: string): Field | null {
  const next = text.indexOf(delimiter, start)
  const end = next === -1 ? text.length : next
  const value = text.slice(start, end)
  return value.includes('"') ? null : { value, end }
}

function readQuoted(text: string, start: number): Field | null {
  let close = text.indexOf('"', start + 1)
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  return close === -1 ? null : { value: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 }
}

/** The line that Excel puts above the header: `sep=;`. Null: it is another. */
function toldDelimiter(line: string): string | null {
  const told = /^(?<quote>"?)sep=(?<delimiter>.)\k<quote>$/i.exec(line.trimStart())?.groups?.delimiter
  return DELIMITERS.find((delimiter) => delimiter === told) ?? null
}

/** The one the header has most of, outside quotes. */
function sniffDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '')
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }))
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter
}

/** Lines ended by LF or CRLF, or all by CR, without their ends and without a byte order mark. */
async function* readLines(chunks: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Line> {
  const decoder = new TextDecoder(encoding)
  let number = 1
  let rest = ''
  let isTooLong = false
  let lineBreak: LineBreak | null = null
  for await (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true })
    if (lineBreak === null) {
      text = rest + text
      rest = ''
      lineBreak = findLineBreak(text)
    }
    const pieces = text.split(lineBreak ?? '\n')
    const last = pieces.pop() ?? ''
    for (const piece of pieces) {
      yield makeLine(number++, isTooLong ? null : rest + piece)
      rest = ''
      isTooLong = false
    }
    rest += last
    if (rest.length > MAX_LINE) {
      rest = ''
      isTooLong = true
    }
  }
  rest += decoder.decode()
  if (isTooLong || rest !== '') yield makeLine(number, isTooLong ? null : rest)
}

type LineBreak = '\n' | '\r'

/** Old Macs, and spreadsheets on new ones, write CR alone. Null: not to be told from what is there. */
function findLineBreak(text: string): LineBreak | null {
  if (text.includes('\n')) return '\n'
  const first = text.indexOf('\r')
  return first === -1 || first === text.length - 1 ? null : '\r'
}

function makeLine(number: number, text: string | null): Line {
  const line = text?.endsWith('\r') ? text.slice(0, -1) : text
  return { number, text: line !== null && line.length > MAX_LINE ? null : line }
}

/** Lines that can be given back to be read again. */
class Lookahead {
  readonly #source: AsyncGenerator<Line>
  #returned: Line[] = []

  constructor(source: AsyncGenerator<Line>) {
    this.#source = source
  }

  async next(): Promise<Line | null> {
    const returned = this.#returned.shift()
    if (returned !== undefined) return returned
    const { value, done } = await this.#source.next()
    return done ? null : value
  }

  giveBack(lines: readonly Line[]): void {
    this.#returned = [...lines, ...this.#returned]
  }

  /** Lets go of the source, wherever reading has stopped. */
  async close(): Promise<void> {
    await this.#source.return(undefined)
  }
}
