/** What only Postgres allows: two transactions that each read what the other is about to change, clocks that differ. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { openLog } from '../../src/log.js'
import { claimBatch, forgottenBatches } from '../../src/send/batch.js'
import { finishSend } from '../../src/send/due.js'
import { openJournal } from '../../src/send/journal.js'
import { resolveUncertain } from '../../src/send/resolve.js'
import { expireLeases } from '../../src/send/takeover.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { untilWaiting } from '../rig/locks.js'

const RELAY = 'smtp://relay.example.org'

const WIRE_TIMEOUT_MS = 600_000

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

test('a resend that is decided while the Send is being finished goes out', async () => {
  const { sendId } = await abandon()
  const { query } = store.db
  let resending: ReturnType<typeof resend> | null = null
  let finishing: Promise<boolean> | null = null

  // Both wait for the row of the Send: the resend, to say that it is no longer as it was counted; behind it the finish,
  // which has looked at the Deliveries before the resend's commit.
  await query.transaction().execute(async (trx) => {
    await trx.selectFrom('send').select('id').where('id', '=', sendId).forNoKeyUpdate().execute()
    resending = resend(sendId, { isDead: true })
    await untilWaiting(query, 1)
    finishing = finishSend(sendId, { query, now: store.now, alarm: null })
    await untilWaiting(query, 2)
  })
  expect(await resending).toMatchObject({ decided: 1 })
  expect(await finishing).toBe(true)
  await root.engine()
  await untilSent(sendId)

  await untilFinished(store, sendId)
})

test('how long a reply may take is counted by one clock, whatever that of the sender shows', async () => {
  const { sendId } = await abandon({ clockMs: -WIRE_TIMEOUT_MS })

  expect(await resend(sendId, { isDead: false })).toMatchObject({ decided: 0, tooYoung: 1 })
})

test('an acceptance that comes while its Send is taken over from another is not lost', async () => {
  const { sendId, record } = await abandon()
  await resend(sendId, { isDead: true })
  await intend('second')
  const { query } = store.db

  // The take-over has judged the Delivery and waits for its row.
  let expiring: Promise<number> | null = null
  let recording: Promise<void> | null = null
  await query.transaction().execute(async (trx) => {
    await trx.selectFrom('delivery').select('id').where('send_id', '=', sendId).forNoKeyUpdate().execute()
    expiring = expireLeases({ query, now: store.now, isDead: () => true })
    await untilWaiting(store.db.query)
    recording = record()
    await Promise.race([recording, new Promise((resolve) => setTimeout(resolve, 500))])
  })
  await Promise.all([expiring, recording])

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
})

/** Alice's worker meant to end her Message, and is taken to be gone. */
async function abandon({ clockMs = 0 }: { readonly clockMs?: number } = {}) {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { record } = await intend('first', clockMs)
  await sql`update batch set lease_until = 1`.execute(store.db.query)
  await expireLeases({ query: store.db.query, now: store.now, isDead: () => false })
  expect(await countStates(store, sendId)).toEqual({ uncertain: 1 })
  return { sendId, record }
}

async function intend(owner: string, clockMs = 0) {
  const { keys } = store
  const lease = { query: store.db.query, owner, leaseMs: 60_000, now: () => store.now() + clockMs }
  const [bell] = await forgottenBatches(lease)
  const batch = await claimBatch(bell?.id ?? 0, lease)
  const [delivery] = batch?.deliveries ?? []
  if (!batch || !delivery) throw new Error('nothing to claim')
  const journal = openJournal({
    ...lease,
    keys,
    retry: { scheduleMs: [60_000], random: () => 0 },
    log: openLog('silent'),
    file: { append: async () => false, clear: async () => {} },
    probe: () => probeCommit(store.db.query, store.now),
  })
  expect(await journal.intend(batch, delivery, RELAY)).toBe('stands')
  const outcome = { kind: 'sent', code: 250, text: '250 2.0.0 Ok' } as const
  return { record: () => journal.record({ batch, delivery, outcome }) }
}

function resend(sendId: number, { isDead }: { readonly isDead: boolean }) {
  return resolveUncertain(
    { sendId, decision: 'resend', addressKey: null, by: 'editor' },
    {
      query: store.db.query,
      keys: store.keys,
      now: store.now,
      wireTimeoutMs: WIRE_TIMEOUT_MS,
      isDead: () => isDead,
    },
  )
}

async function untilSent(sendId: number): Promise<void> {
  await expect.poll(() => countStates(store, sendId), { timeout: 20_000 }).toEqual({ sent: 1 })
}
