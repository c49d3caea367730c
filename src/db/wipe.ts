/**
 * Wipe: what was deleted leaves the files too. SQLite overwrites what it frees (`secure_delete`), but its log holds pages
 * as they were until it is folded into the file and cut, and a row that moved to another page as the tree grew has left a
 * copy in the gap of the old one: only VACUUM writes without gaps. On Postgres dead rows are vacuumed away, and what the
 * server's own log and backups hold is its operator's.
 */

import { sql } from 'kysely'
import type { Log } from '../log.js'
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
const VACUUM_EVERY_MS = { sqlite: 86_400_000, postgres: 3_600_000 } as const
const VACUUMED = 'erasure.vacuumed'
/** One a second: so many would wait for their answer, and more than that come and go unseen behind them. */
const MANY_HITS = 60
const LATELY_MS = 60_000

/**
 * Takes the last traces of erasures away: on Postgres at most once an hour; on SQLite, where all who write wait for it, a minute
 * for some gigabytes, once a day, and neither while a Send is under way nor, for a day, while Hits come in fast. It is marked
 * before, so that one which takes too long is not begun again and again. `incremental_vacuum` would not do: it gives back pages that are
 * free, and leaves the gaps in others as they are.
 */
export async function vacuumErased(
  query: Query,
  { now, log = null }: { readonly now: number; readonly log?: Pick<Log, 'info'> | null },
): Promise<void> {
  const engine = engineOf(query)
  if (engine === 'sqlite' && ((await isSending(query)) || (await isBetterLater(query, now)))) return
  if (!(await markVacuum(query, now, VACUUM_EVERY_MS[engine]))) return
  if (engine === 'postgres') {
    await sql.raw(`vacuum ${TOUCHED.join(', ')}`).execute(query)
    return
  }
  const begun = performance.now()
  log?.info({ sizeBytes: await sizeOf(query) }, 'the database is tidied after erasures; what writes waits')
  await withTempFiles(query, () => sql`vacuum`.execute(query))
  await wipeFreed(query)
  const tookMs = Math.round(performance.now() - begun)
  log?.info({ tookMs, sizeBytes: await sizeOf(query) }, 'the database is tidied')
}

async function sizeOf(query: Query): Promise<number> {
  const { rows } = await sql<{
    size: number
  }>`select page_count * page_size as size from pragma_page_count, pragma_page_size`.execute(query)
  return rows[0]?.size ?? 0
}

/** Hits come in fast, and nobody who was erased waits for it for a day already. */
async function isBetterLater(query: Query, now: number): Promise<boolean> {
  if (!(await isReadMuch(query, now))) return false
  const { rows } = await sql`select done_at from erasure where done_at <= ${now - VACUUM_EVERY_MS.sqlite}
    and done_at > coalesce((select cast(value as bigint) from meta where key = ${VACUUMED}), 0) limit 1`.execute(
    query,
  )
  return rows.length === 0
}

/** By their ids, in whose order they came. */
async function isReadMuch(query: Query, now: number): Promise<boolean> {
  const row = await query
    .selectFrom('hit')
    .select('at')
    .orderBy('id', 'desc')
    .offset(MANY_HITS - 1)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined && row.at > now - LATELY_MS
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
