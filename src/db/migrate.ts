/** Brings the schema up to date, where no engine is in the way. Losing the race against another process is success. */

import { setTimeout as wait } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { InputError } from '../errors.js'
import { takeLock, tryLock } from './advisory-lock.js'
import type { Engine, Query } from './db.js'
import type { EngineLock } from './engine-lock.js'
import { first } from './migrations/0001-first.js'
import { lifeOfASend } from './migrations/0002-life-of-a-send.js'
import { wireAndPace } from './migrations/0003-wire-and-pace.js'
import { audience } from './migrations/0004-audience.js'
import { numbers } from './migrations/0005-numbers.js'
import { filedHits } from './migrations/0006-filed-hits.js'
import { whatCameAfter } from './migrations/0007-what-came-after.js'
import { untrackErased } from './migrations/0008-untrack-erased.js'
import { wholeText } from './migrations/0009-whole-text.js'
import { aftermath } from './migrations/0010-aftermath.js'
import type { Tables } from './schema.js'
import { withTempFiles } from './temp-files.js'

/** In order; the schema version is how many have run. */
export const MIGRATIONS = [
  first,
  lifeOfASend,
  wireAndPace,
  audience,
  numbers,
  filedHits,
  whatCameAfter,
  untrackErased,
  wholeText,
  aftermath,
] as const

/** Schemas of a database that was there before. */
export interface Upgrade {
  readonly from: number
  readonly to: number
}

/**
 * Null when there was nothing to do, or no database before. An engine that runs is of an older version then, and would go on
 * with tables that it does not know: nothing is changed under one, and none begins meanwhile. `keepEnginesOut` returns null
 * where one runs. Throws InputError for that, and for a database of a newer version.
 */
export async function migrate(
  query: Kysely<Tables>,
  engine: Engine,
  keepEnginesOut: () => EngineLock | null,
): Promise<Upgrade | null> {
  // Most often there is nothing to do, and then nobody who writes has to be waited for.
  const version = await schemaVersion(query)
  if (isToday(version)) return null
  // A new one has no engine.
  const lock = version === 0 ? null : keepEnginesOut()
  try {
    return await withTempFiles(query, () => runMissing(query, { engine, isAlone: lock !== null }))
  } finally {
    lock?.release()
  }
}

/** What is judged before is judged again: an engine of this version may just have started, and done it. */
function runMissing(
  query: Kysely<Tables>,
  { engine, isAlone }: { readonly engine: Engine; readonly isAlone: boolean },
): Promise<Upgrade | null> {
  return query.transaction().execute(async (trx) => {
    await takeLock(trx, 'migration')
    await sql`create table if not exists meta (key text primary key, value text not null)`.execute(trx)
    const from = await readSchema(trx)
    if (isToday(from)) return null
    const to = MIGRATIONS.length
    const isFree = isAlone && (await tryLock(trx, 'engines')) && !(await isAnyoneWorking(trx, engine, from))
    if (from > 0 && !isFree)
      throw new InputError(
        `an engine of an older Pressrun is running on this database (schema ${from}; this one brings ${to}): stop it first, then try again`,
      )
    for (const migration of MIGRATIONS.slice(from))
      for (const statement of migration(engine)) await sql.raw(statement).execute(trx)
    await trx
      .insertInto('meta')
      .values({ key: 'schema', value: String(to) })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(to) }))
      .execute()
    return from > 0 ? { from, to } : null
  })
}

/** The first schema that workers show their signs of life in. */
const SIGNS = 3
/** Three of them missed. */
const GONE_MS = 7_000
const LOOK_EVERY_MS = 250

/**
 * On Postgres an engine of a version without a Presence, or behind a pooler that gives its session to others, shows by these alone.
 * The last sign of one that has died is waited out; one that is alive gives another.
 */
async function isAnyoneWorking(trx: Query, engine: Engine, schema: number): Promise<boolean> {
  if (engine !== 'postgres' || schema < SIGNS) return false
  const first = await readLastSign(trx)
  for (let last = first; last.agoMs < GONE_MS; last = await readLastSign(trx)) {
    if (last.seenAt > first.seenAt) return true
    await wait(LOOK_EVERY_MS)
  }
  return false
}

async function readLastSign(trx: Query): Promise<{ readonly seenAt: number; readonly agoMs: number }> {
  const { rows } = await sql<{ seen_at: number; ago: number }>`
    select seen_at, cast(extract(epoch from clock_timestamp()) * 1000 as bigint) - seen_at as ago
    from worker order by seen_at desc limit 1`.execute(trx)
  const [sign] = rows
  return sign ? { seenAt: sign.seen_at, agoMs: sign.ago } : { seenAt: 0, agoMs: GONE_MS }
}

/** Throws InputError for one that this version does not know. */
export function isToday(version: number): boolean {
  if (version <= MIGRATIONS.length) return version === MIGRATIONS.length
  throw new InputError(
    `this database was used by a newer Pressrun (schema ${version}, this one knows ${MIGRATIONS.length}); update`,
  )
}

/** Throws InputError for one that this version does not know. */
export async function isUpToDate(query: Kysely<Tables>): Promise<boolean> {
  return isToday(await schemaVersion(query))
}

/** 0 for a database without our tables. */
function schemaVersion(query: Kysely<Tables>): Promise<number> {
  // There is no table yet. Whatever else is wrong shows at once in the transaction.
  return readSchema(query).catch(() => 0)
}

async function readSchema(query: Kysely<Tables>): Promise<number> {
  const row = await query.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst()
  return Number(row?.value ?? 0)
}
