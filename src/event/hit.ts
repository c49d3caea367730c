/**
 * Hit: one raw request on a pixel, a click link or a form, committed before it is answered. Hits that arrive while a
 * commit is under way share the next one, so that one fsync serves many.
 */

import { sql } from 'kysely'
import type { Db, Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import type { HitKind } from '../db/schema.js'
import type { Requester } from './requester.js'

export interface Hit extends Requester {
  readonly kind: HitKind
  readonly deliveryId: number
  /** Index of the clicked Link, else null. */
  readonly link: number | null
}

export interface Hits {
  /**
   * Resolves with the Hit's id once it is committed. Rejects when the database refuses it, when more Hits wait than
   * memory should hold, and after `close`.
   */
  record(hit: Hit): Promise<number>
  /** Takes no more; resolves when those already taken are committed or refused. */
  close(): Promise<void>
}

/** About 10 MB of Hits: some seconds of the busiest site, while a database is slow. */
const MAX_WAITING = 20_000
const MAX_GROUP = 1_000

interface WaitingHit {
  readonly hit: Hit
  readonly at: number
  readonly resolve: (id: number) => void
  readonly reject: (error: unknown) => void
}

export function openHits({ db, now }: { db: Pick<Db, 'query'>; now: () => number }): Hits {
  const waiting: WaitingHit[] = []
  let writing: Promise<void> | null = null
  let isClosed = false

  function record(hit: Hit): Promise<number> {
    if (isClosed) return Promise.reject(new Error('no more Hits are taken'))
    if (waiting.length >= MAX_WAITING)
      return Promise.reject(new Error(`${MAX_WAITING} Hits are waiting for the database already`))
    return new Promise((resolve, reject) => {
      waiting.push({ hit, at: now(), resolve, reject })
      writing ??= writeWaiting()
    })
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) await writeGroup(db.query, waiting.splice(0, MAX_GROUP))
    writing = null
  }

  async function close(): Promise<void> {
    isClosed = true
    await writing
  }

  return { record, close }
}

/** Never throws: what the database says goes to whoever waits for the Hit. */
async function writeGroup(query: Query, group: readonly WaitingHit[]): Promise<void> {
  try {
    const ids = await insertHits(query, group)
    group.forEach(({ resolve, reject }, index) => {
      const id = ids[index]
      if (id === undefined) reject(new Error('the database gave fewer ids than it took Hits'))
      else resolve(id)
    })
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

/** One statement, one commit. Rows go in ordered, so ids grow in their order; RETURNING itself promises no order. */
async function insertHits(query: Query, group: readonly WaitingHit[]): Promise<readonly number[]> {
  const given = rowsOf(query, HIT_COLUMNS, group.map(toRow))
  const { rows } = await sql<{ id: number }>`
    insert into hit (kind, delivery_id, link, method, user_agent, network, headers, at)
    select kind, delivery_id, link, method, user_agent, network, headers, at from ${given} order by place
    returning id`.execute(query)
  return rows.map(({ id }) => id).sort((a, b) => a - b)
}

const HIT_COLUMNS = {
  place: 'integer',
  kind: 'text',
  delivery_id: 'integer',
  link: 'integer',
  method: 'text',
  user_agent: 'text',
  network: 'text',
  headers: 'text',
  at: 'integer',
} as const

function toRow({ hit, at }: WaitingHit, place: number) {
  return {
    place,
    kind: hit.kind,
    delivery_id: hit.deliveryId,
    link: hit.link,
    method: hit.method,
    user_agent: hit.userAgent,
    network: hit.network,
    headers: JSON.stringify(hit.headers),
    at,
  }
}
