/** The Report as text that copies well: first the identity, then what happened, in the order in which an editor asks. */

import { escapeText } from '../compile/escape.js'
import { caveatsOf } from './caveats.js'
import { alignColumns, type Cell, formatNumber } from './columns.js'
import type { Earlier } from './earlier.js'
import { factLines, headOf, writeIdentity } from './print.js'
import type { Reach } from './reach.js'
import { explainReason } from './reply-words.js'
import type { Reached, Report } from './report.js'
import { headingOf, percentOf, shareOf } from './shares.js'
import type { ReasonState } from './tally.js'
import type { Traffic } from './traffic.js'

const HOUR_MS = 3_600_000

export function printReport(report: Report): string {
  const chapters = [
    [escapeText(report.title), escapeText(headOf(report)), writeIdentity(report), ...factLines(report)],
    reachLines(report),
    soonLines(report),
    afterLines(report),
    reasonLines(report, 'excluded', 'Left out'),
    reasonLines(report, 'bounced', 'Bounced'),
    reasonLines(report, 'failed', 'Failed'),
    sectionLines(report),
    linkLines(report),
    passageLines(report),
    earlierLines(report),
    laneLines(report),
    domainLines(report),
    ['How to read this', ...indent(caveatsOf(report).flatMap(wrap))],
  ]
  const lines = chapters.filter((chapter) => chapter.length > 0).flatMap((chapter) => ['', ...chapter])
  return `${lines.slice(1).join('\n')}\n`
}

const REACH_HEAD: readonly Cell[] = ['by a person', 'unknown', 'by a machine', 'requests']

function reachCells({ person, unknown, machine, hits }: Reach): readonly Cell[] {
  return [person, unknown, machine, hits]
}

function reachLines({ opens, clicks, sent, tracking }: Report): readonly string[] {
  const row = (name: string, reach: Reach): Cell[] => [name, ...reachCells(reach), share(reach.person, sent)]
  const rows = [
    ...(tracking.opens ? [row('opened', opens)] : []),
    ...(tracking.clicks ? [row('clicked', clicks)] : []),
  ]
  if (rows.length === 0) return ['Read', '  opens and clicks were not tracked']
  const missing = tracking.opens ? 'clicks' : 'opens'
  return [
    'Read',
    ...indent(alignColumns([['', ...REACH_HEAD, 'people'], ...rows])),
    ...(rows.length === 2 ? [] : [`  ${missing} were not tracked`]),
  ]
}

function share(count: number, whole: number): string {
  return shareOf(count, whole, 'sent')
}

/** So long after its start; what came later is in the sum above. */
const SOON_HOURS = [1, 3, 24, 48] as const
const BY_THE_HOUR = 48

/** Up to the end of the hour in which so much time had passed, since that is how they are counted; none after the last of them. */
function soonLines({ overTime, startedAt, tracking }: Report): readonly string[] {
  const last = overTime.at(-1)
  if (startedAt === null || last === undefined) return []
  const began = Math.floor(Date.parse(startedAt) / HOUR_MS) * HOUR_MS
  // After that they are counted by the day.
  const latest = Math.min(began + BY_THE_HOUR * HOUR_MS, Date.parse(last.at) + last.spanMs)
  const ends = SOON_HOURS.map((hours) =>
    Math.min(latest, Math.ceil((Date.parse(startedAt) + hours * HOUR_MS) / HOUR_MS) * HOUR_MS),
  )
  const shown = [...new Set(ends)]
  const rows = shown.map((end): Cell[] => {
    const spans = overTime.filter(({ at, spanMs }) => Date.parse(at) + spanMs <= end)
    const sum = (kind: keyof Reached) => spans.reduce((total, span) => total + span[kind].person, 0)
    return [
      writeHour(end),
      ...(tracking.opens ? [sum('opens')] : []),
      ...(tracking.clicks ? [sum('clicks')] : []),
    ]
  })
  const head = ['', ...(tracking.opens ? ['opened'] : []), ...(tracking.clicks ? ['clicked'] : [])]
  return ['People by then', ...indent(alignColumns([head, ...rows]))]
}

