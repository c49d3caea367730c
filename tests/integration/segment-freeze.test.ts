/** A Send to a Segment of a List: the set is the Segment as it was when the freeze began, whatever comes between. */

import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { parseFilter } from '../../src/audience/segment/parse.js'
import type { Segment } from '../../src/audience/segment/segment.js'
import { canonicalJson } from '../../src/compile/canonical.js'
import type { Compilation } from '../../src/compile/compiled.js'
import { createSend } from '../../src/send/create.js'
import { freezeSend } from '../../src/send/freeze.js'
import { sweepCancelled } from '../../src/send/life.js'
import { countOutlook } from '../../src/send/outlook.js'
import { supersedeSend } from '../../src/send/repeat.js'
import { findSend } from '../../src/send/send.js'
import { verifySend } from '../../src/send/verify.js'
import { compilation, countStates, openTestRoot, subscribe, type TestRoot } from '../rig/engine.js'
import { corrected, countReasons } from '../rig/life.js'
import { people } from '../rig/people.js'

const DAY_MS = 86_400_000
const NOON = Date.UTC(2026, 0, 5, 12)

let root: TestRoot
let store: Store
let now: number

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
  now = NOON
})

afterEach(() => root.close())

const context = () => ({ query: store.db.query, keys: store.keys, now: () => now })

function segment(filter: string): Segment {
  return { name: null, filter, where: parseFilter(filter, { types: [], where: 'the filter', line: null }) }
}

interface Wanted {
  readonly filter?: string
  readonly topics?: readonly string[]
  readonly slug?: string
  readonly calendar?: string
}

function about({ topics, slug }: Wanted): Compilation {
  const plain = compilation(slug)
  return { ...plain, compiled: { ...plain.compiled, ...(topics ? { topics } : {}) } }
}

async function create(listId: number, wanted: Wanted): Promise<number> {
  const issue = about(wanted)
  const { sendId } = await createSend(store.db.query, {
    compilation: issue,
    content: canonicalJson(issue.compiled),
    listId,
    segment: wanted.filter === undefined ? null : segment(wanted.filter),
    calendar: wanted.calendar ?? 'UTC',
    now,
  })
  return sendId
}

async function freeze(listId: number, wanted: Wanted): Promise<number> {
  const sendId = await create(listId, wanted)
  await freezeSend(sendId, context())
  return sendId
}

async function addressesOf(sendId: number): Promise<readonly string[]> {
  const rows = await store.db.query
    .selectFrom('delivery')
    .select('address')
    .where('send_id', '=', sendId)
    .execute()
  return rows.map(({ address }) => address).sort()
}

function change(who: string, values: { readonly attributes?: string; readonly lang?: string }) {
  return store.db.query
    .updateTable('subscriber')
    .set(values)
    .where('address', '=', `${who}@example.org`)
    .execute()
}

async function changeSubscription(
  who: string,
  values: { readonly paused_until?: number; readonly preferences?: string; readonly status?: 'unsubscribed' },
) {
  await store.db.query
    .updateTable('subscription')
    .set(values)
    .where('subscriber_id', '=', (eb) =>
      eb.selectFrom('subscriber').select('subscriber.id').where('address', '=', `${who}@example.org`),
    )
    .execute()
}

describe('a Send to a Segment', () => {
  test('is for the Segment, its opt-outs counted, and for nobody else', async () => {
    const listId = await subscribe(store, 'weekly', ['alice', 'bob', 'charlie', 'dora'])
    for (const who of ['alice', 'charlie']) await change(who, { attributes: '{"country":"DE"}' })
    await change('dora', { attributes: '{"country":"FR"}' })
    await changeSubscription('charlie', { status: 'unsubscribed' })
    const { slug } = compilation().compiled
    const wanted = { slug, topics: [], listId, segment: segment('country = "de"'), calendar: 'UTC' }

    const outlook = await countOutlook(store.db.query, { ...wanted, keys: store.keys, now })
    const sendId = await freeze(listId, { filter: 'country = "de"' })

    expect(outlook).toEqual({ audience: 2, mailable: 1, excluded: { unsubscribed: 1 } })
    expect(await addressesOf(sendId)).toEqual(['alice@example.org', 'charlie@example.org'])
    expect(await countStates(store, sendId)).toEqual({ queued: 1, excluded: 1 })
    expect(await findSend(store.db.query, sendId)).toMatchObject({
      state: 'sending',
      audience: 2,
      asOf: NOON,
    })
    expect((await verifySend(sendId, context())).findings).toEqual([])
  })

  test('that nobody is of is frozen and finished with nobody', async () => {
    const listId = await subscribe(store, 'weekly', ['alice'])

    const sendId = await freeze(listId, { filter: 'tagged "vip"' })

    expect(await findSend(store.db.query, sendId)).toMatchObject({ state: 'sending', audience: 0 })
  })

  test('broken off, and gone on with after months: who is of it was said when it began', {
    timeout: 120_000,
  }, async () => {
    const listId = await subscribe(store, 'weekly', people(34_000))
    // Half of them are 10 days on the List, the others 100.
    await sql`update subscription set created_at = case when subscriber_id % 2 = 0
      then cast(${NOON - 10 * DAY_MS} as bigint) else cast(${NOON - 100 * DAY_MS} as bigint) end`.execute(
      store.db.query,
    )
    const sendId = await create(listId, { filter: 'joined < 90d and not has country' })
    let calls = 0

    while ((await findSend(store.db.query, sendId)).state === 'preparing') {
      const stop = new AbortController()
      let steps = 0
      const onProgress = () => {
        if (++steps === 2) stop.abort()
      }
      await freezeSend(sendId, { ...context(), stop: stop.signal, onProgress })
      now += 365 * DAY_MS
      calls++
    }

    expect(calls).toBeGreaterThan(2)
    const { rows } = await sql<{ of: number; others: number }>`
      select sum(case subscriber_id % 2 when 0 then 1 else 0 end) as of,
        sum(case subscriber_id % 2 when 0 then 0 else 1 end) as others
      from delivery where send_id = ${sendId}`.execute(store.db.query)
    expect(rows.map(({ of, others }) => [Number(of), Number(others)])).toEqual([[17_000, 0]])
    expect((await verifySend(sendId, context())).findings).toEqual([])
  })

  test('superseded while it was frozen: the correction is for the rest of the Segment too, as of then', async () => {
    const listId = await subscribe(store, 'weekly', people(6_000))
    await sql`update subscription set created_at = case when subscriber_id % 2 = 0
      then cast(${NOON - 10 * DAY_MS} as bigint) else cast(${NOON - 100 * DAY_MS} as bigint) end`.execute(
      store.db.query,
    )
    const sendId = await create(listId, { filter: 'joined < 90d' })
    const stop = new AbortController()
    await freezeSend(sendId, { ...context(), stop: stop.signal, onProgress: () => stop.abort() })
    const placed = (await addressesOf(sendId)).length
    now += 365 * DAY_MS

    const created = await supersedeSend(sendId, { ...context(), by: 'Ada', pinned: corrected() })
    await sweepCancelled(sendId, context())
    if (created.kind !== 'created') throw new Error(created.kind)
    await store.db.query.updateTable('send').set({ finished_at: now }).where('id', '=', sendId).execute()
    await freezeSend(created.sendId, context())

    expect(placed).toBeGreaterThan(0)
    expect(placed).toBeLessThan(3_000)
    expect(await countStates(store, created.sendId)).toEqual({ queued: 3_000 })
    expect((await verifySend(created.sendId, context())).findings).toEqual([])
  })
})

