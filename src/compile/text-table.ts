/** A table in the text part: in columns where they fit, else each row as lines `Head: cell`. */

import { hasMarks } from './holed.js'
import type { Align } from './tokens.js'
import type { Words } from './words-by-language.js'
import { displayWidth, wrapText } from './wrap.js'

const GAP = '  '
/** Of what goes on with a cell below its first line. */
const INDENT = '  '

export interface TextTable {
  /** Each a line of finished text, '' for an empty cell. */
  readonly head: readonly string[]
  readonly body: readonly (readonly string[])[]
  /** Of the columns; null: as text is. */
  readonly aligns: readonly (Align | null)[]
}

/** Lines without a line feed at the end. */
export function writeTable(table: TextTable, width: number, words: Pick<Words, 'colon'>): string {
  const columns = table.head.map((head, index) =>
    Math.max(displayWidth(head), ...table.body.map((row) => displayWidth(row[index] ?? ''))),
  )
  const total = columns.reduce((sum, column) => sum + column, 0) + GAP.length * (columns.length - 1)
  // What a hole will hold is not known, so it has no width to line up with.
  const isOpen = [table.head, ...table.body].flat().some(hasMarks)
  return total <= width && !isOpen ? writeColumns(table, columns) : writeLines(table, width, words)
}

function writeColumns({ head, body, aligns }: TextTable, columns: readonly number[]): string {
  const write = (row: readonly string[]) =>
    columns
      .map((column, index) => pad(row[index] ?? '', column, aligns[index] ?? null))
      .join(GAP)
      .trimEnd()
  const rule = columns.map((column) => '-'.repeat(column)).join(GAP)
  const hasHead = head.some((cell) => cell !== '')
  return [...(hasHead ? [write(head), rule] : []), ...body.map(write)].join('\n')
}

function pad(cell: string, column: number, align: Align | null): string {
  const space = column - displayWidth(cell)
  const before = align === 'right' ? space : align === 'center' ? Math.floor(space / 2) : 0
  return ' '.repeat(before) + cell + ' '.repeat(space - before)
}

function writeLines({ head, body }: TextTable, width: number, { colon }: Pick<Words, 'colon'>): string {
  const rows = body.map((row) =>
    row.flatMap((cell, index) => {
      if (cell === '') return []
      const name = head[index] ?? ''
      return [hang(name === '' ? cell : name + colon + cell, width)]
    }),
  )
  // What stands above empty cells alone would be lost.
  const bare = head
    .filter((name, index) => name !== '' && body.every((row) => (row[index] ?? '') === ''))
    .map((name) => hang(name, width))
  return [bare, ...rows]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function hang(text: string, width: number): string {
  return wrapText(text, width - INDENT.length).replaceAll('\n', `\n${INDENT}`)
}
