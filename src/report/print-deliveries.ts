/** Deliveries one by one, as text, JSON and CSV: each line is written as it comes. */

import { writeCsvRow } from '../audience/csv-write.js'
import { guard } from '../audience/guard.js'
import { escapeText } from '../compile/escape.js'
import { alignColumns, type Cell } from './columns.js'
import type { BareDelivery, Decided, DeliveryLine, ToldDelivery } from './deliveries.js'
import { DELIVERY_COLUMNS } from './delivery-columns.js'
import type { Moment } from './moments.js'

export type DeliveryFormat = 'text' | 'json' | 'csv'

/** How a list of something is written, piece by piece. */
export interface Writer<T> {
  readonly head: string
  /** `at`: how many were written before it. */
  readonly write: (one: T, at: number) => string
  readonly tail: (count: number) => string
}

/** Tabs, as a spreadsheet takes them; aligning would want all of them in memory. */
export const TEXT_WRITER: Writer<BareDelivery> = { head: '', write: textLine, tail: () => '' }

export const LINE_WRITERS: Readonly<Record<Exclude<DeliveryFormat, 'text'>, Writer<DeliveryLine>>> = {
  json: jsonWriter(),
  csv: {
    head: writeCsvRow(DELIVERY_COLUMNS.map(({ name }) => name)),
    write: csvLine,
    tail: () => '',
  },
}

export const TOLD_WRITERS: Readonly<Record<DeliveryFormat, Writer<ToldDelivery>>> = {
  text: { head: '', write: toldText, tail: () => '' },
  json: jsonWriter(),
  csv: {
    head: writeCsvRow(['address', 'at', 'what', 'verdict', 'reasons', 'link', 'url', 'detail']),
    write: (delivery) => delivery.timeline.map((moment) => csvMoment(delivery, moment)).join(''),
    tail: () => '',
  },
}

/** One document: a list. */
function jsonWriter(): Writer<unknown> {
  return {
    head: '[',
    write: (line, at) => `${at === 0 ? '' : ','}\n${JSON.stringify(line)}`,
    tail: (count) => (count === 0 ? ']\n' : '\n]\n'),
  }
}

/** Of evidence the reason speaks already. */
const DECIDED: Readonly<Partial<Record<Decided['decision'], string>>> = {
  resend: 'sent again, decided by',
  leave: 'left by',
}

function textLine(line: BareDelivery): string {
  const { address, state, attempts, reply } = line
  const fields = [address, state, writeWhy(line), String(attempts), reply ?? '']
  return `${fields.map(escapeText).join('\t').trimEnd()}\n`
}

function writeWhy({ reason, decided }: BareDelivery): string {
  const decision = decided && DECIDED[decided.decision]
  return [reason ?? '', decision ? `${decision} ${decided.by}` : ''].filter((part) => part !== '').join('; ')
}

function csvLine(line: DeliveryLine): string {
  return writeCsvRow(DELIVERY_COLUMNS.map(({ of }) => guard(of(line) ?? '')))
}

function csvMoment({ address }: ToldDelivery, { at, what, verdict, reasons, link, detail }: Moment): string {
  const place = link === null ? ['', ''] : [String(link.index), link.url]
  return writeCsvRow([address, at, what, verdict ?? '', reasons.join(' '), ...place, detail].map(guard))
}

/** A browser's name is long, and says what it says at its beginning. */
const MAX_DETAIL = 120

function toldText(delivery: ToldDelivery, at: number): string {
  const { address, state, nextTry, timeline } = delivery
  const why = writeWhy(delivery)
  const due = nextTry === null ? '' : `, tried again from ${writeTime(nextTry)}`
  const head = escapeText(`${address}: ${state}${why === '' ? '' : ` (${why})`}${due}`)
  const rows = timeline.map((moment): Cell[] => [
    writeTime(moment.at),
    moment.what,
    writeVerdict(moment),
    cut([moment.link === null ? '' : `Link ${moment.link.index} ${moment.link.url}`, moment.detail]),
  ])
  const lines = [head, ...alignColumns(rows).map((line) => `  ${line}`)]
  return `${at === 0 ? '' : '\n'}${lines.join('\n')}\n`
}

/** `machine (known-bot)` */
function writeVerdict({ verdict, reasons }: Moment): string {
  if (verdict === null) return ''
  return reasons.length === 0 ? verdict : `${verdict} (${reasons.join(', ')})`
}

function cut(parts: readonly string[]): string {
  const text = parts.filter((part) => part !== '').join(', ')
  return text.length <= MAX_DETAIL ? text : `${text.slice(0, MAX_DETAIL - 1)}…`
}

function writeTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