describe('who gets nothing of a Send for now', () => {
  test('is who has paused, as of the freeze', async () => {
    const listId = await subscribe(store, 'weekly', ['alice', 'bob', 'dora'])
    await changeSubscription('bob', { paused_until: NOON + 1 })
    await changeSubscription('dora', { paused_until: NOON })

    const sendId = await freeze(listId, {})

    expect(await countReasons(store, sendId)).toEqual({ paused: 1 })
    expect(await countStates(store, sendId)).toEqual({ queued: 2, excluded: 1 })
  })

  test('is who has chosen topics, and none of the Issue’s', async () => {
    const listId = await subscribe(store, 'weekly', ['alice', 'bob', 'charlie', 'dora', 'erin'])
    await changeSubscription('bob', { preferences: '{"topics":["rail"]}' })
    await changeSubscription('charlie', { preferences: '{"topics":["rail","harbour"]}' })
    await changeSubscription('dora', { preferences: '{"topics":[]}' })
    await changeSubscription('erin', { preferences: '{"monthly":true}' })

    const forAll = await freeze(listId, { slug: '2026-01-01-for-all' })
    now += 40 * DAY_MS
    const harbour = await freeze(listId, { slug: '2026-02-14-harbour', topics: ['harbour', 'fishing'] })

    expect(await countReasons(store, forAll)).toEqual({})
    expect(await countReasons(store, harbour)).toEqual({ 'other topics': 1 })
    expect((await findSend(store.db.query, harbour)).topics).toEqual(['harbour', 'fishing'])
    expect((await verifySend(harbour, context())).findings).toEqual([])
  })

  test('is who wants one Issue a month and had one, in the months of the publication', async () => {
    const listId = await subscribe(store, 'weekly', ['alice', 'bob'])
    const otherList = await subscribe(store, 'other', ['bob'])
    await changeSubscription('bob', { preferences: '{"monthly":true}' })
    const berlin = { calendar: 'Europe/Berlin' }
    // In Berlin it is February already.
    now = Date.UTC(2026, 0, 31, 23, 30)

    const first = await freeze(listId, { slug: '2026-01-31-a', ...berlin })
    now = Date.UTC(2026, 1, 28, 22, 30)
    const second = await freeze(listId, { slug: '2026-02-28-b', ...berlin })
    const onOther = await freeze(otherList, { slug: '2026-02-28-c', ...berlin })
    now = Date.UTC(2026, 1, 28, 23, 30)
    const third = await freeze(listId, { slug: '2026-03-01-d', ...berlin })

    expect(await countReasons(store, first)).toEqual({})
    expect(await countReasons(store, second)).toEqual({ 'had one this month': 1 })
    expect(await countReasons(store, onOther)).toEqual({})
    expect(await countReasons(store, third)).toEqual({})
  })

  test('an Issue that they were left out of is none that they had', async () => {
    const listId = await subscribe(store, 'weekly', ['bob'])
    await changeSubscription('bob', { preferences: '{"monthly":true,"topics":["rail"]}' })

    await freeze(listId, { slug: '2026-01-05-a', topics: ['harbour'] })
    const second = await freeze(listId, { slug: '2026-01-06-b', topics: ['rail'] })

    expect(await countStates(store, second)).toEqual({ queued: 1 })
  })

  test('of two Issues frozen at once, who wants one a month gets one', async () => {
    const listId = await subscribe(store, 'weekly', people(40))
    await sql`update subscription set preferences = '{"monthly":true}'`.execute(store.db.query)
    const sends = [
      await create(listId, { slug: '2026-01-05-a' }),
      await create(listId, { slug: '2026-01-05-b' }),
    ]

    await Promise.all(sends.map((sendId) => freezeSend(sendId, context())))

    const queued = await Promise.all(
      sends.map(async (sendId) => (await countStates(store, sendId)).queued ?? 0),
    )
    expect(queued.reduce((sum, count) => sum + count, 0)).toBe(40)
  })
})
