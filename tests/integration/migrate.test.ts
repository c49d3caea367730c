/** A database of an earlier version: opened by this one, it has the schema of today and everything that was in it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { MIGRATIONS } from '../../src/db/migrate.js'
import { DATABASE_FILE, openDb } from '../../src/db/open.js'
import { sqliteDialect } from '../../src/db/sqlite-driver.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { createDatabase, dropDatabase, openTestDb } from '../rig/database.js'
import { subscriberIdOf } from '../rig/rows.js'
import { beforeWholeText, setSchema } from '../rig/schema.js'
import { seedSend } from '../rig/seed.js'

const NOW = Date.UTC(2026, 0, 5, 12)

let dataDir: string
let databaseUrl: string | null
let db: Db | null = null

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-test-'))
  databaseUrl = await createDatabase()
})
afterEach(async () => {
  await db?.close()
  db = null
  rmSync(dataDir, { recursive: true, force: true })
  if (databaseUrl !== null) await dropDatabase(databaseUrl)
})

/** As the version that knew so many migrations left it, with these statements run on it. */
async function leave(version: number, statements: readonly string[]): Promise<void> {
  const dialect =
    databaseUrl === null
      ? sqliteDialect(path.join(dataDir, DATABASE_FILE))
      : new PostgresDialect({ pool: new pg.Pool({ connectionString: databaseUrl }) })
  const query = new Kysely<unknown>({ dialect })
  const engine = databaseUrl === null ? 'sqlite' : 'postgres'
  const all = [
    'create table meta (key text primary key, value text not null)',
    ...MIGRATIONS.slice(0, version).flatMap((migration) => [...migration(engine)]),
    `insert into meta (key, value) values ('schema', '${version}')`,
    ...statements,
  ]
  for (const statement of all) await sql.raw(statement).execute(query)
  await query.destroy()
}

const hitBefore = (deliveryId: number) =>
  `insert into hit (kind, delivery_id, method, user_agent, network, headers, at)
    values ('open', ${deliveryId}, 'GET', 'Safari', '203.0.113.0/24', '{}', ${NOW})`

const WHO = { method: 'GET', userAgent: 'Safari', network: '203.0.113.0/24', headers: {} }

test('Hits that were there before they were filed are found, and one that comes then is looked at', async () => {
  await leave(5, [hitBefore(1), hitBefore(2)])

  db = await openDb({ databaseUrl, dataDir })
  const hits = openHits({ db, now: () => NOW })
  await hits.record({ ...WHO, kind: 'open', deliveryId: 3, link: null })
  await hits.close()

  expect(await ingestOnce({ db, now: () => NOW })).toBe(3)
  const filed = await db.query.selectFrom('hit').select(['delivery_id', 'is_filed']).orderBy('id').execute()
  expect(filed).toEqual([1, 2, 3].map((id) => ({ delivery_id: id, is_filed: 1 })))
})

test.each(MIGRATIONS.map((_, version) => version))(
  'from schema %i on it comes to the tables of a new one',
  async (version) => {
    await leave(version, [])

    db = await openDb({ databaseUrl, dataDir })

    const fresh = await openTestDb()
    try {
      expect(await readTables(db)).toEqual(await readTables(fresh))
    } finally {
      await fresh.close()
    }
  },
)

/** By name, each with its columns, what they may hold, and the version that all of it is. */
async function readTables({ query }: Db) {
  const tables = await query.introspection.getTables()
  const schema = await query.selectFrom('meta').select('value').where('key', '=', 'schema').execute()
  return { schema, tables: [...tables].sort((one, other) => (one.name < other.name ? -1 : 1)) }
}

test('who was erased before that was noted on their Deliveries is tracked no more', async () => {
  db = await openDb({ databaseUrl, dataDir })
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }] })
  const subscriberId = await subscriberIdOf(db, 'alice')
  await db.query
    .insertInto('erasure')
    .values({ subscriber_id: subscriberId, at: NOW, done_at: NOW })
    .execute()
  await beforeWholeText(db.query)
  await setSchema(db.query, 7)
  await db.close()

  db = await openDb({ databaseUrl, dataDir })

  const rows = await db.query.selectFrom('delivery').select(['id', 'is_untracked']).orderBy('id').execute()
  expect(rows).toEqual([
    { id: deliveries.alice, is_untracked: 1 },
    { id: deliveries.bob, is_untracked: 0 },
  ])
})
