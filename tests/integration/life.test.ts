/** A Send's life over a real engine and a slow receiver: paused, resumed, cancelled in the middle. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { createSend } from '../../src/send/create.js'
import { freezeSend } from '../../src/send/freeze.js'
import { cancelSend, pauseSend, resumeSend, sweepCancelled } from '../../src/send/life.js'
import { findSend } from '../../src/send/send.js'
import { compilation, countStates, freeze, subscribe, untilFinished } from '../rig/engine.js'
import { CONNECTIONS, countReasons, type LifeRoot, openLifeRoot, people, pinned } from '../rig/life.js'

let place: LifeRoot
let store: Store

beforeEach(async () => {
  place = await openLifeRoot()
  store = place.store
})

afterEach(() => place.close())

const pause = (sendId: number) => pauseSend(sendId, { query: store.db.query, reason: 'paused by Ada' })
const resume = (sendId: number) => resumeSend(sendId, { query: store.db.query, now: store.now })
const cancel = (sendId: number) => cancelSend(sendId, { query: store.db.query, reason: 'cancelled by Ada' })

async function create(listId: number, issue = compilation()): Promise<number> {
  return (await createSend(store.db.query, { ...pinned(issue), listId, now: store.now() })).sendId
}

test('paused in the middle: what is in flight finishes, nothing more begins; resumed, everyone gets it once', async () => {
  const listId = await subscribe(store, 'weekly', people(300))
  const { sendId } = await freeze(store, listId)
  await place.start()
  await place.untilAccepted(50)

  const paused = await pause(sendId)
  const { sent = 0, sending = 0 } = await countStates(store, sendId)
  await place.untilStill(sendId)
  // Another Send shows that the engine is at work meanwhile, and only on that one.
  const extra = await subscribe(store, 'extra', ['alice'])
  const other = await freeze(store, extra, compilation('2026-01-06-other'))
  await untilFinished(store, other.sendId)
  const still = await countStates(store, sendId)

  expect(paused).toEqual({ kind: 'changed', state: 'paused', reason: 'paused by Ada' })
  expect(sending).toBeLessThanOrEqual(CONNECTIONS)
  expect(still).toEqual({ sent: sent + sending, queued: 300 - sent - sending })
  expect(await place.acceptedOf(sendId)).toHaveLength(sent + sending)
  expect(await resume(sendId)).toEqual({ kind: 'changed', state: 'sending', reason: null })
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 300 })
  await place.expectClean(sendId)
})

test('paused and resumed again and again while it runs: nobody twice, nobody lost', async () => {
  const listId = await subscribe(store, 'weekly', people(300))
  const { sendId } = await freeze(store, listId)
  await place.start()

  for (let round = 1; round <= 6; round++) {
    await place.untilAccepted(round * 40)
    await pause(sendId)
    await resume(sendId)
  }
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 300 })
  await place.expectClean(sendId)
})

test('paused while people are placed: the freeze stops at the next chunk, and goes on where it was', async () => {
  const sendId = await create(await subscribe(store, 'weekly', people(5_000)))
  const { query } = store.db
  const stops: Promise<unknown>[] = []
  const onProgress = () => stops.push(pause(sendId))

  await freezeSend(sendId, { query, keys: store.keys, now: store.now, onProgress })
  await Promise.all(stops)
  const paused = await findSend(query, sendId)
  const placed = (await countStates(store, sendId)).queued ?? 0
  const resumed = await resume(sendId)
  await freezeSend(sendId, { query, keys: store.keys, now: store.now })

  expect(paused).toMatchObject({ state: 'paused', audience: null })
  expect(placed).toBeGreaterThan(0)
  expect(placed).toBeLessThan(5_000)
  expect(resumed).toMatchObject({ kind: 'changed', state: 'preparing' })
  expect(await findSend(query, sendId)).toMatchObject({ state: 'sending', audience: 5_000 })
  expect(await countStates(store, sendId)).toEqual({ queued: 5_000 })
})

test('cancelled in the middle: who has it has it, everyone else is excluded, and the books are closed', async () => {
  const listId = await subscribe(store, 'weekly', people(300))
  const { sendId } = await freeze(store, listId)
  await place.start()
  await place.untilAccepted(50)

  const cancelled = await cancel(sendId)
  await sweepCancelled(sendId, { query: store.db.query, now: store.now })
  await place.untilSettled(sendId)

  expect(cancelled).toEqual({ kind: 'changed', state: 'cancelled', reason: 'cancelled by Ada' })
  const { sent = 0, ...others } = await countStates(store, sendId)
  expect(sent).toBeLessThan(300)
  expect(others).toEqual({ excluded: 300 - sent })
  expect(await countReasons(store, sendId)).toEqual({ cancelled: 300 - sent })
  expect(place.smtp.ledger()).toHaveLength(sent)
  await place.expectClean(sendId)
  const open = store.db.query.selectFrom('batch').select('id').where('state', '=', 'open')
  expect(await open.execute()).toEqual([])
})

test('a sweep that was broken off is gone on with by the engine; who was greylisted is not tried again', async () => {
  const listId = await subscribe(store, 'weekly', ['full-dora', ...people(3_000)])
  const { sendId } = await freeze(store, listId)
  await store.db.query
    .updateTable('delivery')
    .set({ state: 'deferred', not_before: store.now() - 1 })
    .where('address', '=', 'full-dora@example.org')
    .execute()

  await cancel(sendId)
  await place.start()
  await place.untilSettled(sendId)

  expect(await countStates(store, sendId)).toEqual({ excluded: 3_001 })
  expect(place.smtp.ledger()).toEqual([])
  const keys = store.db.query.selectFrom('delivery').select('id').where('address_key', 'is not', null)
  expect(await keys.execute()).toEqual([])
})

test('cancelled while people are placed: nobody more is placed, and the set is kept as far as it came', async () => {
  const sendId = await create(await subscribe(store, 'weekly', people(5_000)))
  const { query } = store.db
  const stops: Promise<unknown>[] = []
  const onProgress = () => stops.push(cancel(sendId))

  await freezeSend(sendId, { query, keys: store.keys, now: store.now, onProgress })
  await Promise.all(stops)
  await place.start()
  await place.untilSettled(sendId)

  const { excluded = 0, ...others } = await countStates(store, sendId)
  expect(others).toEqual({})
  expect(excluded).toBeGreaterThan(0)
  expect(excluded).toBeLessThan(5_000)
  expect(await findSend(query, sendId)).toMatchObject({ audience: excluded, startedAt: null })
  await place.expectClean(sendId)
})

test('what is so already stays so, and from the end no way leads back', async () => {
  const sendId = await create(await subscribe(store, 'weekly', ['alice']))

  const twice = [await pause(sendId), await pause(sendId), await resume(sendId), await resume(sendId)]
  const ended = [await cancel(sendId), await cancel(sendId), await pause(sendId), await resume(sendId)]

  expect(twice.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'changed paused',
    'already paused',
    'changed preparing',
    'already preparing',
  ])
  expect(ended.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'changed cancelled',
    'already cancelled',
    'refused cancelled',
    'refused cancelled',
  ])
  await expect(pause(99)).rejects.toThrow('there is no Send 99')
})

test('a Send that was cancelled before anyone was placed does not stand in the way of another', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const first = await create(listId)
  await cancel(first)

  const second = await freeze(store, listId)
  const third = await createSend(store.db.query, { ...pinned(compilation()), listId, now: store.now() })
  await place.start()
  await untilFinished(store, second.sendId)

  expect(second).toMatchObject({ kind: 'created' })
  expect(third).toMatchObject({ kind: 'exists', sendId: second.sendId })
  const send = store.db.query.selectFrom('send').select(['copy', 'label']).where('id', '=', second.sendId)
  expect(await send.executeTakeFirst()).toEqual({
    copy: 1,
    label: `anew: Send ${first} was cancelled before anyone was placed`,
  })
  expect(await countStates(store, second.sendId)).toEqual({ sent: 2 })
})
