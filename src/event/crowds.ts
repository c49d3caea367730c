/**
 * Crowds of a Send, looked up by the index on network and time. A Hit that makes a crowd of what was none changes what the
 * others of it were taken for.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { readRows, rowsOf } from '../db/rows.js'
import { CROWD_MINUTE_MS, CROWD_OF, crowdKey } from './judge/crowd.js'
import type { JudgedHit } from './judge/judge.js'

interface Crowd {
  /** Of the Hits that are judged already. */
  readonly judged: number
  readonly deliveries: number
}

export interface Crowds {
  readonly isCrowded: (sendId: number, hit: JudgedHit) => boolean
  /** It is one now, and those who were judged before it may have been judged without it. */
  readonly isNew: (sendId: number, hit: JudgedHit) => boolean
}

export interface SendHit {
  readonly sendId: number
  readonly hit: JudgedHit
}

export async function readCrowds(query: Query, hits: readonly SendHit[]): Promise<Crowds> {
  const asked = keysOf(hits)
  const rows = await countCrowds(query, [...asked.values()])
  const crowds = new Map<string, Crowd>()
  ;[...asked.keys()].forEach((name, place) => {
    const row = rows.get(place)
    if (row !== undefined && row.deliveries >= CROWD_OF) crowds.set(name, row)
  })
  const of = (sendId: number, hit: JudgedHit) => {
    const key = crowdKey(hit)
    return key === null ? undefined : crowds.get(`${sendId} ${key}`)
  }
  return {
    isCrowded: (sendId, hit) => of(sendId, hit) !== undefined,
    isNew: (sendId, hit) => (of(sendId, hit)?.judged ?? CROWD_OF) < CROWD_OF,
  }
}

function keysOf(hits: readonly SendHit[]): ReadonlyMap<string, SendHit> {
  const asked = new Map<string, SendHit>()
  for (const one of hits) {
    const key = crowdKey(one.hit)
    if (key !== null) asked.set(`${one.sendId} ${key}`, one)
  }
  return asked
}

/** Deliveries whose Hits are judged already and have the same in common as one of these. */
export async function readMembers(query: Query, hits: readonly SendHit[]): Promise<readonly number[]> {
  const asked = [...keysOf(hits).values()]
  if (asked.length === 0) return []
  const rows = await readRows(
    query,
    sql<{ id: number }>`
    select distinct delivery.id from ${crowdRows(query, asked)} and known.hit_id is not null`,
  )
  return rows.map(({ id }) => id)
}

/** By place. The same Hits as those that `crowdKey` has a key for. */
async function countCrowds(query: Query, asked: readonly SendHit[]): Promise<ReadonlyMap<number, Crowd>> {
  if (asked.length === 0) return new Map()
  const rows = await readRows(
    query,
    sql<Crowd & { place: number }>`
    select given.place, count(distinct delivery.id) as deliveries,
      count(distinct case when known.hit_id is not null then delivery.id end) as judged
    from ${crowdRows(query, asked)}
    group by given.place`,
  )
  return new Map(rows.map(({ place, ...crowd }) => [place, crowd]))
}

function crowdRows(query: Query, asked: readonly SendHit[]) {
  const rows = asked.map(({ sendId, hit: { at, network, userAgent } }, place) => {
    const since = Math.floor(at / CROWD_MINUTE_MS) * CROWD_MINUTE_MS
    return { place, send_id: sendId, network, user_agent: userAgent, since, until: since + CROWD_MINUTE_MS }
  })
  // In this order; the first two are what the index says, too.
  return sql`${rowsOf(query, CROWD_COLUMNS, rows)}
    cross join hit
    cross join delivery
    left join classification as known on known.hit_id = hit.id
    where hit.is_filed = 1 and hit.network <> '' and hit.network = given.network
      and hit.at >= given.since and hit.at < given.until and hit.user_agent = given.user_agent
      and hit.method = 'GET' and hit.kind in ('open', 'click')
      and delivery.id = hit.delivery_id and delivery.send_id = given.send_id`
}

const CROWD_COLUMNS = {
  place: 'integer',
  send_id: 'integer',
  network: 'text',
  user_agent: 'text',
  since: 'integer',
  until: 'integer',
} as const
