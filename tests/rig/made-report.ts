/** A Report of a Send that went as most do, for whoever prints or draws one: its numbers add up, and are the same each time. */

import type { CompiledIssue } from '../../src/compile/compiled.js'
import { NO_REACH, type Reach } from '../../src/report/reach.js'
import type { Report } from '../../src/report/report.js'
import type { States } from '../../src/report/traffic.js'

const START = Date.UTC(2026, 10, 24, 8)
const HOUR = 3_600_000
const NO_STATES: States = {
  queued: 0,
  sending: 0,
  deferred: 0,
  sent: 0,
  bounced: 0,
  failed: 0,
  uncertain: 0,
  excluded: 0,
}

/** A finished Send to 12,480 people, of whom some read. */
export function makeReport(
  compiled: Pick<CompiledIssue, 'slug' | 'title' | 'links'>,
  changes: Partial<Report> = {},
): Report {
  const roll = dice(7)
  const links = compiled.links.map(({ index, url, text, heading }) => ({
    index,
    url,
    text,
    section: heading,
    ...reach(Math.floor(roll() ** 3 * 620), Math.floor(roll() * 14), 180 + Math.floor(roll() * 40)),
  }))
  const headings = new Map(compiled.links.map(({ section, heading }) => [section, heading]))
  const sections = [...headings].map(([id, heading]) => {
    const theirs = links.filter(({ section }) => section === heading)
    const most = Math.max(...theirs.map(({ person }) => person))
    return { id, heading, links: theirs.length, ...reach(Math.floor(most * 1.3), 20, 230) }
  })
  const spans = overTime(roll)
  return {
    send: 12,
    issue: compiled.slug,
    title: compiled.title,
    list: 'readers',
    segment: null,
    topics: [],
    state: 'finished',
    reason: null,
    label: null,
    hash: 'f'.repeat(64),
    audience: 12_480,
    ...NO_STATES,
    sent: 12_297,
    bounced: 41,
    failed: 3,
    uncertain: 1,
    excluded: 138,
    uncertainPolicy: 'hold',
    scheduledAt: null,
    zone: null,
    startedAt: new Date(START).toISOString(),
    finishedAt: new Date(START + 1_260_000).toISOString(),
    alarm: null,
    settled: true,
    reasons: [
      { state: 'bounced', reason: '550 5.1.1', count: 33 },
      { state: 'bounced', reason: '550 5.2.1', count: 8 },
      { state: 'excluded', reason: 'unsubscribed', count: 112 },
      { state: 'excluded', reason: 'suppressed', count: 22 },
      { state: 'excluded', reason: 'already received in Send 11', count: 4 },
      { state: 'failed', reason: 'needs SMTPUTF8', count: 3 },
    ],
    opens: total(spans.map(({ opens }) => opens)),
    clicks: { ...total(spans.map(({ clicks }) => clicks)), links, sections },
    overTime: spans,
    lanes: [
      lane('gmail', 5_812, 84.2),
      lane('microsoft', 2_904, 31.5),
      lane('apple', 1_377, 40),
      lane('yahoo', 640, 9.75),
      lane('other', 1_747, 22.4),
    ],
    domains: [
      { ...lane('', 5_600, 84.2), domain: 'gmail.com' },
      { ...lane('', 1_530, 20), domain: 'outlook.com' },
      { ...lane('', 1_377, 40), domain: 'icloud.com' },
      { ...lane('', 212, 12), domain: 'a-very-long-name-of-a-port-authority.example.org' },
      { ...lane('', 3_761, 22.4), domain: null },
    ],
    sentOverTime: Array.from({ length: 21 }, (_, at) => ({
      at: new Date(START + at * 60_000).toISOString(),
      spanMs: 60_000,
      sent: at < 20 ? 599 + ((at * 7) % 20) : 127,
      deferred: at > 3 && at < 9 ? Math.floor(roll() * 60) : 0,
    })),
    passages: [
      {
        index: 0,
        condition: 'subscriber.city',
        alternatives: [
          { is: 'present', deliveries: 7_911, opens: reach(2_900, 2_000, 500), clicks: reach(640, 20, 120) },
          { is: 'absent', deliveries: 4_386, opens: reach(1_312, 1_388, 461), clicks: reach(267, 11, 113) },
        ],
      },
    ],
    unsubscribes: 19,
    left: { unsubscribes: 19, complaints: 2, bouncedLater: { hard: 6, soft: 3, other: 1 } },
    earlier: [
      earlier(11, 'Shore power before berths', 14, [12_190, 4_051, 1_122, 14, 1]),
      earlier(9, 'The quays reopen', 28, [12_004, 4_110, 799, 22, 0]),
      earlier(8, 'Spring tides', 42, [11_870, 3_777, 655, 9, 0]),
    ],
    classifier: { current: 2, versions: [{ version: 2, hits: 15_310 }], counting: false },
    tracking: { opens: true, clicks: true, untracked: 14 },
    ...changes,
  }
}

