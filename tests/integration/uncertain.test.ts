/** Those of whom nobody can know: what may be decided about them, by whom and when, and what settles it by itself. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { readDeliveries } from '../../src/report/deliveries.js'
import { honourReaders, honourReport } from '../../src/send/evidence.js'
import { type ResolveRequest, resolveUncertain } from '../../src/send/resolve.js'
import { expireLeases } from '../../src/send/takeover.js'
import { verifySend } from '../../src/send/verify.js'
import { suppress } from '../../src/track/suppress.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { claimSlowly, missing, RELAY } from '../rig/slow-worker.js'

const WIRE_TIMEOUT_MS = 600_000

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

/** A Send whose worker meant to end the first `meant` of its Messages, and was not heard of again. */
async function abandon(
  people: readonly string[],
  { meant = people.length, isDead = true }: { readonly meant?: number; readonly isDead?: boolean } = {},
) {
  const listId = await subscribe(store, 'weekly', people)
  const { sendId } = await freeze(store, listId)
  const { lease, journal, batch } = await claimSlowly(store, 'worker')
  const deliveries = batch.deliveries.slice(0, meant)
  for (const delivery of deliveries) expect(await journal.intend(batch, delivery, RELAY)).toBe('stands')
  await store.db.query.updateTable('batch').set({ lease_until: 1 }).execute()
  await expireLeases({ ...lease, isDead: () => isDead })
  expect(await countStates(store, sendId)).toMatchObject({ uncertain: meant })
  return { sendId, listId, batch, journal, deliveries }
}

function resolve(request: Partial<ResolveRequest> & Pick<ResolveRequest, 'sendId' | 'decision'>) {
  return resolveUncertain(
    { addressKey: null, by: 'editor', ...request },
    {
      query: store.db.query,
      keys: store.keys,
      now: store.now,
      wireTimeoutMs: WIRE_TIMEOUT_MS,
      isDead: () => false,
    },
  )
}

async function expectClean(sendId: number): Promise<void> {
  const ledger = root.ledger()
  const options = { query: store.db.query, keys: store.keys, ledger: () => ledger }
  expect((await verifySend(sendId, options)).findings).toEqual([])
}

test('an engine that was killed leaves its intents uncertain, and they stay so', async () => {
  const { sendId } = await abandon(['alice', 'dora', 'erin'], { meant: 2 })

  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ uncertain: 2, sent: 1 })
  await expectClean(sendId)
})

test('--resend queues them again under the same Message-ID; the record names who decided', async () => {
  const { sendId } = await abandon(['alice', 'dora'])

  const resolved = await resolve({ sendId, decision: 'resend' })
  await root.engine()
  await untilFinished(store, sendId)

  expect(resolved).toMatchObject({ decided: 2, tooYoung: 0, optedOut: 0 })
  expect(await countStates(store, sendId)).toEqual({ sent: 2 })
  const first = await store.db.query
    .selectFrom('attempt')
    .select(['decision', 'decided_by', 'outcome'])
    .where('number', '=', 1)
    .execute()
  expect(first).toEqual([
    { decision: 'resend', decided_by: 'editor', outcome: 'uncertain' },
    { decision: 'resend', decided_by: 'editor', outcome: 'uncertain' },
  ])
  expect(new Set(root.ledger().map(({ messageId }) => messageId)).size).toBe(2)
  await expectClean(sendId)
})

test('a resend opens a Send that was finished', async () => {
  const { sendId } = await abandon(['alice'])
  await root.engine()
  await untilFinished(store, sendId)

  await resolve({ sendId, decision: 'resend' })
  await vi.waitFor(async () => expect(await countStates(store, sendId)).toEqual({ sent: 1 }), 20_000)
  await untilFinished(store, sendId)

  await expectClean(sendId)
})

test('--leave keeps them uncertain, with a name; only one who is named is resent to after it', async () => {
  const { sendId } = await abandon(['alice', 'dora'])

  expect(await resolve({ sendId, decision: 'leave' })).toMatchObject({ decided: 2 })
  expect(await resolve({ sendId, decision: 'leave' })).toMatchObject({ decided: 0 })
  expect(await resolve({ sendId, decision: 'resend' })).toMatchObject({ decided: 0 })
  expect(await countStates(store, sendId)).toEqual({ uncertain: 2 })
  for await (const { decided } of readDeliveries(store.db.query, {
    sendId,
    state: 'uncertain',
    addressKey: null,
  }))
    expect(decided).toMatchObject({ decision: 'leave', by: 'editor' })
  await expect(verifySend(sendId, { query: store.db.query, keys: store.keys })).resolves.toMatchObject({
    isClean: true,
  })

  expect(await resolve({ sendId, decision: 'resend', addressKey: 'dora@example.org' })).toMatchObject({
    decided: 1,
  })
  expect(await countStates(store, sendId)).toEqual({ uncertain: 1, queued: 1 })
})

