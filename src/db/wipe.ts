/**
 * Wipe: what was deleted leaves the files too. SQLite overwrites what it frees (`secure_delete`), but its log holds pages
 * as they were until it is folded into the file and cut. On Postgres dead rows are vacuumed
 * away, and what the server's own log and backups hold is its operator's.
 */

import { sql } from 'kysely'
import { engineOf, type Query } from './db.js'

/** False: somebody was reading just then; it is to be tried again. */
export async function wipeFreed(query: Query): Promise<boolean> {
  if (engineOf(query) === 'postgres') return true
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(query)
  return rows[0]?.busy === 0
}

/** Tables whose rows an erasure changes or deletes. */
const TOUCHED = [
  'subscriber',
  'subscription',
  'tag',
  'delivery',
  'attempt',
  'event',
  'hit',
  'notice',
  'comment',
  'sign_up',
  'import_change',
]
const VACUUM_EVERY_MS = 3_600_000
const VACUUMED = 'erasure.vacuumed'

/**
 * Postgres: takes the dead rows of erasures away, at most once an hour. It is marked before, so that one which takes too
 * long is not begun again and again.
 */
export async function vacuumErased(query: Query, now: number): Promise<void> {
  if (engineOf(query) === 'sqlite') return
  const isDue = await sql`
    insert into meta (key, value) select ${VACUUMED}, ${String(now)} where exists (
      select 1 from erasure where done_at > coalesce((select value::bigint from meta where key = ${VACUUMED}), 0)
    )
    on conflict (key) do update set value = excluded.value
    where meta.value::bigint <= ${now - VACUUM_EVERY_MS}
    returning key`.execute(query)
  if (isDue.rows.length > 0) await sql.raw(`vacuum ${TOUCHED.join(', ')}`).execute(query)
}
