/** A freeze in windows and steps: broken off anywhere, by two at once, beside others who write; everyone is placed once. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../src/app/store.js'
import { canonicalJson } from '../../src/compile/canonical.js'
import { readByIndex } from '../../src/db/by-index.js'
import { receivedBefore } from '../../src/send/candidate.js'
import { createSend } from '../../src/send/create.js'
import { freezeSend } from '../../src/send/freeze.js'
import { findSend } from '../../src/send/send.js'
import { verifySend } from '../../src/send/verify.js'
import { compilation, countStates, openTestRoot, subscribe, type TestRoot } from '../rig/engine.js'
import { people } from '../rig/people.js'

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

async function create(listId: number): Promise<number> {
  const issue = compilation()
  const content = canonicalJson(issue.compiled)
  return (await createSend(store.db.query, { compilation: issue, content, listId, now: store.now() })).sendId
}

const context = ({ db, keys, now }: Store = store) => ({ query: db.query, keys, now })

/** People by Batch, of all Batches of the Send. */
async function batchSizes(sendId: number): Promise<readonly number[]> {
  const { rows } = await sql<{ size: number }>`
    select (select count(*) from delivery where batch_id = batch.id) as size from batch
    where send_id = ${sendId} order by id`.execute(store.db.query)
  return rows.map(({ size }) => size)
}

test('broken off again and again, in more than one window, it goes on where it was', async () => {
  const sendId = await create(await subscribe(store, 'weekly', people(33_000)))
  let calls = 0

  while ((await findSend(store.db.query, sendId)).state === 'preparing') {
    const stop = new AbortController()
    let steps = 0
    const onProgress = () => {
      if (++steps === 2) stop.abort()
    }
    await freezeSend(sendId, { ...context(), stop: stop.signal, onProgress })
    calls++
  }

  expect(calls).toBeGreaterThan(2)
  expect(await countStates(store, sendId)).toEqual({ queued: 33_000 })
  expect(await findSend(store.db.query, sendId)).toMatchObject({ state: 'sending', audience: 33_000 })
  expect((await verifySend(sendId, context())).findings).toEqual([])
})

test('two processes at once place everyone once, and leave no Batch without people', async () => {
  const sendId = await create(await subscribe(store, 'weekly', people(20_000)))
  const other = await openStore(root.config)

  await Promise.all([freezeSend(sendId, context()), freezeSend(sendId, context(other))])
  await other.close()

  expect(await countStates(store, sendId)).toEqual({ queued: 20_000 })
  expect(await findSend(store.db.query, sendId)).toMatchObject({ state: 'sending', audience: 20_000 })
  expect(Math.min(...(await batchSizes(sendId)))).toBeGreaterThan(0)
})

test('a Batch that one step did not fill is filled by the next', async () => {
  const sendId = await create(
    await subscribe(store, 'weekly', [...people(5_100), 'gus@gmail.com', 'zoe@gmail.com']),
  )

  await freezeSend(sendId, context())

  expect([...(await batchSizes(sendId))].sort((a, b) => a - b)).toEqual([2, 100, ...Array(10).fill(500)])
})

test('lanes come from whoever finds them, asked once for each domain', async () => {
  const listId = await subscribe(store, 'weekly', [
    'alice',
    'bob@acme.example',
    'dora@acme.example',
    'gus@gmail.com',
  ])
  const sendId = await create(listId)
  const asked: string[] = []

  await freezeSend(sendId, {
    ...context(),
    findLanes: async (domains) => {
      asked.push(...domains)
      return new Map([['acme.example', 'gmail']])
    },
  })

  const { rows } = await sql<{ address: string; lane: string }>`
    select delivery.address, batch.lane from delivery join batch on batch.id = delivery.batch_id
    where delivery.lane = batch.lane order by delivery.address`.execute(store.db.query)
  expect(rows).toEqual([
    { address: 'alice@example.org', lane: 'other' },
    { address: 'bob@acme.example', lane: 'gmail' },
    { address: 'dora@acme.example', lane: 'gmail' },
    { address: 'gus@gmail.com', lane: 'other' },
  ])
  expect(asked.sort()).toEqual(['acme.example', 'example.org', 'gmail.com'])
})

test('who comes onto the List within the window under way is in the set or not, and the freeze ends', async () => {
  const listId = await subscribe(store, 'weekly', people(5_000))
  await subscribe(store, 'other', ['aaron', 'zoltan'])
  const sendId = await create(listId)
  const stop = new AbortController()
  await freezeSend(sendId, { ...context(), stop: stop.signal, onProgress: () => stop.abort() })

  await subscribe(store, 'weekly', ['aaron', 'zoltan'])
  await freezeSend(sendId, context())

  const { state, audience } = await findSend(store.db.query, sendId)
  expect(state).toBe('sending')
  expect([5_000, 5_001, 5_002]).toContain(audience)
  expect((await verifySend(sendId, context())).findings).toEqual([])
})

test('whether someone has got the Issue already is looked up by the person, however many have got it', async () => {
  const { db } = store
  const explain = db.engine === 'sqlite' ? sql`explain query plan` : sql`explain`
  const received = receivedBefore({ issueId: 1, copy: 0 })

  const { rows } = await db.query.transaction().execute(async (trx) => {
    // As a freeze does: tables of a test are too small for Postgres to want an index.
    await readByIndex(trx)
    return sql<object>`${explain} select (${received}) from subscriber`.execute(trx)
  })

  const plan = rows.map((row) => Object.values(row).join(' ')).join('\n')
  const byPerson =
    db.engine === 'sqlite' ? /delivery_subscriber \(subscriber_id=\?\)/g : /Index Cond: \(subscriber_id = /g
  expect(plan.match(byPerson)).toHaveLength(2)
})
