/**
 * Pace of a Send: who waits in which lane, how fast it goes and why not faster, and what relays have had of their day.
 * Put together from Deliveries, lanes and what each worker has written of itself lately.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import { type LaneLimits, limitOf, writeLimit } from '../send/pace/limit.js'
import type { RelaySight, Sight } from '../send/pace/sight.js'

/** A worker writes what it sees every few seconds while anything moves. */
const FRESH_MS = 15_000
const HOUR_S = 3_600
const WAITING = ['queued', 'deferred'] as const

export interface LanePace {
  readonly lane: string
  readonly waiting: number
  readonly underWay: number
  /** Of all Sends, lately; null: no engine says. */
  readonly perSecond: number | null
  /** `20/s, 5 connections`; `none`. */
  readonly limit: string
  /** ISO 8601; null: it may begin. */
  readonly suspendedUntil: string | null
  /** What its receiver said, while it is slowed down. */
  readonly reason: string | null
}

export interface SendPace {
  /** Those with somebody waiting or under way. */
  readonly lanes: readonly LanePace[]
  /** Those with a limit by the day. */
  readonly relays: readonly (RelaySight & { readonly relay: string })[]
}

export interface PaceContext {
  readonly query: Query
  readonly now: () => number
  readonly limits: LaneLimits
}

export async function readPaceOf(sendId: number, { query, now, limits }: PaceContext): Promise<SendPace> {
  const counts = await countLanes(query, sendId)
  if (counts.size === 0) return { lanes: [], relays: [] }
  const throttles = await readThrottles(query, now)
  const sights = await readSights(query, now)
  return {
    lanes: [...counts].map(([lane, { waiting, underWay }]) => {
      const throttle = throttles.get(lane)
      const seen = sights.map(({ lanes }) => lanes[lane]?.perSecond ?? 0)
      return {
        lane,
        waiting,
        underWay,
        perSecond: seen.length === 0 ? null : Number(seen.reduce((sum, rate) => sum + rate).toFixed(2)),
        limit: writeLimit(tighter(limitOf(limits, lane), throttle)),
        suspendedUntil: throttle?.suspendedUntil ?? null,
        reason: throttle?.reason ?? null,
      }
    }),
    relays: mergeRelays(sights),
  }
}

async function countLanes(query: Query, sendId: number) {
  const rows = await query
    .selectFrom('delivery')
    .select(({ fn }) => ['lane', 'state', fn.countAll<number>().as('count')])
    .where('send_id', '=', sendId)
    .where('state', 'in', [...WAITING, 'sending'])
    .groupBy(['lane', 'state'])
    .orderBy('lane')
    .execute()
  const counts = new Map<string, { waiting: number; underWay: number }>()
  for (const { lane, state, count } of rows) {
    const before = counts.get(lane) ?? { waiting: 0, underWay: 0 }
    if (state === 'sending') before.underWay += count
    else before.waiting += count
    counts.set(lane, before)
  }
  return counts
}

interface LaneThrottle {
  readonly perSecond: number | null
  readonly connections: number | null
  readonly suspendedUntil: string | null
  readonly reason: string | null
}

async function readThrottles(query: Query, now: () => number): Promise<ReadonlyMap<string, LaneThrottle>> {
  const rows = await query
    .selectFrom('lane')
    .select(['name', 'per_hour', 'connections', 'strikes', 'suspended_until', 'reason'])
    .select(
      sql<number>`case when suspended_until > ${clock(query, now)} then 1 else 0 end`.as('is_suspended'),
    )
    .where(({ or, eb }) => or([eb('per_hour', 'is not', null), eb('connections', 'is not', null)]))
    .execute()
  return new Map(
    rows.map((row) => [
      row.name,
      {
        perSecond: row.per_hour === null ? null : row.per_hour / HOUR_S,
        // While nothing but refusals came, one message at a time finds out.
        connections: row.strikes > 0 ? 1 : row.connections,
        suspendedUntil:
          row.is_suspended === 1 && row.suspended_until !== null
            ? new Date(row.suspended_until).toISOString()
            : null,
        reason: row.reason,
      },
    ]),
  )
}

async function readSights(query: Query, now: () => number): Promise<readonly Sight[]> {
  const rows = await query
    .selectFrom('worker')
    .select('seen')
    .where(({ eb }) => eb('seen_at', '>', eb(clock(query, now), '-', FRESH_MS)))
    .execute()
  // Written by workers/pace.ts.
  return rows.map(({ seen }) => JSON.parse(seen) as Sight)
}

type Limit = Parameters<typeof writeLimit>[0]

function tighter(limit: Limit, throttle: LaneThrottle | undefined): Limit {
  return {
    perSecond: least(limit.perSecond, throttle?.perSecond ?? null),
    connections: least(limit.connections, throttle?.connections ?? null),
  }
}

function least(one: number | null, other: number | null): number | null {
  if (one === null) return other
  return other === null ? one : Math.min(one, other)
}

/** Each counts all of them, so the one that has counted most knows best. */
function mergeRelays(sights: readonly Sight[]): SendPace['relays'] {
  const merged = new Map<string, RelaySight>()
  for (const { relays } of sights)
    for (const [relay, sight] of Object.entries(relays))
      if (sight.today >= (merged.get(relay)?.today ?? 0)) merged.set(relay, sight)
  return [...merged].map(([relay, sight]) => ({ relay, ...sight }))
}
