/** The tidying of a SQLite file after an erasure: everyone who writes waits for it, so it waits until few do, and says so. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, test as anyTest, beforeEach, expect } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { openDb } from '../../src/db/open.js'
import { vacuumErased } from '../../src/db/wipe.js'
import { seedSend } from '../rig/seed.js'

/** On Postgres nobody waits for it. */
const test = anyTest.skipIf(process.env.PRESSRUN_TEST_DATABASE === 'postgres')
const NOW = Date.parse('2026-03-01T08:00:00Z')
const MINUTE_MS = 60_000

let dataDir: string
let db: Db
let logged: string[]

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-vacuum-'))
  db = await openDb({ databaseUrl: null, dataDir })
  logged = []
  await sql`create table large (bytes blob not null)`.execute(db.query)
  await sql`insert into large values (zeroblob(1000000)), (zeroblob(1000000))`.execute(db.query)
  await sql`delete from large`.execute(db.query)
  await db.query
    .insertInto('erasure')
    .values({ subscriber_id: 1, at: NOW - 2, done_at: NOW - 1 })
    .execute()
})

afterEach(async () => {
  await db.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const log = { info: (facts: object, said: string) => logged.push(`${said} ${Object.keys(facts).join(' ')}`) }
const tidy = (now: number) => vacuumErased(db.query, { now, log: log as never })

async function isTidy(): Promise<boolean> {
  const { rows } = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(db.query)
  return rows[0]?.freelist_count === 0
}

async function seedHits(deliveryId: number, count: number, at: number): Promise<void> {
  const hit = { kind: 'open', delivery_id: deliveryId, link: null, method: 'GET', user_agent: 'x' } as const
  const rows = Array.from({ length: count }, () => ({ ...hit, network: '', headers: '{}', at }))
  await db.query.insertInto('hit').values(rows).execute()
}

test('is done when nobody writes much, and the log says before and after what it does', async () => {
  await tidy(NOW)

  expect(await isTidy()).toBe(true)
  expect(logged).toEqual([
    'the database is tidied after erasures; what writes waits sizeBytes',
    'the database is tidied tookMs sizeBytes',
  ])
})

test('waits while Hits come in fast, and is done when they no longer do', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }], state: 'finished' })
  await seedHits(deliveries.alice ?? 0, 60, NOW)

  await tidy(NOW + 1_000)
  expect(await isTidy()).toBe(false)
  expect(logged).toEqual([])

  await tidy(NOW + MINUTE_MS)
  expect(await isTidy()).toBe(true)
})

test('waits no longer than a day for Hits that never cease', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }], state: 'finished' })
  const tomorrow = NOW + 86_400_000
  await seedHits(deliveries.alice ?? 0, 60, tomorrow)

  await tidy(tomorrow - 2 * MINUTE_MS)
  expect(await isTidy()).toBe(false)

  await tidy(tomorrow)
  expect(await isTidy()).toBe(true)
})

test('waits while a Send is under way', async () => {
  const { sendId } = await seedSend(db.query, { deliveries: [{ who: 'alice' }], state: 'sending' })

  await tidy(NOW)
  expect(await isTidy()).toBe(false)

  await db.query.updateTable('send').set({ state: 'finished' }).where('id', '=', sendId).execute()
  await tidy(NOW)
  expect(await isTidy()).toBe(true)
})
