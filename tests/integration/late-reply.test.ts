/** A reply that comes when something else has been decided or done meanwhile: what is known then, and what `verify` says. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { messageIdLeft } from '../../src/link/token.js'
import { honourReaders, honourReport } from '../../src/send/evidence.js'
import { freezeSend } from '../../src/send/freeze.js'
import { cancelSend, sweepCancelled } from '../../src/send/life.js'
import { supersedeSend } from '../../src/send/repeat.js'
import { resolveUncertain } from '../../src/send/resolve.js'
import { expireLeases } from '../../src/send/takeover.js'
import { verifySend } from '../../src/send/verify.js'
import { suppress } from '../../src/track/suppress.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot } from '../rig/engine.js'
import { corrected } from '../rig/life.js'
import { intendSlowly } from '../rig/slow-worker.js'

const ACCEPTED = { kind: 'sent', code: 250, text: '250 2.0.0 Ok' } as const

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

test('a resend without a reply, whose first message turns out to be accepted, is no alarm', async () => {
  const { sendId, first, second } = await resendToAlice()

  await first.record(ACCEPTED)
  await second.record({ kind: 'uncertain', text: 'connection closed' })

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
  expect(await findings(sendId)).toEqual([])
})

test('a resend whose process died, when the first message was accepted after all, is no alarm', async () => {
  const { sendId, first } = await resendToAlice()

  await first.record(ACCEPTED)
  await expireLeases({ query: store.db.query, now: store.now, isDead: () => true })

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
  expect(await findings(sendId)).toEqual([])
})

test('a message that a bounce report speaks of has been at the receiver: it is no alarm that his ledger has it', async () => {
  const listId = await subscribe(store, 'weekly', ['bob'])
  const { sendId } = await freeze(store, listId)
  const { delivery } = await intendAndVanish()

  await store.db.query
    .transaction()
    .execute((trx) =>
      honourReport(trx, { deliveryId: delivery.deliveryId, says: 'refused', now: store.now() }),
    )

  expect(await countStates(store, sendId)).toEqual({ bounced: 1 })
  const arrived = { to: delivery.address, messageId: messageIdLeft(store.keys, delivery.deliveryId) }
  expect(await findings(sendId, [arrived])).toEqual([])
})

test('who left while a resend waited, and had got the first message after all, does not get the issue by another List', async () => {
  const weekly = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, weekly)
  const { delivery, record } = await intendAndVanish()
  await resend(sendId)
  await unsubscribe(store.db, { deliveryId: delivery.deliveryId, how: 'page', now: store.now() })

  await record(ACCEPTED)

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
  const other = await freeze(store, await subscribe(store, 'all', ['alice']))
  expect(await countStates(store, other.sendId)).toEqual({ excluded: 1 })
})

test('a message in flight when its Send is cancelled may be in the ledger before its reply is on record', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { delivery } = await intendSlowly(store, 'worker')
  await cancelSend(sendId, { query: store.db.query, reason: 'cancelled by Ada' })

  const arrived = { to: delivery.address, messageId: messageIdLeft(store.keys, delivery.deliveryId) }
  expect(await findings(sendId, [arrived])).toEqual([])
})

test('whose first message may have arrived gets no corrected version, though a resend was decided before', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const { sendId } = await freeze(store, listId)
  await intendAndVanish()
  await resend(sendId)

  const correction = await supersede(sendId)

  expect(await countStates(store, sendId)).toEqual({ uncertain: 1, excluded: 1 })
  expect(await countStates(store, correction)).toEqual({ queued: 1 })
  expect(await findings(sendId)).toEqual([])
})

test('who is suppressed while a resend waits is still one of whom nobody knows', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  await intendAndVanish()
  await resend(sendId)

  const addressKey = 'alice@example.org'
  const { db, keys, now } = store
  await suppress(db, { addressKey, reason: 'by hand', by: 'command', keys, now: now() })

  expect(await countStates(store, sendId)).toEqual({ uncertain: 1 })
  expect(await resend(sendId)).toMatchObject({ decided: 0, optedOut: 1 })
  expect(await findings(sendId)).toEqual([])
})

test('a correction waits for a reply that may still come: it may say that somebody has nothing', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { record } = await intendSlowly(store, 'slow')
  await sql`update batch set lease_until = 1`.execute(store.db.query)
  await expireLeases({ query: store.db.query, now: store.now, isDead: () => false })
  const correction = await supersede(sendId)

  await record({ kind: 'deferred', reason: 'greylisted', code: 451, text: '451 4.7.1 greylisted' })
  await sweepCancelled(sendId, { query: store.db.query, now: store.now })
  await freezeSend(correction, freezing())

  expect(await countStates(store, sendId)).toEqual({ excluded: 1 })
  expect(await countStates(store, correction)).toEqual({ queued: 1 })
})

test('who has clicked before the line was cut is not resent to', async () => {
  const { sendId, delivery } = await clickInFlight()
  await expireLeases({ query: store.db.query, now: store.now, isDead: () => true })

  expect(await resend(sendId)).toMatchObject({ decided: 0 })

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
  expect(delivery.attempt).toBe(0)
})

/** Alice reads while the relay keeps us waiting for its reply. */
async function clickInFlight() {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { delivery } = await intendSlowly(store, 'worker')
  await store.db.query
    .insertInto('hit')
    .values({
      kind: 'click',
      delivery_id: delivery.deliveryId,
      link: 0,
      method: 'GET',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      network: '192.0.2.0/24',
      headers: JSON.stringify({ 'accept-language': 'en', accept: 'text/html' }),
      at: store.now(),
    })
    .execute()
  await ingestOnce({ db: store.db, now: store.now })
  await honourReaders({ query: store.db.query, now: store.now })
  return { sendId, delivery }
}

const freezing = () => ({
  query: store.db.query,
  keys: store.keys,
  now: store.now,
  wireTimeoutMs: 600_000,
})

/** As the command does it. */
async function supersede(sendId: number): Promise<number> {
  const { query } = store.db
  const created = await supersedeSend(sendId, { query, now: store.now, by: 'Ada', pinned: corrected() })
  if (created.kind !== 'created') throw new Error(`not created: ${JSON.stringify(created)}`)
  await sweepCancelled(sendId, { query, now: store.now })
  await freezeSend(created.sendId, freezing())
  return created.sendId
}

/** Alice's first Attempt was given up as uncertain, somebody decided to resend, and the second is under way. */
async function resendToAlice() {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const first = await intendAndVanish()
  await resend(sendId)
  const second = await intendSlowly(store, 'second')
  return { sendId, first, second }
}

function resend(sendId: number) {
  return resolveUncertain(
    { sendId, decision: 'resend', addressKey: null, by: 'editor' },
    { query: store.db.query, keys: store.keys, now: store.now, wireTimeoutMs: 1, isDead: () => true },
  )
}

async function findings(sendId: number, ledger: readonly { to: string; messageId: string }[] | null = null) {
  const options = { query: store.db.query, keys: store.keys, ...(ledger ? { ledger: () => ledger } : {}) }
  return (await verifySend(sendId, options)).findings
}

/** Its worker is given up, though it may still say what came of it. */
async function intendAndVanish() {
  const meant = await intendSlowly(store, 'first')
  await expireLeases({ query: store.db.query, now: store.now, isDead: () => true })
  return meant
}
