/** What a worker that is slow, dead or paused may still do: the fence guards the start, a late reply always counts. */

import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { claimBatch, releaseBatch } from '../../src/send/batch.js'
import { finishSend } from '../../src/send/due.js'
import { excludeDeliveries } from '../../src/send/exclude.js'
import { replayLines, writeLine } from '../../src/send/outcome-line.js'
import { resolveUncertain } from '../../src/send/resolve.js'
import { expireLeases } from '../../src/send/takeover.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { A_MINUTE_LATER, claimSlowly, missing, RELAY } from '../rig/slow-worker.js'

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

const readers = Array.from({ length: 30 }, (_, index) => `reader${index}`)

test('a worker that died after its intents leaves exactly those uncertain; the rest is sent by another', async () => {
  const listId = await subscribe(store, 'weekly', readers)
  const { sendId } = await freeze(store, listId)
  const { journal, batch } = await claimSlowly(store, 'dead')
  const mine = batch.deliveries.slice(0, 3)
  for (const delivery of mine) expect(await journal.intend(batch, delivery, RELAY)).toBe('stands')
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
  const { lease, journal, batch } = await claimSlowly(store, 'slow')
  const [delivery = missing()] = batch.deliveries
  await journal.intend(batch, delivery, RELAY)
  await expireLeases({ ...lease, isDead: () => true })
  expect(await countStates(store, sendId)).toEqual({ uncertain: 1 })

  await journal.record({
    batch,
    delivery,
    outcome: { kind: 'sent', code: 250, text: '250 Ok' },
  })

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('an intent is refused after the lease was taken over, after a pause, and for who has left', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal, batch } = await claimSlowly(store, 'first')
  const [alice = missing(), dora = missing(), erin = missing()] = batch.deliveries

  await store.db.query.updateTable('send').set({ state: 'paused' }).execute()
  expect(await journal.intend(batch, alice, RELAY)).toBe('notOurs')
  await store.db.query.updateTable('send').set({ state: 'sending' }).execute()
  await excludeDeliveries(store.db.query, {
    subscriberId: dora.subscriberId,
    listId: null,
    reason: 'suppressed',
    now: 2,
  })
  expect(await journal.intend(batch, dora, RELAY)).toBe('gone')
  expect(await journal.intend(batch, erin, RELAY)).toBe('stands')
  await store.db.query.updateTable('batch').set({ lease_until: 1 }).execute()
  await expireLeases({ ...lease, isDead: () => false })
  await claimBatch(batch.id, { ...lease, owner: 'second' })
  expect(await journal.intend(batch, alice, RELAY)).toBe('notOurs')

  expect(await countStates(store, sendId)).toEqual({ queued: 1, excluded: 1, uncertain: 1 })
})

test('a true reply that comes after the finish and says "later" makes the Send go on', async () => {
  const listId = await subscribe(store, 'weekly', ['dora'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal, batch } = await claimSlowly(store, 'slow')
  const [delivery = missing()] = batch.deliveries
  await journal.intend(batch, delivery, RELAY)
  await expireLeases({ ...lease, isDead: () => true })
  await finishSend(sendId, { ...lease, alarm: null })
  expect(await stateOf(sendId)).toBe('finished')

  await journal.record({
    batch,
    delivery,
    outcome: { kind: 'deferred', reason: 'receiver has trouble', code: 451, text: '451 4.3.0 later' },
  })

  expect(await countStates(store, sendId)).toEqual({ deferred: 1 })
  expect(await stateOf(sendId)).toBe('sending')
})

test('a reply with a broken character is kept, and everyone after it too', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(store, listId)
  const { journal, batch } = await claimSlowly(store, 'worker')
  // 299 characters and half a surrogate pair: what a cut in the middle of an emoji leaves.
  const text = `250 ${'x'.repeat(295)}\u{1f600}`

  for (const delivery of batch.deliveries) {
    await journal.intend(batch, delivery, RELAY)
    await journal.record({ batch, delivery, outcome: { kind: 'sent', code: 250, text } })
  }

  expect(await countStates(store, sendId)).toEqual({ sent: 3 })
  const replies = await store.db.query.selectFrom('delivery').select('reply_text').execute()
  for (const { reply_text } of replies) expect(reply_text?.isWellFormed()).toBe(true)
})

test('one entry that the database refuses does not keep the others from being written down', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(store, listId)
  const { journal, batch } = await claimSlowly(store, 'worker')
  for (const delivery of batch.deliveries) await journal.intend(batch, delivery, RELAY)
  // Nothing that the types allow; the second in the group.
  const poison = { kind: 'nonsense' } as never

  const recorded = await Promise.allSettled(
    batch.deliveries.map((delivery, at) => {
      const outcome = at === 1 ? poison : ({ kind: 'sent', code: 250, text: '250 Ok' } as const)
      return journal.record({ batch, delivery, outcome })
    }),
  )

  expect(recorded.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await countStates(store, sendId)).toEqual({ sent: 2, sending: 1 })
})