/** The same before anybody has read it. */
export function makeUnread(
  compiled: Pick<CompiledIssue, 'slug' | 'title' | 'links'>,
  changes: Partial<Report> = {},
): Report {
  const full = makeReport(compiled)
  const silent = <T extends object>(part: T) => ({ ...part, opens: NO_REACH, clicks: NO_REACH })
  return {
    ...full,
    opens: NO_REACH,
    clicks: {
      ...NO_REACH,
      links: full.clicks.links.map((link) => ({ ...link, ...NO_REACH })),
      sections: full.clicks.sections.map((section) => ({ ...section, ...NO_REACH })),
    },
    overTime: [],
    lanes: full.lanes.map(silent),
    domains: full.domains.map(silent),
    passages: full.passages.map((passage) => ({
      ...passage,
      alternatives: passage.alternatives.map(silent),
    })),
    unsubscribes: 0,
    left: { unsubscribes: 0, complaints: 0, bouncedLater: { hard: 0, soft: 0, other: 0 } },
    earlier: [],
    ...changes,
  }
}

function total(parts: readonly Reach[]): Reach {
  const sum = (of: keyof Reach) => parts.reduce((all, part) => all + part[of], 0)
  return reach(sum('person'), sum('unknown'), sum('machine'))
}

function reach(person: number, unknown: number, machine: number): Reach {
  const deliveries = person + unknown + machine
  return { hits: deliveries * 2, deliveries, person, unknown, machine }
}

function lane(name: string, audience: number, perSecond: number) {
  const part = (share: number) => Math.floor(audience * share)
  return {
    lane: name,
    audience,
    states: {
      ...NO_STATES,
      sent: audience - part(0.004) - part(0.01),
      bounced: part(0.004),
      excluded: part(0.01),
    },
    deferrals: part(0.03),
    perSecond,
    opens: reach(part(0.34), part(0.27), part(0.08)),
    clicks: reach(part(0.07), part(0.01), part(0.02)),
  }
}

/** Most in the first hours, fewer at night, a tail of days. */
function overTime(roll: () => number): Report['overTime'] {
  const hours = Array.from({ length: 48 }, (_, at) => {
    const night = at % 24 > 13 && at % 24 < 22 ? 0.15 : 1
    const crowd = (700 / (1 + at * 0.35)) * night * (0.7 + roll() * 0.6)
    return span(START + at * HOUR, HOUR, crowd, at === 0)
  })
  const days = Array.from({ length: 19 }, (_, at) =>
    span(START + 48 * HOUR + at * 24 * HOUR, 24 * HOUR, 160 / (1 + at * 0.8), false),
  )
  return [...hours, ...days].filter(({ opens }) => opens.deliveries > 0)
}

function span(at: number, spanMs: number, crowd: number, isFirst: boolean): Report['overTime'][number] {
  return {
    at: new Date(at).toISOString(),
    spanMs,
    opens: reach(
      Math.floor(crowd),
      Math.floor(isFirst ? 1_400 : crowd * 0.5),
      isFirst ? 900 : Math.floor(crowd * 0.01),
    ),
    clicks: reach(Math.floor(crowd * 0.2), Math.floor(crowd * 0.01), isFirst ? 220 : 0),
  }
}

function earlier(
  send: number,
  title: string,
  daysBefore: number,
  [sent, opened, clicked, unsubscribes, complaints]: readonly [number, number, number, number, number],
): Report['earlier'][number] {
  const startedAt = new Date(START - daysBefore * 24 * HOUR).toISOString()
  return {
    send,
    issue: title.toLowerCase(),
    title,
    startedAt,
    sent,
    opened,
    clicked,
    unsubscribes,
    complaints,
  }
}

/** Lehmer's generator: numbers from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
