/**
 * The Report as tables for a spreadsheet: one table a file, since a file with several is one that no program reads. Numbers
 * are plain, times ISO 8601; a field that a spreadsheet would take for a formula is guarded, as in every export.
 */

import { writeCsvRow } from '../audience/csv-write.js'
import { guard } from '../audience/guard.js'
import { describeSegment } from '../audience/segment/segment.js'
import { STATE_ORDER } from './print.js'
import type { Reach } from './reach.js'
import type { Reached, Report } from './report.js'
import { headingOf } from './shares.js'
import type { Traffic } from './traffic.js'

type Field = string | number | null
type Tracking = Report['tracking']

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
    rows: ({ overTime, tracking }) =>
      overTime.map((span) => [span.at, span.spanMs / 1_000, ...bothFields(span, tracking)]),
  },
  sections: {
    head: ['section', 'heading', 'links', ...REACH],
    rows: ({ clicks, tracking }) =>
      clicks.sections.map((one) => [one.id, headingOf(one), one.links, ...reachFields(one, tracking.clicks)]),
  },
  links: {
    head: ['link', 'url', 'text', 'section', ...REACH],
    rows: ({ clicks, tracking }) =>
      clicks.links.map((one) => [
        one.index,
        one.url,
        one.text,
        one.section,
        ...reachFields(one, tracking.clicks),
      ]),
  },
  passages: {
    head: ['passage', 'condition', 'alternative', 'sent', ...BOTH],
    rows: ({ passages, tracking }) =>
      passages.flatMap(({ index, condition, alternatives }) =>
        alternatives.map((one) => [index, condition, one.is, one.deliveries, ...bothFields(one, tracking)]),
      ),
  },
  lanes: {
    head: ['lane', ...TRAFFIC],
    rows: ({ lanes, tracking }) => lanes.map((one) => [one.lane, ...trafficFields(one, tracking)]),
  },
  domains: {
    // An empty name: all others together.
    head: ['domain', ...TRAFFIC],
    rows: ({ domains, tracking }) => domains.map((one) => [one.domain, ...trafficFields(one, tracking)]),
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
  const isTracked = tracking.opens || tracking.clicks
  const named = (prefix: string, reach: Reach, isCounted: boolean) =>
    reachFields(reach, isCounted).map((value, at) => [`${prefix}_${REACH[at]}`, value])
  return [
    ['send', report.send],
    ['issue', report.issue],
    ['title', report.title],
    ['list', report.list],
    ['segment', report.segment && describeSegment(report.segment)],
    ['topics', report.topics.join(', ')],
    ['state', report.state],
    ['started', report.startedAt],
    ['finished', report.finishedAt],
    ['settled', report.settled ? 1 : 0],
    ['audience', report.audience],
    ...STATE_ORDER.map((state) => [state, report[state]]),
    ...named('opened', opens, tracking.opens),
    ...named('clicked', clicks, tracking.clicks),
    ['unsubscribed', left.unsubscribes],
    ['complained', left.complaints],
    ['bounced_later_hard', left.bouncedLater.hard],
    ['bounced_later_soft', left.bouncedLater.soft],
    ['bounced_later_other', left.bouncedLater.other],
    ['tracked_opens', tracking.opens ? 1 : 0],
    ['tracked_clicks', tracking.clicks ? 1 : 0],
    // Of those with a switch of their own; where nobody is tracked there is nothing to tell apart.
    ['untracked', isTracked ? tracking.untracked : null],
    ['rules', isTracked ? classifier.current : null],
  ]
}

/** Empty where nobody counted: a nought would say that nobody read. */
function reachFields({ person, unknown, machine, hits }: Reach, isCounted: boolean): readonly Field[] {
  const fields = [person, unknown, machine, hits]
  return isCounted ? fields : fields.map(() => null)
}

function bothFields({ opens, clicks }: Reached, tracking: Tracking): readonly Field[] {
  return [...reachFields(opens, tracking.opens), ...reachFields(clicks, tracking.clicks)]
}

function trafficFields(traffic: Traffic & Reached, tracking: Tracking): readonly Field[] {
  const { audience, states, deferrals, perSecond } = traffic
  const counts = STATE_ORDER.map((state) => states[state])
  return [audience, ...counts, deferrals, perSecond, ...bothFields(traffic, tracking)]
}
