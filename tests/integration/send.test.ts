/** From freeze to finish, over a real queue and real SMTP: every one of the audience comes to its right end. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { transact } from '../../src/db/transact.js'
import { hashAddress } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { claimBatch, expireLeases, forgottenBatches, type LeaseContext } from '../../src/send/batch.js'
import { finishSend } from '../../src/send/due.js'
import { excludeDeliveries } from '../../src/send/exclude.js'
import { openJournal } from '../../src/send/journal.js'
import { verifySend } from '../../src/send/verify.js'
import { openInbox } from '../../src/smtp/inbox.js'
import {
  compilation,
  countStates,
  freeze,
  openTestRoot,
  subscribe,
  type TestRoot,
  untilFinished,
} from '../rig/engine.js'
import { startScriptedSmtp } from '../rig/scripted-smtp.js'

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

const readers = Array.from({ length: 1_200 }, (_, index) => `reader${index}`)

/** What a receiver does with the cast: Bob's address is gone, Dora is greylisted twice. */
function castRefusals(address: string, timesSeen: number) {
  if (address.startsWith('bob@')) return { code: 550, text: '5.1.1 No such user here' }
  if (address.startsWith('dora@') && timesSeen < 3)
    return { code: 451, text: '4.7.1 Greylisted, try again later' }
  return null
}

test('the cast and 1,200 readers: everyone comes to the right end, once, and the receiver agrees', async () => {
  const listId = await subscribe(store, 'weekly', [
    'alice',
    'bob',
    'charlie',
    'dora',
    'frank',
    'gus@gmail.com',
    ...readers,
  ])
  await store.db.query
    .updateTable('subscription')
    .set({ status: 'unsubscribed' })
    .where('subscriber_id', 'in', (subscriber) =>
      subscriber.selectFrom('subscriber').select('id').where('address', '=', 'charlie@example.org'),
    )
    .execute()
  await store.db.query
    .insertInto('suppression')
    .values({
      address_hash: hashAddress(store.keys, 'frank@example.org'),
      reason: 'complained',
      created_at: 1,
    })
    .execute()

  const { sendId } = await freeze(store, listId)
  await root.engine({ onRecipient: castRefusals })
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 1_203, bounced: 1, excluded: 2 })
  const reasons = await store.db.query
    .selectFrom('delivery')
    .select(['address', 'reason', 'attempt'])
    .where('address', 'in', ['charlie@example.org', 'frank@example.org', 'dora@example.org'])
    .orderBy('address')
    .execute()
  expect(reasons).toEqual([
    { address: 'charlie@example.org', reason: 'unsubscribed', attempt: 0 },
    { address: 'dora@example.org', reason: null, attempt: 3 },
    { address: 'frank@example.org', reason: 'suppressed', attempt: 0 },
  ])
  const ledger = root.ledger()
  expect(new Set(ledger.map(({ to }) => to)).size).toBe(ledger.length)
  expect(
    await verifySend(sendId, { query: store.db.query, keys: store.keys, ledger: () => ledger }),
  ).toMatchObject({
    isClean: true,
    findings: [],
    audience: 1_206,
  })
})

test('Bob, who bounced hard, is suppressed and left out of the next Send', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'bob'])
  await root.engine({ onRecipient: castRefusals })

  const first = await freeze(store, listId, compilation('2026-01-05-first'))
  await untilFinished(store, first.sendId)
  const second = await freeze(store, listId, compilation('2026-01-19-second'))
  await untilFinished(store, second.sendId)

  expect(await countStates(store, first.sendId)).toEqual({ sent: 1, bounced: 1 })
  expect(await countStates(store, second.sendId)).toEqual({ sent: 1, excluded: 1 })
})

test('the same issue to the same list is one Send; to a second list it goes to those who lack it', async () => {
  const weekly = await subscribe(store, 'weekly', ['alice', 'dora'])
  const extra = await subscribe(store, 'extra', ['alice', 'erin'])
  await root.engine()

  const first = await freeze(store, weekly)
  const again = await freeze(store, weekly)
  const other = await freeze(store, extra)
  await untilFinished(store, first.sendId)
  await untilFinished(store, other.sendId)

  expect(again).toMatchObject({ kind: 'exists', sendId: first.sendId })
  expect(await countStates(store, other.sendId)).toEqual({ sent: 1, excluded: 1 })
  const { reason } = await store.db.query
    .selectFrom('delivery')
    .select('reason')
    .where('send_id', '=', other.sendId)
    .where('state', '=', 'excluded')
    .executeTakeFirstOrThrow()
  expect(reason).toBe(`already received in Send ${first.sendId}`)
  expect(
    root
      .ledger()
      .map(({ to }) => to)
      .sort(),
  ).toEqual(['alice@example.org', 'dora@example.org', 'erin@example.org'])
})

