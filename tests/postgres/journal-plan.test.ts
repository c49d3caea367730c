/** The Journal's statement is planned once for each connection; what was planned for a small table must not serve a large one. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noteGrowth } from '../../src/db/by-index.js'
import type { Db } from '../../src/db/db.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { makeKeys } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { type Journal, openJournal } from '../../src/send/journal.js'
import { openTestDb } from '../rig/database.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const PEOPLE = 40_000
const COMMITS = 12

let db: Db
let journal: Journal
let send: SeededSend
let batch: { id: number; sendId: number; fence: number }

beforeEach(async () => {
  db = await openTestDb()
  journal = openJournal({
    query: db.query,
    keys: makeKeys(['a secret of the tests, thirty-two signs']),
    owner: 'me',
    retry: { scheduleMs: [60_000], random: () => 0 },
    now: Date.now,
    log: openLog('silent'),
    file: { append: async () => false, clear: async () => {} },
    probe: () => probeCommit(db.query, Date.now),
  })
  const few = Array.from({ length: COMMITS }, (_, at) => ({ who: `few${at}`, state: 'queued' as const }))
  send = await seedSend(db.query, { deliveries: few })
  const { id } = await db.query
    .insertInto('batch')
    .values({
      send_id: send.sendId,
      lane: 'other',
      fence: 1,
      lease_owner: 'me',
      lease_until: Date.now() + 600_000,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  batch = { id, sendId: send.sendId, fence: 1 }
})

afterEach(() => db.close())

/** Rows of Deliveries that were read without an index since the tables were made. */
async function readWhole(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(db.query)
  const { rows } = await sql<{ read: number }>`
    select seq_tup_read as read from pg_stat_user_tables where relname = 'delivery'`.execute(db.query)
  return Number(rows[0]?.read)
}

async function intend(ids: readonly number[]): Promise<void> {
  for (const deliveryId of ids) {
    const delivery = { deliveryId, attempt: 0, subscriberId: deliveryId, addressKey: '' }
    expect(await journal.intend(batch, delivery, 'smtp://relay.example.org')).toBe('stands')
  }
}

test('after a small Send the Journal finds the people of a large one by index', async () => {
  await sql`analyze`.execute(db.query)
  await intend(Object.values(send.deliveries))
  await sql`insert into subscriber (id, address, address_key, created_at, changed_at)
    select n, n || '@example.org', n || '@example.org', 0, 0 from generate_series(1000, ${sql.lit(PEOPLE)}) as n`.execute(
    db.query,
  )
  await sql`insert into subscription (id, list_id, subscriber_id, status, created_at, changed_at)
    select n, ${sql.lit(send.listId)}, n, 'active', 0, 0 from generate_series(1000, ${sql.lit(PEOPLE)}) as n`.execute(
    db.query,
  )
  await sql`insert into delivery (id, send_id, issue_id, copy, subscriber_id, subscription_id, batch_id, lane, address, address_key,
      name, attributes, state, changed_at)
    select n, send.id, send.issue_id, 0, n, n, ${sql.lit(batch.id)}, 'other', n || '@example.org', n || '@example.org',
      '', '{}', 'queued', 0
    from send, generate_series(1000, ${sql.lit(PEOPLE)}) as n`.execute(db.query)
  await noteGrowth(db.query)
  const before = await readWhole()

  await intend(Array.from({ length: COMMITS }, (_, at) => 30_000 + at))

  expect((await readWhole()) - before).toBeLessThan(PEOPLE)
})
