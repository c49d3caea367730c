/** Postgres, told that a transaction reads few rows of large tables, which statistics of a fresh import don't say. */

import { sql } from 'kysely'
import { engineOf, type Query } from './db.js'

/**
 * Until the transaction ends, tables are joined in the order in which they are written, each looked up by index, and
 * none is read as a whole. SQLite does so by itself.
 */
export async function readByIndex(trx: Query): Promise<void> {
  if (engineOf(trx) === 'sqlite') return
  await sql`select set_config('join_collapse_limit', '1', true), set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(trx)
}

/**
 * After many rows were added to the Deliveries: what Postgres has planned for the few that were there, its own look-ups
 * for foreign keys among it, would read them from end to end. By itself it notices within minutes.
 */
export async function noteGrowth(query: Query): Promise<void> {
  if (engineOf(query) === 'postgres') await sql`analyze delivery`.execute(query)
}
