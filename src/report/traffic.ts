/** Traffic: how the Deliveries of a Send fared, in all, by lane and by domain; how often they were put off, how fast they went. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { readRows } from '../db/rows.js'
import { DELIVERY_STATES, type DeliveryState } from '../db/schema.js'
import { domainIn } from '../event/domain.js'
import { inSpans, type Minute, type SentSpan, speedOf } from './speed.js'
import { type Window, windowsOf, within } from './windows.js'

export type States = Readonly<Record<DeliveryState, number>>

export interface Traffic {
  readonly audience: number
  readonly states: States
  /** Attempts that ended with "later". */
  readonly deferrals: number
  /** While anything was answered; null: nothing was sent. */
  readonly perSecond: number | null
}

export interface LaneTraffic extends Traffic {
  readonly lane: string
}

export interface DomainTraffic extends Traffic {
  /** Null: all others, and those who are erased. */
  readonly domain: string | null
}

export interface SendTraffic {
  readonly states: States
  /** Deliveries of whose opens and clicks nothing is kept. */
  readonly untracked: number
  /** With most Deliveries first. */
  readonly lanes: readonly LaneTraffic[]
  /** The largest ones, then all others. */
  readonly domains: readonly DomainTraffic[]
  readonly sentOverTime: readonly SentSpan[]
}

const MOST_DOMAINS = 20
const DOMAIN = domainIn(sql`delivery.address`)

export async function readTraffic(query: Query, sendId: number): Promise<SendTraffic> {
  const domains = await readLargestDomains(query, sendId)
  const counts: StateCount[] = []
  const minutes: GroupedMinute[] = []
  for await (const window of windowsOf(query, sendId)) {
    counts.push(...(await readCounts(query, window, domains)))
    minutes.push(...(await readMinutes(query, window, domains)))
  }
  const isOf = (domain: string | null) => (row: Grouped) => (row.domain === '' ? null : row.domain) === domain
  const lanes = [...new Set(counts.map(({ lane }) => lane))].map((lane) => {
    const isOfLane = (row: Grouped) => row.lane === lane
    return { lane, ...trafficOf(counts.filter(isOfLane), minutes.filter(isOfLane)) }
  })
  return {
    states: statesOf(counts),
    untracked: counts.reduce((sum, { untracked }) => sum + untracked, 0),
    lanes: lanes.sort((one, other) => other.audience - one.audience || (one.lane < other.lane ? -1 : 1)),
    domains: [...domains, null]
      .map((domain) => ({
        domain,
        ...trafficOf(counts.filter(isOf(domain)), minutes.filter(isOf(domain))),
      }))
      .filter(({ audience }) => audience > 0),
    sentOverTime: inSpans(minutes),
  }
}

async function readLargestDomains(query: Query, sendId: number): Promise<readonly string[]> {
  const sizes = new Map<string, number>()
  for await (const window of windowsOf(query, sendId)) {
    const rows = await readRows(
      query,
      sql<{ domain: string; count: number }>`
      select ${DOMAIN} as domain, count(*) as count from delivery
      where ${within(window)} and address <> '' group by 1`,
    )
    for (const { domain, count } of rows) sizes.set(domain, (sizes.get(domain) ?? 0) + count)
  }
  return [...sizes]
    .sort(([one, size], [other, otherSize]) => otherSize - size || (one < other ? -1 : 1))
    .slice(0, MOST_DOMAINS)
    .map(([domain]) => domain)
}

interface Grouped {
  readonly lane: string
  /** '' for all but the largest. */
  readonly domain: string
}

interface StateCount extends Grouped {
  readonly state: DeliveryState
  readonly count: number
  readonly untracked: number
}

async function readCounts(
  query: Query,
  window: Window,
  domains: readonly string[],
): Promise<readonly StateCount[]> {
  const rows = await readRows(
    query,
    sql<StateCount>`
    select lane, ${among(domains)} as domain, state, count(*) as count, sum(is_untracked) as untracked
    from delivery where ${within(window)} group by 1, 2, 3`,
  )
  return rows
}

interface GroupedMinute extends Grouped, Minute {}

async function readMinutes(
  query: Query,
  window: Window,
  domains: readonly string[],
): Promise<readonly GroupedMinute[]> {
  const rows = await readRows(
    query,
    sql<GroupedMinute>`
    select delivery.lane, ${among(domains)} as domain, attempt.replied_at / 60000 as minute,
      sum(case attempt.outcome when 'sent' then 1 else 0 end) as sent,
      sum(case attempt.outcome when 'deferred' then 1 else 0 end) as deferred,
      min(attempt.intended_at) as "firstAt", max(attempt.replied_at) as "lastAt"
    from delivery join attempt on attempt.delivery_id = delivery.id
      and attempt.delivery_id > ${window.after} and attempt.delivery_id <= ${window.upTo}
    where ${within(window)} and attempt.outcome in ('sent', 'deferred') and attempt.replied_at is not null
    group by 1, 2, 3`,
  )
  return rows
}

function among(domains: readonly string[]) {
  if (domains.length === 0) return sql<string>`cast('' as text)`
  return sql<string>`case when ${DOMAIN} in (${sql.join(domains)}) then ${DOMAIN} else '' end`
}

function trafficOf(counts: readonly StateCount[], minutes: readonly GroupedMinute[]): Traffic {
  return {
    audience: counts.reduce((sum, { count }) => sum + count, 0),
    states: statesOf(counts),
    deferrals: minutes.reduce((sum, { deferred }) => sum + deferred, 0),
    perSecond: speedOf(minutes),
  }
}

function statesOf(counts: readonly StateCount[]): States {
  const states = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<
    DeliveryState,
    number
  >
  for (const { state, count } of counts) states[state] += count
  return states
}
