/**
 * Wipe: what was deleted leaves the files too. SQLite overwrites what it frees (`secure_delete`), but its log holds pages
 * as they were until it is folded into the file and cut, and a row that moved to another page as the tree grew has left a
 * copy in the gap of the old one: only VACUUM writes without gaps. On Postgres dead rows are vacuumed away, and what the
 * server's own log and backups hold is its operator's.
 */

import { sql } from 'kysely'
import { engineOf, type Query } from './db.js'
import { withTempFiles } from './temp-files.js'

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
/** On SQLite everyone who writes waits for it. */
const VACUUM_EVERY_MS = { sqlite: 86_400_000, postgres: 3_600_000 } as const
const VACUUMED = 'erasure.vacuumed'

/**
 * Takes the last traces of erasures away: on Postgres at most once an hour, on SQLite once a day and not while a Send is
 * under way. It is marked before, so that one which takes too long is not begun again and again.
 */
export async function vacuumErased(query: Query, now: number): Promise<void> {
  const engine = engineOf(query)
  const isBusy = engine === 'sqlite' && (await isSending(query))
  if (isBusy || !(await markVacuum(query, now, VACUUM_EVERY_MS[engine]))) return
  if (engine === 'postgres') await sql.raw(`vacuum ${TOUCHED.join(', ')}`).execute(query)
  else {
    await withTempFiles(query, () => sql`vacuum`.execute(query))
    await wipeFreed(query)
  }
}

async function isSending(query: Query): Promise<boolean> {
  const row = await query
    .selectFrom('send')
    .select('id')
    .where('state', 'in', ['preparing', 'sending'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** True once for each time that it is due: someone was erased since the last one. */
async function markVacuum(query: Query, now: number, everyMs: number): Promise<boolean> {
  const { rows } = await sql`
    insert into meta (key, value) select ${VACUUMED}, ${String(now)} where exists (
      select 1 from erasure where done_at > coalesce(
        (select cast(value as bigint) from meta where key = ${VACUUMED}), 0)
    )
    on conflict (key) do update set value = excluded.value
    where cast(meta.value as bigint) <= ${now - everyMs}
    returning key`.execute(query)
  return rows.length > 0
}
