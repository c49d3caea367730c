/** Why a Send does not get on: one text, put together from all that is wrong, which only its own engine takes back. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTrouble, type Trouble } from '../../src/app/trouble.js'
import type { Db } from '../../src/db/db.js'
import { openLog } from '../../src/log.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const DISK = 'the disk is nearly full'
const RELAY = 'the relay takes no messages'

let db: Db
let sendId: number
let troubles: Trouble[]

beforeEach(async () => {
  db = await openTestDb()
  troubles = []
  const seeded = await seedSend(db.query, { deliveries: [{ who: 'alice', state: 'queued' }] })
  sendId = seeded.sendId
})

afterEach(async () => {
  for (const trouble of troubles) await trouble.close()
  await db.close()
})

function engine({ isOnlyOne = false } = {}): Trouble {
  const trouble = openTrouble({ query: db.query, now: Date.now, log: openLog('silent'), isOnlyOne })
  troubles.push(trouble)
  return trouble
}

/** What is said is written in turn; the end of an engine waits for it. */
async function expectReason(reason: string | null, ...written: readonly Trouble[]): Promise<void> {
  for (const trouble of written) await trouble.settled()
  const send = await db.query.selectFrom('send').select('reason').where('id', '=', sendId).executeTakeFirst()
  expect(send?.reason).toBe(reason)
}

/** As if nobody had said it again for an hour. */
async function growOld(): Promise<void> {
  await db.query.updateTable('send').set({ explained_at: 1 }).where('id', '=', sendId).execute()
}

test('two things that are wrong are both said, and each is taken back alone', async () => {
  const one = engine()

  one.say('relay', RELAY)
  one.say('disk', DISK)
  await expectReason(`${RELAY}; ${DISK}`, one)
  one.say('relay', null)
  await expectReason(DISK, one)
  one.say('disk', null)
  await expectReason(null, one)
})

test('an engine that starts, is well or ends leaves another’s text alone', async () => {
  const ill = engine()
  ill.say('disk', DISK)
  await ill.settled()

  const well = engine()
  well.say('relay', RELAY)
  await expectReason(DISK, well)
  well.say('relay', null)
  await well.close()

  await expectReason(DISK)
})

test('an engine that ends keeps nobody from anything any more', async () => {
  const ill = engine()
  ill.say('disk', DISK)
  await expectReason(DISK, ill)

  await ill.close()

  await expectReason(null)
})

test('what a dead engine said is taken back by the next one, at once when it is the only one', async () => {
  engine().say('disk', DISK)
  await expectReason(DISK, ...troubles)

  await expectReason(DISK, engine())
  await expectReason(null, engine({ isOnlyOne: true }))
})

test('what nobody has said again for a while is a dead engine’s', async () => {
  engine().say('disk', DISK)
  await expectReason(DISK, ...troubles)
  await growOld()

  await expectReason(null, engine())
})

test('a Send that is paused keeps its own reason', async () => {
  await db.query.updateTable('send').set({ state: 'paused', reason: 'by Dora' }).execute()
  const ill = engine({ isOnlyOne: true })

  ill.say('disk', DISK)

  await expectReason('by Dora', ill)
})