/** `2026-03-01 09:00 UTC` */
function writeHour(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function afterLines({ left, sent }: Report): readonly string[] {
  const { hard, soft, other } = left.bouncedLater
  const rows: Cell[][] = [
    [left.unsubscribes, 'unsubscribed', share(left.unsubscribes, sent)],
    [left.complaints, 'complained', share(left.complaints, sent)],
    [
      hard + soft + other,
      'bounced later',
      `${formatNumber(hard)} for good, ${formatNumber(soft)} for now, ${formatNumber(other)} for other reasons`,
    ],
  ]
  return ['Afterwards', ...indent(alignColumns(rows))]
}

const MAX_REASONS = 12

function reasonLines({ reasons }: Report, state: ReasonState, heading: string): readonly string[] {
  const all = reasons.filter((one) => one.state === state)
  if (all.length === 0) return []
  const shown = all.slice(0, MAX_REASONS)
  const rest = all.slice(MAX_REASONS).reduce((sum, { count }) => sum + count, 0)
  const rows: Cell[][] = shown.map(({ reason, count }) => [count, explainReason(reason)])
  if (rest > 0) rows.push([rest, `for ${formatNumber(all.length - MAX_REASONS)} other reasons`])
  return [heading, ...indent(alignColumns(rows))]
}

function sectionLines({ clicks, sent, tracking }: Report): readonly string[] {
  if (!tracking.clicks || clicks.sections.length === 0) return []
  const rows = clicks.sections.map((section) => [
    ...reachCells(section),
    headingOf(section),
    share(section.person, sent),
  ])
  return ['Clicks by Section', ...indent(alignColumns([[...REACH_HEAD, 'Section'], ...rows]))]
}

function linkLines({ clicks, tracking }: Report): readonly string[] {
  if (!tracking.clicks || clicks.links.length === 0) return []
  const clicked = clicks.links.filter(({ hits }) => hits > 0)
  const rows = clicked.map((link): Cell[] => [...reachCells(link), link.url, link.text])
  const rest = clicks.links.length - clicked.length
  if (rest > 0)
    rows.push(['', '', '', '', `${formatNumber(rest)} ${rest === 1 ? 'Link' : 'Links'} nobody asked for`])
  return ['Clicks by Link', ...indent(alignColumns([[...REACH_HEAD, 'Link', 'its text'], ...rows]))]
}

function passageLines({ passages, tracking }: Report): readonly string[] {
  if (passages.length === 0) return []
  const rows = passages.flatMap(({ condition, alternatives }) =>
    alternatives.map(({ is, deliveries, opens, clicks }): Cell[] => [
      is === 'erased' ? 'erased since' : `${is === 'present' ? 'with' : 'without'} ${condition}`,
      deliveries,
      tracking.opens ? opens.person : '-',
      tracking.clicks ? clicks.person : '-',
      tracking.clicks ? share(clicks.person, deliveries) : '',
    ]),
  )
  return [
    'For some readers, by a person',
    ...indent(alignColumns([['', 'sent', 'opened', 'clicked'], ...rows])),
  ]
}

function earlierLines(report: Report): readonly string[] {
  if (report.earlier.length === 0) return []
  const head: Cell[] = ['', '', 'sent', 'opened', '', 'clicked', '', 'unsubscribed', '', 'complained', '']
  return [
    'Earlier issues, by a person',
    ...indent(alignColumns([head, ...report.earlier.map(lineOfEarlier)])),
  ]
}

function lineOfEarlier({ startedAt, title, sent, ...counts }: Earlier): readonly Cell[] {
  const shown = [counts.opened, counts.clicked, counts.unsubscribes, counts.complaints]
  return [
    startedAt?.slice(0, 10) ?? '',
    title,
    sent,
    ...shown.flatMap((count): Cell[] => (count === null ? ['-', ''] : [count, percentOf(count, sent) ?? ''])),
  ]
}

const TRAFFIC_HEAD: readonly Cell[] = [
  'audience',
  'sent',
  'bounced',
  'put off',
  'sent a second',
  'opened',
  'clicked',
]

function laneLines({ lanes, tracking }: Report): readonly string[] {
  if (lanes.length === 0) return []
  const rows = lanes.map(({ lane, ...traffic }) => [lane, ...trafficCells(traffic, tracking)])
  return ['By lane', ...indent(alignColumns([['', ...TRAFFIC_HEAD], ...rows]))]
}

function domainLines({ domains, tracking }: Report): readonly string[] {
  const shown = domains.filter(({ domain, audience }) => domain !== null || audience > 0)
  if (shown.length === 0) return []
  const rows = shown.map(({ domain, ...traffic }) => [
    domain ?? 'all others',
    ...trafficCells(traffic, tracking),
  ])
  return ['By domain', ...indent(alignColumns([['', ...TRAFFIC_HEAD], ...rows]))]
}

function trafficCells(
  { audience, states, deferrals, perSecond, opens, clicks }: Traffic & Reached,
  tracking: Report['tracking'],
): readonly Cell[] {
  return [
    audience,
    states.sent,
    states.bounced,
    deferrals,
    perSecond ?? '-',
    tracking.opens ? opens.person : '-',
    tracking.clicks ? clicks.person : '-',
  ]
}

const WIDTH = 96

/** A sentence as lines of words. */
function wrap(sentence: string): readonly string[] {
  const lines: string[] = []
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`.trimEnd())
}
