/**
 * Db: the truth. One Kysely over SQLite (embedded) or Postgres; where the two need other words, the difference is
 * behind a function of this folder.
 */

import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'
import type { Tables } from './schema.js'

export type Engine = 'sqlite' | 'postgres'

/** What a query runs on: the database itself or a transaction of it. */
export type Query = Kysely<Tables>

export interface Db {
  readonly engine: Engine
  readonly query: Query
  close(): Promise<void>
}

export function engineOf(query: Query): Engine {
  return query.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/**
 * Milliseconds now, as an SQL value. On Postgres the database's clock, so that leases and due times mean the same
 * to every process; on SQLite, where all processes share a machine, the given one.
 */
export function clock(query: Query, now: () => number): RawBuilder<number> {
  return engineOf(query) === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`${sql.lit(Math.round(now()))}`
}
