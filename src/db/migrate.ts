/** Brings the schema up to date. Losing the race against another process is success. */

import { type Kysely, sql } from 'kysely'
import { takeLock } from './advisory-lock.js'
import type { Engine } from './db.js'
import { first } from './migrations/0001-first.js'
import { lifeOfASend } from './migrations/0002-life-of-a-send.js'
import { wireAndPace } from './migrations/0003-wire-and-pace.js'
import { audience } from './migrations/0004-audience.js'
import { numbers } from './migrations/0005-numbers.js'
import { filedHits } from './migrations/0006-filed-hits.js'
import { whatCameAfter } from './migrations/0007-what-came-after.js'
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
] as const

export async function migrate(query: Kysely<Tables>, engine: Engine): Promise<void> {
  // Most often there is nothing to do, and then nobody who writes has to be waited for.
  if ((await schemaVersion(query)) === MIGRATIONS.length) return
  await withTempFiles(query, () => runMissing(query, engine))
}

function runMissing(query: Kysely<Tables>, engine: Engine): Promise<void> {
  return query.transaction().execute(async (trx) => {
    await takeLock(trx, 'migration')
    await sql`create table if not exists meta (key text primary key, value text not null)`.execute(trx)
    const row = await trx.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst()
    const version = Number(row?.value ?? 0)
    if (version > MIGRATIONS.length)
      throw new Error(`the database has schema ${version}; this Pressrun knows up to ${MIGRATIONS.length}`)
    if (version === MIGRATIONS.length) return
    for (const migration of MIGRATIONS.slice(version))
      for (const statement of migration(engine)) await sql.raw(statement).execute(trx)
    await trx
      .insertInto('meta')
      .values({ key: 'schema', value: String(MIGRATIONS.length) })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(MIGRATIONS.length) }))
      .execute()
  })
}

/** 0 for a database without our tables. */
async function schemaVersion(query: Kysely<Tables>): Promise<number> {
  const row = await query
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'schema')
    .executeTakeFirst()
    // There is no table yet. Whatever else is wrong shows at once in the transaction.
    .catch(() => undefined)
  return Number(row?.value ?? 0)
}
