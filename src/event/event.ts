/** Event: a past-tense fact, inserted and never updated. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import type { EventKind } from '../db/schema.js'
import { writeJson } from '../json.js'
import { keepAftermath } from './aftermath.js'

export interface NewEvent {
  readonly kind: EventKind
  /** Milliseconds since 1970. */
  readonly at: number
  readonly subscriberId?: number | null
  readonly listId?: number | null
  readonly sendId?: number | null
  readonly deliveryId?: number | null
  readonly hitId?: number | null
  /** How and from where. */
  readonly detail: Readonly<Record<string, string | number>>
}

const COLUMNS = {
  kind: 'text',
  at: 'integer',
  subscriber_id: 'integer',
  list_id: 'integer',
  send_id: 'integer',
  delivery_id: 'integer',
  hit_id: 'integer',
  detail: 'text',
} as const

/** Inserts facts about acts of ours or of a person. Run it in the transaction that makes them true. */
export async function insertEvents(query: Query, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(toRow)
  const all = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]
  const [first] = rows
  // What all of them share is said once: a million rows of an import differ in two columns.
  const shared = new Set(
    all.filter((name) => name !== 'detail' && rows.every((row) => row[name] === first?.[name])),
  )
  const varying = Object.fromEntries(
    all.filter((name) => !shared.has(name)).map((name) => [name, COLUMNS[name]]),
  )
  const values = all.map((name) =>
    shared.has(name) ? literal(first?.[name] ?? null, COLUMNS[name]) : sql.ref(name),
  )
  const names = sql.join(all.map((name) => sql.ref(name)))
  await sql`insert into event (${names}) select ${sql.join(values)} from ${rowsOf(query, varying, rows)}`.execute(
    query,
  )
  await keepAftermath(query, events)
}

function literal(value: string | number | null, type: 'integer' | 'text') {
  return sql`cast(${value} as ${sql.raw(type === 'integer' ? 'bigint' : 'text')})`
}

function toRow(event: NewEvent) {
  return {
    kind: event.kind,
    at: event.at,
    subscriber_id: event.subscriberId ?? null,
    list_id: event.listId ?? null,
    send_id: event.sendId ?? null,
    delivery_id: event.deliveryId ?? null,
    hit_id: event.hitId ?? null,
    detail: writeJson(event.detail),
  }
}