test('two freezes of one Send at the same time place everyone once', async () => {
  const listId = await subscribe(
    store,
    'weekly',
    Array.from({ length: 9_000 }, (_, index) => `r${index}`),
  )

  await Promise.all([freeze(store, listId), freeze(store, listId)])
  const other = await root.engine()
  const { id } = await store.db.query.selectFrom('send').select('id').executeTakeFirstOrThrow()
  await vi.waitFor(async () => {
    const { state } = await other.store.db.query.selectFrom('send').select('state').executeTakeFirstOrThrow()
    expect(['sending', 'finished']).toContain(state)
  })

  const counts = Object.values(await countStates(store, id)).reduce((sum, count) => sum + count, 0)
  expect(counts).toBe(9_000)
  expect((await verifySend(id, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('one issue to two lists that share everyone, frozen at the same moment: nobody gets it twice', async () => {
  const people = Array.from({ length: 3_000 }, (_, index) => `r${index}`)
  const weekly = await subscribe(store, 'weekly', people)
  const extra = await subscribe(store, 'extra', [...people].reverse())

  const [one, other] = await Promise.all([freeze(store, weekly), freeze(store, extra)])
  const counts = [await countStates(store, one.sendId), await countStates(store, other.sendId)]

  expect(counts.reduce((sum, { queued = 0 }) => sum + queued, 0)).toBe(3_000)
  expect(counts.reduce((sum, { excluded = 0 }) => sum + excluded, 0)).toBe(3_000)
})

test('hundreds of opt-outs while the journal commits: each is excluded or sent, none is both, nothing is lost', async () => {
  const people = Array.from({ length: 1_000 }, (_, index) => `r${index}`)
  const listId = await subscribe(store, 'weekly', people)
  const { sendId } = await freeze(store, listId)
  const subscribers = await store.db.query
    .selectFrom('subscriber')
    .select(['id', 'address'])
    .orderBy('id', 'desc')
    .execute()
  await root.engine()

  for (const { id } of subscribers.slice(0, 400))
    await transact(store.db.query, (trx) =>
      excludeDeliveries(trx, { subscriberId: id, listId, reason: 'unsubscribed', now: store.now() }),
    )
  await untilFinished(store, sendId)

  const states = await countStates(store, sendId)
  expect((states.sent ?? 0) + (states.excluded ?? 0)).toBe(1_000)
  expect(root.ledger()).toHaveLength(states.sent ?? 0)
  const ledger = root.ledger()
  expect(
    (await verifySend(sendId, { query: store.db.query, keys: store.keys, ledger: () => ledger })).findings,
  ).toEqual([])
})

test('who unsubscribes while queued gets nothing', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'charlie'])
  const { sendId } = await freeze(store, listId)
  const charlie = await store.db.query
    .selectFrom('subscriber')
    .select('id')
    .where('address', '=', 'charlie@example.org')
    .executeTakeFirstOrThrow()

  await excludeDeliveries(store.db.query, {
    subscriberId: charlie.id,
    listId,
    reason: 'unsubscribed',
    now: 2,
  })
  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 1, excluded: 1 })
  expect(root.ledger().map(({ to }) => to)).toEqual(['alice@example.org'])
})

test('a greylisting that outlasts the schedule ends as failed(expired)', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const { sendId } = await freeze(store, listId)
  await root.engine({
    onRecipient: (address) => (address.startsWith('dora') ? { code: 451, text: '4.7.1 Later' } : null),
  })
  await untilFinished(store, sendId)

  const dora = await store.db.query
    .selectFrom('delivery')
    .select(['state', 'reason', 'attempt', 'reply_code'])
    .where('address', '=', 'dora@example.org')
    .executeTakeFirstOrThrow()
  expect(dora).toEqual({ state: 'failed', reason: 'expired', attempt: 3, reply_code: 451 })
})

