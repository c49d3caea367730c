/** What only Postgres does: ids are committed out of their order. SQLite has one writer. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

let time = 1_000_000
const now = () => time
let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

test('a Hit whose commit comes later than that of a higher id is not passed over', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const requester = { method: 'GET', userAgent: 'Mozilla/5.0 (X11) Reader/1.0', network: '', headers: {} }
  const hit = { kind: 'open', deliveryId: deliveries.alice ?? 0, link: null, ...requester } as const

  await db.query.transaction().execute(async (trx) => {
    await openHits({ db: { query: trx }, now }).record(hit)
    await openHits({ db, now }).record(hit)
    expect(await ingestOnce({ db, now })).toBe(1)
  })

  expect(await ingestOnce({ db, now })).toBe(1)
  time += 600_000
  expect(await ingestOnce({ db, now })).toBe(0)
  expect(await db.query.selectFrom('event').selectAll().execute()).toHaveLength(2)
})
