/**
 * The Report as tables for a spreadsheet: one table a file, since a file with several is one that no program reads. Numbers
 * are plain, times ISO 8601; a field that a spreadsheet would take for a formula is guarded, as in every export.
 */

import { writeCsvRow } from '../audience/csv-write.js'
import { guard } from '../audience/guard.js'
import { STATE_ORDER } from './print.js'
import type { Reach } from './reach.js'
import type { Reached, Report } from './report.js'
import type { Traffic } from './traffic.js'

type Field = string | number | null

interface Table {
  readonly head: readonly string[]
  readonly rows: (report: Report) => readonly (readonly Field[])[]
}

const REACH = ['person', 'unknown', 'machine', 'requests']
const BOTH = ['opened', 'clicked'].flatMap((kind) => REACH.map((part) => `${kind}_${part}`))
const TRAFFIC = ['audience', ...STATE_ORDER, 'deferrals', 'per_second', ...BOTH]

const TABLES = {
  numbers: { head: ['name', 'value'], rows: numbers },
  reasons: {
    head: ['state', 'reason', 'people'],
    rows: ({ reasons }) => reasons.map(({ state, reason, count }) => [state, reason, count]),
  },
  time: {
    head: ['at', 'seconds', ...BOTH],
    rows: ({ overTime }) => overTime.map((span) => [span.at, span.spanMs / 1_000, ...bothFields(span)]),
  },
  sections: {
    head: ['section', 'heading', 'links', ...REACH],
    rows: ({ clicks }) => clicks.sections.map((one) => [one.id, one.heading, one.links, ...reachFields(one)]),
  },
  links: {
    head: ['link', 'url', 'text', 'section', ...REACH],
    rows: ({ clicks }) =>
      clicks.links.map((one) => [one.index, one.url, one.text, one.section, ...reachFields(one)]),
  },
  passages: {
    head: ['passage', 'condition', 'alternative', 'sent', ...BOTH],
    rows: ({ passages }) =>
      passages.flatMap(({ index, condition, alternatives }) =>
        alternatives.map((one) => [index, condition, one.is, one.deliveries, ...bothFields(one)]),
      ),
  },
  lanes: {
    head: ['lane', ...TRAFFIC],
    rows: ({ lanes }) => lanes.map((one) => [one.lane, ...trafficFields(one)]),
  },
  domains: {
    // An empty name: all others together.
    head: ['domain', ...TRAFFIC],
    rows: ({ domains }) => domains.map((one) => [one.domain, ...trafficFields(one)]),
  },
  sending: {
    head: ['at', 'seconds', 'sent', 'deferred'],
    rows: ({ sentOverTime }) =>
      sentOverTime.map(({ at, spanMs, sent, deferred }) => [at, spanMs / 1_000, sent, deferred]),
  },
  earlier: {
    head: ['send', 'issue', 'title', 'started', 'sent', 'opened', 'clicked', 'unsubscribed', 'complained'],
    rows: ({ earlier }) =>
      earlier.map((one) => [
        one.send,
        one.issue,
        one.title,
        one.startedAt,
        one.sent,
        one.opened,
        one.clicked,
        one.unsubscribes,
        one.complaints,
      ]),
  },
} as const satisfies Record<string, Table>

export type ReportTable = keyof typeof TABLES

// The keys of the object above.
export const REPORT_TABLES = Object.keys(TABLES) as readonly ReportTable[]

export function writeReportTable(report: Report, name: ReportTable): string {
  const { head, rows }: Table = TABLES[name]
  return [head, ...rows(report)].map((row) => writeCsvRow(row.map(writeField))).join('')
}

/** No number of ours is below zero, so none is taken for a formula. */
function writeField(field: Field): string {
  return typeof field === 'number' ? String(field) : guard(field ?? '')
}

function numbers(report: Report): readonly (readonly Field[])[] {
  const { opens, clicks, left, tracking, classifier } = report
  const named = (prefix: string, reach: Reach) =>
    reachFields(reach).map((value, at) => [`${prefix}_${REACH[at]}`, value])
  return [
    ['send', report.send],
    ['issue', report.issue],
    ['title', report.title],
    ['list', report.list],
    ['state', report.state],
    ['started', report.startedAt],
    ['finished', report.finishedAt],
    ['settled', report.settled ? 1 : 0],
    ['audience', report.audience],
    ...STATE_ORDER.map((state) => [state, report[state]]),
    ...named('opened', opens),
    ...named('clicked', clicks),
    ['unsubscribed', left.unsubscribes],
    ['complained', left.complaints],
    ['bounced_later_hard', left.bouncedLater.hard],
    ['bounced_later_soft', left.bouncedLater.soft],
    ['bounced_later_other', left.bouncedLater.other],
    ['tracked_opens', tracking.opens ? 1 : 0],
    ['tracked_clicks', tracking.clicks ? 1 : 0],
    ['untracked', tracking.untracked],
    ['rules', classifier.current],
  ]
}

function reachFields({ person, unknown, machine, hits }: Reach): readonly number[] {
  return [person, unknown, machine, hits]
}

function bothFields({ opens, clicks }: Reached): readonly number[] {
  return [...reachFields(opens), ...reachFields(clicks)]
}

function trafficFields(traffic: Traffic & Reached): readonly Field[] {
  const { audience, states, deferrals, perSecond } = traffic
  const counts = STATE_ORDER.map((state) => states[state])
  return [audience, ...counts, deferrals, perSecond, ...bothFields(traffic)]
}
