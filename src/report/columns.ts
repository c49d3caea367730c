/** Aligned columns of plain text that copies well: words to the left, numbers to the right with separators. */

import { escapeText } from '../compile/escape.js'
import { displayWidth } from '../compile/wrap.js'

export type Cell = string | number

const GAP = '  '

/** Lines without trailing blanks; a short row leaves its last columns empty. What could steer a terminal is dropped. */
export function alignColumns(rows: readonly (readonly Cell[])[]): readonly string[] {
  const texts = rows.map((row) => row.map(writeCell))
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...texts.map((row) => displayWidth(row[column] ?? ''))),
  )
  const isNumber = Array.from({ length: count }, (_, column) =>
    rows.some((row) => typeof row[column] === 'number'),
  )
  return texts.map((row) =>
    row
      .map((text, column) => {
        const pad = ' '.repeat((widths[column] ?? 0) - displayWidth(text))
        return isNumber[column] ? pad + text : text + pad
      })
      .join(GAP)
      .trimEnd(),
  )
}

export function formatNumber(value: number): string {
  return value.toLocaleString('en')
}

function writeCell(cell: Cell): string {
  return typeof cell === 'number' ? formatNumber(cell) : escapeText(cell)
}
