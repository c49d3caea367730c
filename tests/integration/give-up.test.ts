/** A lane that is given up: who has failed with it, and who has not. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { makeKeys } from '../../src/link/token.js'
import { giveUpLanes } from '../../src/send/pace/give-up.js'
import { verifySend } from '../../src/send/verify.js'
import { openTestDb } from '../rig/database.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const HOUR_MS = 3_600_000
const NOW = Date.now()
const keys = makeKeys(['a secret of the tests, thirty-two signs'])

let db: Db
let send: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  const deliveries = ['alice', 'bob', 'dora'].map((who) => ({ who, state: 'queued' as const }))
  send = await seedSend(db.query, { deliveries, now: NOW - 10 * HOUR_MS })
  await sql`update delivery set lane = 'gmail'`.execute(db.query)
  const lane = { version: 1, per_hour: 3_600, goal_per_hour: 7_200, connections: 1, reason: '421 slow down' }
  await db.query
    .insertInto('lane')
    .values({ ...lane, name: 'gmail', strikes: 9, slowed_since: NOW - 9 * HOUR_MS, changed_at: NOW })
    .execute()
})

afterEach(() => db.close())

function giveUp(): Promise<number> {
  const retry = { scheduleMs: [HOUR_MS, 2 * HOUR_MS], random: () => 0 }
  return giveUpLanes({ query: db.query, now: () => NOW, retry })
}

async function stateOf(who: string) {
  const those = db.query.selectFrom('delivery').select(['state', 'reason'])
  return those.where('id', '=', send.deliveries[who] ?? 0).executeTakeFirst()
}

test('who waits for a resend is uncertain again: the first message may have arrived', async () => {
  const attempt = {
    number: 1,
    send_id: send.sendId,
    relay: 'smtp://relay.example.org',
    fence: 1,
    owner: 'me',
  }
  await db.query
    .insertInto('attempt')
    .values({
      ...attempt,
      delivery_id: send.deliveries.bob ?? 0,
      intended_at: NOW - 9 * HOUR_MS,
      outcome: 'uncertain',
      decision: 'resend',
      decided_by: 'editor',
      decided_at: NOW - 8 * HOUR_MS,
    })
    .execute()
  await db.query
    .updateTable('delivery')
    .set({ attempt: 1 })
    .where('id', '=', send.deliveries.bob ?? 0)
    .execute()

  await giveUp()

  expect(await stateOf('alice')).toEqual({ state: 'failed', reason: 'expired' })
  expect(await stateOf('bob')).toEqual({ state: 'uncertain', reason: 'no reply on record' })
  const { findings } = await verifySend(send.sendId, { query: db.query, keys })
  expect(findings.filter(({ rule }) => !rule.startsWith('the set'))).toEqual([])
})

test.each([
  ['is paused', sql`update send set state = 'paused'`],
  ['goes on since a moment ago', sql`update send set resumed_at = ${NOW}`],
])('nobody has failed in a Send that %s', async (_, change) => {
  await change.execute(db.query)

  expect(await giveUp()).toBe(0)

  expect(await stateOf('alice')).toMatchObject({ state: 'queued' })
})