test('a relay that refuses our sender harms nobody on the list', async () => {
  const listId = await subscribe(store, 'weekly', readers.slice(0, 40))
  const { sendId } = await freeze(store, listId)
  let refusing = true
  const relay = await startScriptedSmtp({
    act: ({ phase }) =>
      phase === 'MAIL' && refusing ? { say: ['550 5.1.1 <editor@example.com>: unknown user'] } : null,
  })
  await root.engine({ env: { SMTP_URL: relay.url, PRESSRUN_SECRET: await localSecret() } })
  await vi.waitFor(
    async () => {
      const { reason } = await store.db.query.selectFrom('send').select('reason').executeTakeFirstOrThrow()
      expect(reason).toMatch(/takes no messages \(550 5\.1\.1/)
    },
    { timeout: 20_000 },
  )
  expect(await countStates(store, sendId)).toEqual({ queued: 40 })
  expect(await store.db.query.selectFrom('suppression').selectAll().execute()).toEqual([])

  refusing = false
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 40 })
  await relay.stop()
})

test('a relay that is away uses up nobody’s Attempt, says why, and the Send goes on when it is back', async () => {
  const listId = await subscribe(store, 'weekly', readers.slice(0, 50))
  const { sendId } = await freeze(store, listId)
  const folder = `${root.config.dataDir}/inbox`
  const gone = await openInbox({ folder })
  await gone.close()
  await root.engine({ env: { SMTP_URL: gone.url, PRESSRUN_SECRET: await localSecret() } })
  await vi.waitFor(
    async () => {
      const { reason } = await store.db.query.selectFrom('send').select('reason').executeTakeFirstOrThrow()
      expect(reason).toMatch(/takes no messages.*tried again by itself/)
    },
    { timeout: 20_000 },
  )
  expect(await countStates(store, sendId)).toEqual({ queued: 50 })

  const back = await openInbox({ folder, port: Number(new URL(gone.url).port) })
  await untilFinished(store, sendId)
  await back.close()

  const attempts = await store.db.query.selectFrom('attempt').select('number').execute()
  expect(attempts).toEqual(Array.from({ length: 50 }, () => ({ number: 1 })))
  expect(await countStates(store, sendId)).toEqual({ sent: 50 })
})

async function localSecret(): Promise<string> {
  const { readFileSync } = await import('node:fs')
  return readFileSync(`${root.config.dataDir}/secret`, 'utf8').trim()
}

/** A worker in slow motion: what deliverBatch does, step by step. */
function slowWorker(owner: string, leaseMs = 60_000) {
  const lease: LeaseContext = { query: store.db.query, owner, leaseMs, now: store.now }
  const journal = openJournal({
    query: store.db.query,
    keys: store.keys,
    owner,
    relay: 'smtp://relay.example.org',
    retry: { scheduleMs: [60_000], random: () => 0 },
    now: store.now,
    log: openLog('silent'),
  })
  return { lease, journal }
}

