/** Status and Report as text for people. */

import { describeSegment } from '../audience/segment/segment.js'
import type { DeliveryState } from '../db/schema.js'
import { writeScheduledTime } from '../send/scheduled-time.js'
import { alignColumns, type Cell, formatNumber } from './columns.js'
import type { SendPace } from './pace.js'
import type { Reach } from './reach.js'
import type { Report } from './report.js'
import type { Status } from './status.js'
import type { ReasonState } from './tally.js'

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

export function printReport(report: Report): string {
  const sections = [
    [report.title, ...statusLines(report)],
    reasonLines(report, 'excluded', 'Left out'),
    reasonLines(report, 'bounced', 'Bounced'),
    reasonLines(report, 'failed', 'Failed'),
    reachLines(report),
    sectionLines(report),
    linkLines(report),
  ]
  return toText(
    sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines])),
  )
}

function statusLines(status: Status): readonly string[] {
  const { send, issue, list, state, reason, label, startedAt, finishedAt, alarm } = status
  const facts: Cell[][] = [['state', reason === null ? state : `${state} (${reason})`]]
  const scheduled = writeSchedule(status)
  if (label !== null) facts.push(['is', label])
  if (status.segment !== null) facts.push(['to those where', describeSegment(status.segment)])
  if (status.topics.length > 0) facts.push(['topics', status.topics.join(', ')])
  if (scheduled !== null) facts.push(['scheduled', scheduled])
  if (startedAt !== null) facts.push(['started', writeTime(startedAt)])
  if (finishedAt !== null) facts.push([state === 'cancelled' ? 'settled' : 'finished', writeTime(finishedAt)])
  if (alarm !== null) facts.push(['ALARM', alarm])
  return [`Send ${send}: ${issue} to ${list}`, ...alignColumns(facts), writeIdentity(status)]
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

const MAX_REASONS = 12

function reasonLines({ reasons }: Report, state: ReasonState, heading: string): readonly string[] {
  const all = reasons.filter((one) => one.state === state)
  if (all.length === 0) return []
  const shown = all.slice(0, MAX_REASONS)
  const rest = all.slice(MAX_REASONS).reduce((sum, { count }) => sum + count, 0)
  const rows: Cell[][] = shown.map(({ reason, count }) => [count, reason])
  if (rest > 0) rows.push([rest, `for ${formatNumber(all.length - MAX_REASONS)} other reasons`])
  return [heading, ...indent(alignColumns(rows))]
}

const REACH_HEAD: readonly Cell[] = ['by a person', 'unknown', 'by a machine', 'requests']

function reachCells({ person, unknown, machine, hits }: Reach): readonly Cell[] {
  return [person, unknown, machine, hits]
}

function reachLines({ opens, clicks, unsubscribes }: Report): readonly string[] {
  const table = alignColumns([
    ['', ...REACH_HEAD],
    ['opened', ...reachCells(opens)],
    ['clicked', ...reachCells(clicks)],
    ['unsubscribed', unsubscribes],
  ])
  return ['Read', ...indent(table)]
}

function sectionLines({ clicks }: Report): readonly string[] {
  if (clicks.sections.length === 0) return []
  const rows = clicks.sections.map((section) => [
    ...reachCells(section),
    section.heading === '' ? "editor's note" : section.heading,
  ])
  return ['Clicks by Section', ...indent(alignColumns([[...REACH_HEAD, 'Section'], ...rows]))]
}

function linkLines({ clicks }: Report): readonly string[] {
  if (clicks.links.length === 0) return []
  const clicked = clicks.links.filter(({ hits }) => hits > 0)
  const rows = clicked.map((link): Cell[] => [...reachCells(link), link.url])
  const rest = clicks.links.length - clicked.length
  if (rest > 0)
    rows.push(['', '', '', '', `${formatNumber(rest)} ${rest === 1 ? 'Link' : 'Links'} nobody asked for`])
  return ['Clicks by Link', ...indent(alignColumns([[...REACH_HEAD, 'Link'], ...rows]))]
}

/** `2026-03-01 08:00:05 UTC` */
function writeTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`.trimEnd())
}

function toText(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
