/** Status as text for people; the Report begins with it (`print-report.ts`). */

import { describeSegment } from '../audience/segment/segment.js'
import type { DeliveryState } from '../db/schema.js'
import { writeScheduledTime } from '../send/scheduled-time.js'
import { alignColumns, type Cell, formatNumber } from './columns.js'
import type { SendPace } from './pace.js'
import type { Status } from './status.js'

/** In the order in which an editor asks: what is done, what is under way, what went wrong, who was left out. */
export const STATE_ORDER: readonly DeliveryState[] = [
  'sent',
  'sending',
  'queued',
  'deferred',
  'bounced',
  'failed',
  'uncertain',
  'excluded',
]

/** `audience 1,000 = sent 985 + bounced 3 + excluded 12`, naming every state that isn't zero. */
export function writeIdentity(status: Status): string {
  const parts = STATE_ORDER.filter((state) => status[state] > 0).map(
    (state) => `${state} ${formatNumber(status[state])}`,
  )
  return `audience ${formatNumber(status.audience)} = ${parts.length === 0 ? '0' : parts.join(' + ')}`
}

export function printStatus(status: Status & Partial<SendPace>): string {
  return toText([...statusLines(status), ...paceLines(status)])
}

function statusLines(status: Status): readonly string[] {
  return [headOf(status), ...factLines(status), writeIdentity(status)]
}

export function headOf({ send, issue, list }: Status): string {
  return `Send ${send}: ${issue} to ${list}`
}

export function factLines(status: Status): readonly string[] {
  const { state, reason, label, startedAt, finishedAt, alarm } = status
  const facts: Cell[][] = [['state', reason === null ? state : `${state} (${reason})`]]
  const scheduled = writeSchedule(status)
  if (label !== null) facts.push(['is', label])
  if (status.segment !== null) facts.push(['to those where', describeSegment(status.segment)])
  if (status.topics.length > 0) facts.push(['topics', status.topics.join(', ')])
  if (scheduled !== null) facts.push(['scheduled', scheduled])
  if (startedAt !== null) facts.push(['started', writeTime(startedAt)])
  if (finishedAt !== null) facts.push([state === 'cancelled' ? 'settled' : 'finished', writeTime(finishedAt)])
  if (alarm !== null) facts.push(['ALARM', alarm])
  return alignColumns(facts)
}

/** A table of the lanes that are not through, and what relays have had of their day. */
function paceLines({ lanes = [], relays = [] }: Partial<SendPace>): readonly string[] {
  if (lanes.length === 0) return []
  const rows = lanes.map(({ lane, waiting, underWay, perSecond, limit, suspendedUntil, reason }): Cell[] => [
    lane,
    waiting,
    underWay,
    perSecond ?? '-',
    limit,
    [
      ...(suspendedUntil === null ? [] : [`suspended until ${writeTime(suspendedUntil)}`]),
      ...(reason === null ? [] : [`it said “${reason}”`]),
    ].join('; '),
  ])
  const days = relays.map(({ relay, today, limit }) =>
    limit === null
      ? `${relay}: ${formatNumber(today)} today`
      : `${relay}: ${formatNumber(today)} of ${formatNumber(limit)} today`,
  )
  const head: Cell[] = ['lane', 'waiting', 'under way', 'a second', 'limit', '']
  return ['', ...alignColumns([head, ...rows]).map((line) => line.trimEnd()), ...days]
}

/** When it was told to begin, in the zone it was said in; null: at once. */
export function writeSchedule({ scheduledAt, zone }: Pick<Status, 'scheduledAt' | 'zone'>): string | null {
  if (scheduledAt === null) return null
  return writeScheduledTime({ at: Date.parse(scheduledAt), zone: zone ?? 'UTC' })
}

/** `2026-03-01 08:00:05 UTC` */
function writeTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

function toText(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