test('a worker that died after its intents leaves exactly those uncertain; the rest is sent by another', async () => {
  const listId = await subscribe(store, 'weekly', readers.slice(0, 30))
  const { sendId } = await freeze(store, listId)
  const { lease, journal } = slowWorker('dead', 1)
  const [bell] = await forgottenBatches(lease, 1)
  const batch = await claimBatch(bell?.id ?? 0, { ...lease, leaseMs: 60_000 })
  const mine = batch?.deliveries.slice(0, 3) ?? []
  for (const delivery of mine) expect(await journal.intend(batch ?? missing(), delivery)).toBe(true)
  await store.db.query.updateTable('batch').set({ lease_until: 1 }).execute()

  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ uncertain: 3, sent: 27 })
  const sentTo = new Set(root.ledger().map(({ to }) => to))
  for (const { address } of mine) expect(sentTo.has(address)).toBe(false)
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('a reply that comes after the take-over still counts', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal } = slowWorker('slow')
  const [bell] = await forgottenBatches(lease, 1)
  const batch = (await claimBatch(bell?.id ?? 0, lease)) ?? missing()
  const [delivery = missing()] = batch.deliveries
  await journal.intend(batch, delivery)
  await expireLeases(lease, { ownerIsDead: true })
  expect(await countStates(store, sendId)).toEqual({ uncertain: 1 })

  await journal.record({
    batch,
    delivery,
    intended: true,
    outcome: { kind: 'sent', code: 250, text: '250 Ok' },
  })

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('an intent is refused after the lease was taken over, after a pause, and for who has left', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal } = slowWorker('first')
  const [bell] = await forgottenBatches(lease, 1)
  const batch = (await claimBatch(bell?.id ?? 0, lease)) ?? missing()
  const [alice = missing(), dora = missing(), erin = missing()] = batch.deliveries

  await store.db.query.updateTable('send').set({ state: 'paused' }).execute()
  expect(await journal.intend(batch, alice)).toBe(false)
  await store.db.query.updateTable('send').set({ state: 'sending' }).execute()
  await excludeDeliveries(store.db.query, {
    subscriberId: dora.subscriberId,
    listId: null,
    reason: 'suppressed',
    now: 2,
  })
  expect(await journal.intend(batch, dora)).toBe(false)
  expect(await journal.intend(batch, erin)).toBe(true)
  await store.db.query.updateTable('batch').set({ lease_until: 1 }).execute()
  await claimBatch(batch.id, { ...lease, owner: 'second' })
  expect(await journal.intend(batch, alice)).toBe(false)

  expect(await countStates(store, sendId)).toEqual({ queued: 1, excluded: 1, uncertain: 1 })
})

test('a true reply that comes after the finish and says "later" makes the Send go on', async () => {
  const listId = await subscribe(store, 'weekly', ['dora'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal } = slowWorker('slow')
  const [bell] = await forgottenBatches(lease, 1)
  const batch = (await claimBatch(bell?.id ?? 0, lease)) ?? missing()
  const [delivery = missing()] = batch.deliveries
  await journal.intend(batch, delivery)
  await expireLeases(lease, { ownerIsDead: true })
  await finishSend(sendId, { ...lease, alarm: null })
  expect(await stateOf(sendId)).toBe('finished')

  await journal.record({
    batch,
    delivery,
    intended: true,
    outcome: { kind: 'deferred', code: 451, text: '451 4.3.0 later' },
  })

  expect(await countStates(store, sendId)).toEqual({ deferred: 1 })
  expect(await stateOf(sendId)).toBe('sending')
})

test('a reply with a broken character is kept, and everyone after it too', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal } = slowWorker('worker')
  const [bell] = await forgottenBatches(lease, 1)
  const batch = (await claimBatch(bell?.id ?? 0, lease)) ?? missing()
  // 299 characters and half a surrogate pair: what a cut in the middle of an emoji leaves.
  const text = `250 ${'x'.repeat(295)}\u{1f600}`

  for (const delivery of batch.deliveries) {
    await journal.intend(batch, delivery)
    await journal.record({ batch, delivery, intended: true, outcome: { kind: 'sent', code: 250, text } })
  }

  expect(await countStates(store, sendId)).toEqual({ sent: 3 })
  const replies = await store.db.query.selectFrom('delivery').select('reply_text').execute()
  for (const { reply_text } of replies) expect(reply_text?.isWellFormed()).toBe(true)
})

test('one entry that the database refuses does not keep the others from being written down', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal } = slowWorker('worker')
  const [bell] = await forgottenBatches(lease, 1)
  const batch = (await claimBatch(bell?.id ?? 0, lease)) ?? missing()
  for (const delivery of batch.deliveries) await journal.intend(batch, delivery)
  const codes = [250, Number.NaN, 250]

  const recorded = await Promise.allSettled(
    batch.deliveries.map((delivery, at) =>
      journal.record({
        batch,
        delivery: at === 1 ? { ...delivery, deliveryId: 2 ** 70 } : delivery,
        intended: true,
        outcome: { kind: 'sent', code: codes[at] ?? 0, text: '250 Ok' },
      }),
    ),
  )

  expect(recorded.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(2)
  expect(await countStates(store, sendId)).toMatchObject({ sent: 2 })
})

async function stateOf(sendId: number): Promise<string> {
  const { state } = await store.db.query
    .selectFrom('send')
    .select('state')
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
  return state
}

function missing(): never {
  throw new Error('nothing to claim')
}