async function stateOf(sendId: number): Promise<string> {
  const { state } = await store.db.query
    .selectFrom('send')
    .select('state')
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
  return state
}

test('an intent that is withdrawn, on the disk or not, is due again at once and never uncertain', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const { sendId } = await freeze(store, listId)
  const { journal, batch } = await claimSlowly(store, 'worker')
  const [alice = missing(), dora = missing()] = batch.deliveries
  await journal.intend(batch, alice, RELAY)

  await journal.withdraw(batch, alice)
  await journal.withdraw(batch, dora)

  expect(await countStates(store, sendId)).toEqual({ deferred: 1, queued: 1 })
  await expireLeases({ query: store.db.query, now: store.now, isDead: () => true })
  await root.engine()
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 2 })
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('a withdrawal does not touch the Attempt of whoever took over', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal, batch } = await claimSlowly(store, 'first')
  await expireLeases({ ...lease, isDead: () => true })
  const second = await claimSlowly(store, 'second')
  await second.journal.intend(second.batch, second.batch.deliveries[0] ?? missing(), RELAY)

  await journal.withdraw(batch, batch.deliveries[0] ?? missing())

  expect(await countStates(store, sendId)).toEqual({ sending: 1 })
})

test('a reply to an earlier Attempt does not end the one under way', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal, batch } = await claimSlowly(store, 'first')
  const [first = missing()] = batch.deliveries
  await journal.intend(batch, first, RELAY)
  await expireLeases({ ...lease, isDead: () => true })
  await resolveUncertain(
    { sendId, decision: 'resend', addressKey: null, by: 'editor' },
    { ...lease, keys: store.keys, wireTimeoutMs: 600_000, isDead: () => true },
  )
  const second = await claimSlowly(store, 'second')
  await second.journal.intend(second.batch, second.batch.deliveries[0] ?? missing(), RELAY)

  await journal.record({
    batch,
    delivery: first,
    outcome: { kind: 'deferred', reason: 'temporary', code: 451, text: '451 4.3.0 later' },
  })

  expect(await countStates(store, sendId)).toEqual({ sending: 1 })
  const attempts = await store.db.query
    .selectFrom('attempt')
    .select(['number', 'outcome'])
    .orderBy('number')
    .execute()
  expect(attempts).toEqual([
    { number: 1, outcome: 'deferred' },
    { number: 2, outcome: null },
  ])
})

test('outcomes that a dead engine left in its file are committed once, however often they are read', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'bob', 'dora'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal, batch } = await claimSlowly(store, 'dead')
  const [alice = missing(), bob = missing()] = batch.deliveries
  for (const delivery of [alice, bob]) await journal.intend(batch, delivery, RELAY)
  await expireLeases({ ...lease, isDead: () => true })
  const lines = [
    writeLine({
      kind: 'outcome',
      batch,
      delivery: alice,
      outcome: { kind: 'sent', code: 250, text: '250 Ok' },
    }),
    writeLine({
      kind: 'outcome',
      batch,
      delivery: bob,
      outcome: { kind: 'bounced', code: 550, text: '550 5.1.1 no such user' },
    }),
    '{"send":1,"delivery":',
  ]
  const context = { ...lease, keys: store.keys, retry: A_MINUTE_LATER }

  expect(await replayLines(lines, context)).toEqual({ committed: 2, unreadable: 1 })
  expect(await replayLines(lines, context)).toEqual({ committed: 2, unreadable: 1 })

  expect(await countStates(store, sendId)).toEqual({ sent: 1, bounced: 1, queued: 1 })
  expect(await store.db.query.selectFrom('event').select('kind').execute()).toEqual([{ kind: 'bounced' }])
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('an intent that took effect after its Batch was given back does not hold up the Send for ever', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const { sendId } = await freeze(store, listId)
  const { lease, journal, batch } = await claimSlowly(store, 'worker')
  await journal.intend(batch, batch.deliveries[0] ?? missing(), RELAY)
  await releaseBatch(batch, lease)

  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ uncertain: 1, sent: 1 })
})

test('an engine starts though what another left behind can’t be read', async () => {
  mkdirSync(path.join(root.config.dataDir, 'outcomes', 'broken.jsonl'), { recursive: true })
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)

  await root.engine({ env: { LOG_LEVEL: 'silent' } })
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
})