test('nothing is decided while a reply may still come: its process may live and the wire is patient', async () => {
  const { sendId } = await abandon(['alice'], { isDead: false })

  const refused = await resolve({ sendId, decision: 'resend' })
  const { intended_at: intendedAt } = await store.db.query
    .selectFrom('attempt')
    .select('intended_at')
    .executeTakeFirstOrThrow()

  expect(refused).toMatchObject({ decided: 0, tooYoung: 1, decidableAt: intendedAt + WIRE_TIMEOUT_MS })
  expect(await countStates(store, sendId)).toEqual({ uncertain: 1 })

  await sql`update attempt set intended_at = intended_at - ${WIRE_TIMEOUT_MS}`.execute(store.db.query)
  expect(await resolve({ sendId, decision: 'resend' })).toMatchObject({ decided: 1, tooYoung: 0 })
})

test('who left meanwhile is not resent to', async () => {
  const { sendId } = await abandon(['alice', 'charlie'])
  const addressKey = 'charlie@example.org'
  await suppress(store.db, {
    addressKey,
    reason: 'by hand',
    by: 'command',
    keys: store.keys,
    now: store.now(),
  })

  const resolved = await resolve({ sendId, decision: 'resend' })
  await root.engine()
  await untilFinished(store, sendId)

  expect(resolved).toMatchObject({ decided: 1, optedOut: 1 })
  expect(await countStates(store, sendId)).toEqual({ sent: 1, uncertain: 1 })
  expect(root.ledger().map(({ to }) => to)).toEqual(['alice@example.org'])
})

test('a true reply that comes after a resend was decided, and before it began, stops the resend', async () => {
  const { sendId, journal, batch, deliveries } = await abandon(['alice'])
  await resolve({ sendId, decision: 'resend' })

  await journal.record({
    batch,
    delivery: deliveries[0] ?? missing(),
    outcome: { kind: 'sent', code: 250, text: '250 Ok' },
  })

  expect(await countStates(store, sendId)).toEqual({ sent: 1 })
  await root.engine()
  await untilFinished(store, sendId)
  expect(root.ledger()).toEqual([])
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('the policy "resend" decides by itself, along the schedule, and the Send waits for it', async () => {
  const { sendId } = await abandon(['alice', 'dora'])
  await store.db.query.updateTable('send').set({ uncertain_policy: 'resend' }).execute()

  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 2 })
  const decided = await store.db.query
    .selectFrom('attempt')
    .select('decided_by')
    .where('number', '=', 1)
    .execute()
  expect(decided).toEqual(Array.from({ length: 2 }, () => ({ decided_by: 'the policy of the Send' })))
  await expectClean(sendId)
})

test('under the policy "resend" who left meanwhile stays uncertain, and the Send ends', async () => {
  const { sendId, deliveries } = await abandon(['alice', 'charlie'])
  await store.db.query.updateTable('send').set({ uncertain_policy: 'resend' }).execute()
  const [, charlie = missing()] = deliveries
  const { subscriber_id: subscriberId } = await store.db.query
    .selectFrom('delivery')
    .select('subscriber_id')
    .where('id', '=', charlie.deliveryId)
    .executeTakeFirstOrThrow()
  await store.db.query
    .updateTable('subscription')
    .set({ status: 'unsubscribed' })
    .where('subscriber_id', '=', subscriberId)
    .execute()

  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 1, uncertain: 1 })
  await expectClean(sendId)
})

test('a person’s unsubscribe shows that the Message arrived: uncertain becomes sent', async () => {
  const { sendId, deliveries } = await abandon(['alice', 'charlie'])
  const [, charlie = missing()] = deliveries

  await unsubscribe(store.db, { deliveryId: charlie.deliveryId, how: 'page', now: store.now() })
  expect(await honourReaders({ query: store.db.query, now: store.now })).toBe(1)

  expect(await countStates(store, sendId)).toEqual({ uncertain: 1, sent: 1 })
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', { sent: 1 }],
  ['Barracuda Sentinel (EE)', { uncertain: 1 }],
])('a click by "%s" leaves it %o', async (userAgent, states) => {
  const { sendId, deliveries } = await abandon(['alice'])
  await store.db.query
    .insertInto('hit')
    .values({
      kind: 'click',
      delivery_id: deliveries[0]?.deliveryId ?? 0,
      link: 0,
      method: 'GET',
      user_agent: userAgent,
      network: '192.0.2.0/24',
      headers: JSON.stringify({ 'accept-language': 'en', accept: 'text/html' }),
      at: store.now(),
    })
    .execute()

  const engine = await root.engine({ parts: ['ingest'] })
  await vi.waitFor(async () => {
    expect(await store.db.query.selectFrom('classification').select('verdict').execute()).toHaveLength(1)
    expect(await countStates(store, sendId)).toEqual(states)
  }, 20_000)
  await engine.close()

  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('a bounce report shows that it was refused later: uncertain becomes bounced', async () => {
  const { sendId, deliveries } = await abandon(['bob'])
  const request = { deliveryId: deliveries[0]?.deliveryId ?? 0, says: 'refused', now: store.now() } as const
  const honour = () => store.db.query.transaction().execute((trx) => honourReport(trx, request))

  expect(await honour()).toBe(true)
  expect(await honour()).toBe(false)

  expect(await countStates(store, sendId)).toEqual({ bounced: 1 })
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})
