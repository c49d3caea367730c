/** Superseded by a correction, repeated to those who failed: everyone has at most one version, and somebody can say which. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import type { Trip } from '../../src/send/breaker.js'
import { createSend } from '../../src/send/create.js'
import { freezeSend } from '../../src/send/freeze.js'
import { cancelSend, pauseSend, resumeSend } from '../../src/send/life.js'
import { repeatSend, supersedeSend } from '../../src/send/repeat.js'
import { REFUSED_BY_POLICY } from '../../src/send/reply-rules.js'
import { findSend } from '../../src/send/send.js'
import { tripSend } from '../../src/send/trip.js'
import { verifySend } from '../../src/send/verify.js'
import { compilation, countStates, freeze, subscribe, untilFinished } from '../rig/engine.js'
import { corrected, countReasons, type LifeRoot, openLifeRoot, people, pinned } from '../rig/life.js'
import { startScriptedSmtp } from '../rig/scripted-smtp.js'

let place: LifeRoot
let store: Store

beforeEach(async () => {
  place = await openLifeRoot()
  store = place.store
})

afterEach(() => place.close())

const context = () => ({ query: store.db.query, keys: store.keys, now: store.now })
const supersede = (sendId: number, issue = corrected()) =>
  supersedeSend(sendId, { ...context(), by: 'Ada', pinned: issue })
const repeat = (sendId: number) => repeatSend(sendId, { ...context(), by: 'Ada', pinned: null })

function idOf(created: Awaited<ReturnType<typeof supersede>>): number {
  if (created.kind !== 'created') throw new Error(`not created: ${JSON.stringify(created)}`)
  return created.sendId
}

async function addressesOf(sendId: number, state: 'queued' | 'sent'): Promise<readonly string[]> {
  const rows = store.db.query.selectFrom('delivery').select('address').where('send_id', '=', sendId)
  return (await rows.where('state', '=', state).orderBy('address').execute()).map(({ address }) => address)
}

test('superseded in the middle: everyone gets exactly one of the two versions', async () => {
  const listId = await subscribe(store, 'weekly', ['bob', 'dora', ...people(298)])
  const { sendId } = await freeze(store, listId)
  await place.start()
  await place.untilAccepted(50)

  const correction = idOf(await supersede(sendId))
  await untilFinished(store, correction)
  await place.untilSettled(sendId)

  const first = await countStates(store, sendId)
  const second = await countStates(store, correction)
  expect(first).toMatchObject({ bounced: 1 })
  expect(second).toEqual({ sent: first.excluded })
  const accepted = place.smtp.ledger().map(({ to }) => to)
  expect(new Set(accepted).size).toBe(accepted.length)
  // All but Bob, who bounced.
  expect(accepted).toHaveLength(299)
  expect(await place.acceptedOf(sendId)).toHaveLength(first.sent ?? 0)
  expect(await place.acceptedOf(correction)).toHaveLength(second.sent ?? 0)
  await place.expectClean(sendId)
  await place.expectClean(correction)
  expect(await findSend(store.db.query, sendId)).toMatchObject({
    state: 'cancelled',
    reason: `superseded by Send ${correction} (Ada)`,
  })
  expect(await findSend(store.db.query, correction)).toMatchObject({
    hash: corrected().compilation.hash,
    of: { sendId, which: 'cancelled' },
  })
})

test('the correction waits for what is in flight, and leaves out whom it is still to reach', async () => {
  const relay = await startScriptedSmtp({
    act: ({ phase }) => (phase === 'DOT' ? { say: ['250 2.0.0 Ok'], afterMs: 1_500 } : null),
  })
  const listId = await subscribe(store, 'weekly', people(20))
  const { sendId } = await freeze(store, listId)
  await place.start(relay.url)
  await vi.waitFor(async () => expect((await countStates(store, sendId)).sending).toBeGreaterThan(0), {
    timeout: 20_000,
    interval: 10,
  })

  const correction = idOf(await supersede(sendId))
  await freezeSend(correction, context())
  const waiting = await findSend(store.db.query, correction)
  const flying = (await countStates(store, sendId)).sending ?? 0
  await untilFinished(store, correction)

  expect(flying).toBeGreaterThan(0)
  expect(waiting).toMatchObject({
    state: 'preparing',
    freezeCursor: 0,
    reason: `waits for what Send ${sendId} has under way`,
  })
  const first = await addressesOf(sendId, 'sent')
  const second = await addressesOf(correction, 'sent')
  expect(first.length).toBeGreaterThanOrEqual(flying)
  expect(new Set([...first, ...second]).size).toBe(20)
  expect(first.length + second.length).toBe(20)
  await relay.stop()
})

test('who is uncertain in a superseded Send gets no second version', async () => {
  const listId = await subscribe(store, 'weekly', people(10))
  const { sendId } = await freeze(store, listId)
  const { query } = store.db
  const [uncertain] = await query.selectFrom('delivery').select(['id', 'address']).limit(1).execute()
  await query
    .updateTable('delivery')
    .set({ state: 'uncertain', attempt: 1 })
    .where('id', '=', uncertain?.id ?? 0)
    .execute()
  await query
    .insertInto('attempt')
    .values({
      delivery_id: uncertain?.id ?? 0,
      number: 1,
      send_id: sendId,
      relay: 'smtp://relay.example.org',
      fence: 1,
      owner: 'dead',
      intended_at: 1,
      outcome: null,
      code: null,
      text: null,
      replied_at: null,
      decision: null,
      decided_by: null,
      decided_at: null,
    })
    .execute()

  const correction = idOf(await supersede(sendId))
  await place.start()
  await untilFinished(store, correction)

  expect(await countStates(store, sendId)).toEqual({ excluded: 9, uncertain: 1 })
  expect(await addressesOf(correction, 'sent')).not.toContain(uncertain?.address)
  expect(await countStates(store, correction)).toEqual({ sent: 9 })
})

test('superseded while people are placed: those placed and those not yet get the correction', async () => {
  const listId = await subscribe(store, 'weekly', people(5_000))
  const { query } = store.db
  const { sendId } = await createSend(query, { ...pinned(compilation()), listId, now: store.now() })
  const stops: Promise<unknown>[] = []
  const onProgress = () => stops.push(cancelSend(sendId, { query, reason: 'cancelled by Ada' }))
  await freezeSend(sendId, { ...context(), onProgress })
  await Promise.all(stops)
  const placed = (await countStates(store, sendId)).queued ?? 0

  // Twice in a row: the second one is stopped before anyone is placed at all.
  const second = idOf(await supersede(sendId))
  const third = idOf(await supersede(second, pinned({ ...compilation(), hash: 'another' })))
  const { close } = await place.start('smtp://127.0.0.1:1')
  await vi.waitFor(
    async () => expect(await findSend(query, third)).toMatchObject({ state: 'sending', audience: 5_000 }),
    { timeout: 30_000, interval: 50 },
  )
  await close()

  expect(placed).toBeLessThan(5_000)
  expect(await countStates(store, sendId)).toEqual({ excluded: placed })
  expect(await countStates(store, second)).toEqual({})
  expect(await countStates(store, third)).toEqual({ queued: 5_000 })
  expect((await verifySend(third, context())).findings).toEqual([])
})

test('a correction can be paused and superseded itself; what is finished cannot', async () => {
  const listId = await subscribe(store, 'weekly', people(20))
  const { sendId } = await freeze(store, listId)
  const { query } = store.db

  const correction = idOf(await supersede(sendId))
  const again = await supersede(sendId)
  await pauseSend(correction, { query, reason: 'paused by Ada' })
  const resumed = await resumeSend(correction, context())
  const better = idOf(await supersede(correction, pinned({ ...compilation(), hash: 'better' })))
  await place.start()
  await untilFinished(store, better)

  expect(again).toEqual({ kind: 'exists', sendId: correction, state: 'preparing' })
  expect(resumed).toMatchObject({ kind: 'changed', state: 'preparing' })
  expect(await supersede(better)).toEqual({ kind: 'refused', why: 'finished', state: 'finished' })
  expect(place.smtp.ledger()).toHaveLength(20)
  expect(await countStates(store, better)).toEqual({ sent: 20 })
})

test('a Send that is still to come keeps its time when it is superseded', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { query } = store.db
  const at = store.now() + 3_600_000
  const schedule = { at, zone: 'Europe/Berlin', lateMs: 60_000 }
  const { sendId } = await createSend(query, { ...pinned(compilation()), listId, now: store.now(), schedule })

  const correction = idOf(await supersede(sendId))

  expect(await findSend(query, correction)).toMatchObject({
    state: 'scheduled',
    reason: null,
    scheduled: { at, zone: 'Europe/Berlin' },
    lateMs: 60_000,
  })
})

test('repeated to those who failed: they get it, nobody else does, and only one repeat can be made', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'bob', 'defer-3-dora', 'defer-3-erin'])
  const { sendId } = await freeze(store, listId)
  const early = await repeat(sendId)
  await place.start()
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 1, bounced: 1, failed: 2 })

  const [one, other] = await Promise.all([repeat(sendId), repeat(sendId)])
  const created = one.kind === 'created' ? one : other
  const again = idOf(created)
  await untilFinished(store, again)

  expect(early).toEqual({ kind: 'refused', why: 'running', state: 'sending' })
  expect([one.kind, other.kind].sort()).toEqual(['created', 'exists'])
  expect(await repeat(sendId)).toMatchObject({ kind: 'exists', sendId: again })
  expect(await repeat(again)).toEqual({ kind: 'refused', why: 'nobody', state: 'finished' })
  expect(await countStates(store, again)).toEqual({ sent: 2 })
  expect(
    place.smtp
      .ledger()
      .map(({ to }) => to)
      .sort(),
  ).toEqual(['alice@example.org', 'defer-3-dora@example.org', 'defer-3-erin@example.org'])
  await place.expectClean(again)
  const ids = new Set(place.smtp.ledger().map(({ messageId }) => messageId))
  expect(ids.size).toBe(3)
})

test('a repeat leaves out who left, and who got the issue by another Send meanwhile', async () => {
  const weekly = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { query } = store.db
  const { sendId } = await freeze(store, weekly)
  await query.updateTable('delivery').set({ state: 'failed', reason: 'expired' }).execute()
  await query.updateTable('send').set({ state: 'finished' }).execute()
  // Copy 1, since a Send of copy 0 was cancelled before anyone was placed.
  const extra = await subscribe(store, 'extra', ['dora'])
  const plain = { ...pinned(compilation()), listId: extra, now: store.now() }
  await cancelSend((await createSend(query, plain)).sendId, { query, reason: 'cancelled by Ada' })
  const third = idOf(await repeat(sendId))
  const { sendId: other } = await createSend(query, plain)
  await freezeSend(other, context())
  const erin = query.selectFrom('subscriber').select('id').where('address', '=', 'erin@example.org')
  const { id } = await erin.executeTakeFirstOrThrow()
  await query
    .updateTable('subscription')
    .set({ status: 'unsubscribed' })
    .where('subscriber_id', '=', id)
    .execute()

  await freezeSend(third, context())

  expect(await addressesOf(other, 'queued')).toEqual(['dora@example.org'])
  expect(await addressesOf(third, 'queued')).toEqual(['alice@example.org'])
  expect(await countReasons(store, third)).toEqual({
    unsubscribed: 1,
    [`already received in Send ${other}`]: 1,
  })
})

test('two copies of one issue for the same people, frozen at the same moment: nobody is placed twice', async () => {
  const { query } = store.db
  const everyone = people(3_000)
  const weekly = await subscribe(store, 'weekly', everyone)
  const extra = await subscribe(store, 'extra', [...everyone].reverse())
  const { sendId } = await freeze(store, weekly)
  await query.updateTable('delivery').set({ state: 'failed', reason: 'expired' }).execute()
  await query.updateTable('send').set({ state: 'finished' }).execute()
  const plain = { ...pinned(compilation()), listId: extra, now: store.now() }
  for (let round = 1; round <= 2; round++)
    await cancelSend((await createSend(query, plain)).sendId, { query, reason: 'cancelled by Ada' })
  const { sendId: other } = await createSend(query, plain)
  const again = idOf(await repeat(sendId))

  await Promise.all([freezeSend(other, context()), freezeSend(again, context())])

  const copies = await Promise.all([other, again].map(async (id) => (await findSend(query, id)).copy))
  const counts = await Promise.all([other, again].map((id) => countStates(store, id)))
  expect(copies).toEqual([2, 1])
  expect(counts.reduce((sum, { queued = 0 }) => sum + queued, 0)).toBe(3_000)
  expect(counts.reduce((sum, { excluded = 0 }) => sum + excluded, 0)).toBe(3_000)
})

test('whom a repeat has placed stays failed in a Send that is stopped right after its end', async () => {
  const { query } = store.db
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const { sendId } = await freeze(store, listId)
  await query.updateTable('delivery').set({ state: 'failed', reason: REFUSED_BY_POLICY }).execute()
  await query.updateTable('send').set({ state: 'finished' }).execute()
  const again = idOf(await repeat(sendId))
  await freezeSend(again, context())
  await query
    .updateTable('delivery')
    .set({ state: 'excluded', reason: 'unsubscribed', address_key: null })
    .where('send_id', '=', again)
    .where('address', '=', 'dora@example.org')
    .execute()
  const trip: Trip = {
    sendId,
    lane: 'other',
    cause: REFUSED_BY_POLICY,
    count: 5,
    of: 50,
    example: '550 5.7.1',
  }

  await tripSend(trip, context())

  expect(await countStates(store, sendId)).toEqual({ deferred: 1, failed: 1 })
  expect(await addressesOf(again, 'queued')).toEqual(['alice@example.org'])
})
