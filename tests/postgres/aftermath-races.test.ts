/** Two acts about one Delivery at once: what is kept of it knows both. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db, Query } from '../../src/db/db.js'
import { insertEvents, type NewEvent } from '../../src/event/event.js'
import { readLeft } from '../../src/report/left.js'
import { openTestDb } from '../rig/database.js'
import { untilWaiting } from '../rig/locks.js'
import { subscriberIdOf } from '../rig/rows.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

let db: Db
let send: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  send = await seedSend(db.query, { state: 'finished', deliveries: [{ who: 'alice', state: 'uncertain' }] })
})
afterEach(() => db.close())

async function happen(query: Query, { kind, detail }: Pick<NewEvent, 'kind' | 'detail'>): Promise<void> {
  const { sendId, listId } = send
  const who = { subscriberId: await subscriberIdOf(db, 'alice'), listId, sendId }
  await insertEvents(query, [{ kind, at: 1, ...who, deliveryId: send.deliveries.alice ?? 0, detail }])
}

const bounce = { kind: 'bounced', detail: { how: 'report', fault: 'hard' } } as const

test('one who leaves while their provider complains has done both', async () => {
  let leaving: Promise<void> | null = null
  await db.query.transaction().execute(async (trx) => {
    await happen(trx, { kind: 'complained', detail: { how: 'report', type: 'abuse' } })
    leaving = db.query
      .transaction()
      .execute((other) => happen(other, { kind: 'unsubscribed', detail: { how: 'page' } }))
    await untilWaiting(db.query)
  })
  await leaving

  expect(await readLeft(db.query, send.sendId)).toMatchObject({ unsubscribes: 1, complaints: 1 })
})

test.each(['the report first', 'the state first'])(
  'what bounces while it is reported is one bounce, %s',
  async (order) => {
    const become = (query: Query) =>
      query.updateTable('delivery').set({ state: 'bounced' }).where('send_id', '=', send.sendId).execute()
    const [first, second] = order === 'the report first' ? [report, become] : [become, report]
    let waiting: Promise<unknown> | null = null
    await db.query.transaction().execute(async (trx) => {
      await first(trx)
      waiting = db.query.transaction().execute(async (other) => second(other))
      await untilWaiting(db.query)
    })
    await waiting

    expect((await readLeft(db.query, send.sendId)).bouncedLater.hard).toBe(0)

    async function report(query: Query): Promise<void> {
      await happen(query, bounce)
    }
  },
)
