/**
 * Tables: words to the left, numbers to the right. On a phone one with many columns becomes a list of its rows, each number
 * under its name; roles say what it is all the same.
 */

import { formatNumber } from '../columns.js'
import type { Reach } from '../reach.js'
import { type Html, html } from './markup.js'

export interface Column {
  readonly name: string
  readonly kind: 'words' | 'number' | 'share' | 'bar'
  /** The colour that it has in the bars beside it. */
  readonly tone?: 'person' | 'unknown' | 'machine'
}

export interface Row {
  readonly id?: string
  /** As many as there are columns. */
  readonly cells: readonly (string | number | Html)[]
}

/** Beside its name a phone holds so many. */
const MOST_ON_PHONE = 3

export function drawTable(caption: string, columns: readonly Column[], rows: readonly Row[]): Html {
  const isWide = columns.filter(({ kind }) => kind !== 'bar').length > MOST_ON_PHONE + 1
  const head = columns.map(
    ({ name, kind, tone }) =>
      html`<th role="columnheader" scope="col" class="${kind}">${drawSwatch(tone)}${name}</th>`,
  )
  const body = rows.map(({ id, cells }) => {
    const place = id === undefined ? null : html` id="${id}"`
    return html`<tr role="row"${place}>${cells.map((cell, at) => drawCell(cell, columns[at], at))}</tr>\n`
  })
  return html`<table role="table" class="${isWide ? 'wide' : 'narrow'}" aria-label="${caption}">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">${body}</tbody></table>\n`
}

function drawSwatch(tone: Column['tone']): Html | null {
  return tone === undefined ? null : html`<span class="swatch ${tone}"></span>`
}

function drawCell(cell: string | number | Html, column: Column | undefined, at: number): Html {
  const text = typeof cell === 'number' ? formatNumber(cell) : cell
  const kind = column?.kind ?? 'words'
  if (at === 0) return html`<th role="rowheader" scope="row" class="${kind}">${text}</th>`
  return html`<td role="cell" class="${kind}" data-name="${column?.name ?? ''}">${text}</td>`
}

export const REACH_COLUMNS: readonly Column[] = [
  { name: 'people', kind: 'number', tone: 'person' },
  { name: 'unknown', kind: 'number', tone: 'unknown' },
  { name: 'machines', kind: 'number', tone: 'machine' },
]

export function reachCells({ person, unknown, machine }: Reach): readonly number[] {
  return [person, unknown, machine]
}

/** Of many rows one beside the other: how long each is, in shares of the longest. */
export function drawReachBar({ person, unknown, machine }: Reach, most: number): Html {
  const width = (count: number) => (most === 0 ? 0 : Number(((100 * count) / most).toFixed(1)))
  const tones = [
    ['person', person],
    ['unknown', unknown],
    ['machine', machine],
  ] as const
  let from = 0
  const parts = tones.map(([tone, count]) => {
    const x = from
    from += width(count)
    return count === 0
      ? html``
      : html`<rect class="${tone}" x="${x.toFixed(1)}" y="0" width="${width(count)}" height="10"/>`
  })
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`
}
