/** Many who leave from one network at once: told of once, and brought back together but for those who meant it. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { insertEvents } from '../../src/event/event.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys } from '../../src/link/token.js'
import { flagBursts, sayBurst } from '../../src/track/bursts.js'
import { listBursts, undoBurst } from '../../src/track/bursts-undo.js'
import { erase } from '../../src/track/erase.js'
import { suppress } from '../../src/track/suppress.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'
import { people } from '../rig/people.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const keys = makeKeys(['a secret of the tests, long enough for a key'])
const NOON = Date.UTC(2026, 0, 5, 12)
const SCANNER = '203.0.113.0/24'

let time = NOON
const now = () => time
let db: Db
let hits: Hits

beforeEach(async () => {
  time = NOON
  db = await openTestDb()
  hits = openHits({ db, now })
})
afterEach(async () => {
  await hits.close()
  await db.close()
})

const flag = () => flagBursts({ query: db.query, now })
const undo = (id: number) => undoBurst(id, { query: db.query, keys, now, by: 'Ines' })

function seed(count: number, list = 'Harbour'): Promise<SeededSend> {
  const deliveries = people(count).map((who) => ({ who }))
  return seedSend(db.query, { deliveries, list, issue: { slug: `of-${list.toLowerCase()}` } })
}

async function leave(
  { deliveries }: SeededSend,
  count: number,
  { how = 'page', network = SCANNER, from = 0 } = {},
) {
  for (const who of people(from + count).slice(from)) {
    time += 100
    await unsubscribe(db, { deliveryId: deliveries[who] ?? 0, how, network, agent: 'x', now: time })
  }
}

const countActive = async () => {
  const rows = await db.query.selectFrom('subscription').select('id').where('status', '=', 'active').execute()
  return rows.length
}

describe('is told of', () => {
  test('beside a file that takes twenty thousand off their Lists', async () => {
    const send = await seed(20)
    const detail = { how: 'import', import: 1, by: 'editor' }
    const taken = Array.from({ length: 20_000 }, (_, index) => ({
      kind: 'unsubscribed' as const,
      at: NOON,
      subscriberId: 1_000 + index,
      listId: send.listId,
      detail,
    }))
    await insertEvents(db.query, taken)
    await leave(send, 20)

    expect(await flag()).toMatchObject([{ network: SCANNER, people: 20 }])
    expect(await undo(1)).toMatchObject({ restored: 20 })
  })

  test('once, and grows while it goes on', async () => {
    const send = await seed(40)
    await leave(send, 14)
    expect(await flag()).toEqual([])
    await leave(send, 6, { from: 14 })

    expect(await flag()).toMatchObject([{ network: SCANNER, how: 'page', people: 20 }])
    expect(await flag()).toEqual([])
    time += 9 * 60_000
    await leave(send, 15, { from: 20 })
    expect(await flag()).toEqual([])

    expect(await listBursts(db.query)).toMatchObject([{ people: 35, since: NOON + 100, undoneAt: null }])
  })

  test('by processes that look at the same time only once', async () => {
    const send = await seed(20)
    await leave(send, 20)

    const told = await Promise.all([flag(), flag(), flag()])

    expect(told.flat()).toHaveLength(1)
  })

  test.each([
    ['people of many networks', (index: number) => ({ network: `203.0.${index}.0/24` })],
    ['everyone behind a proxy of ours', () => ({ network: '127.0.0.0/24' })],
    ['whose network nobody knows', () => ({ network: '' })],
    ['one-click POSTs by the dozen, as providers make them', () => ({ how: 'one-click' })],
  ])('not when it is %s', async (_what, how) => {
    const send = await seed(30)
    for (let index = 0; index < 30; index++) await leave(send, 1, { from: index, ...how(index) })

    expect(await flag()).toEqual([])
  })

  test('not when it took hours', async () => {
    const send = await seed(30)
    for (let index = 0; index < 30; index++) {
      time += 5 * 60_000
      await leave(send, 1, { from: index })
      expect(await flag()).toEqual([])
    }
  })

  test('with other words when it is one-click, in hundreds', async () => {
    const send = await seed(200)
    await leave(send, 200, { how: 'one-click' })

    const [burst] = await flag()

    expect(burst).toMatchObject({ how: 'one-click', people: 200 })
    expect(sayBurst({ how: 'one-click' })).toContain('as a rule a mailbox provider’s')
    expect(sayBurst({ how: 'page' })).toContain('a scanner that presses buttons')
  })
})

describe('undoing it', () => {
  test('brings back all of them who have not acted since, on every List, once', async () => {
    const [harbour, canal] = [await seed(20), await seed(20, 'Canal')]
    await leave(harbour, 20)
    await leave(canal, 20)
    await flag()
    const [burst] = await listBursts(db.query)
    const id = burst?.id ?? 0
    time += 3_600_000
    const deliveryOf = (who: string) => harbour.deliveries[who] ?? 0
    const subscriberOf = async (who: string) => {
      const { subscriber_id } = await db.query
        .selectFrom('delivery')
        .select('subscriber_id')
        .where('id', '=', deliveryOf(who))
        .executeTakeFirstOrThrow()
      return subscriber_id
    }
    // Pressed the button again by hand; said something of another List; was suppressed; was erased.
    await hits.record({
      kind: 'unsubscribe',
      deliveryId: deliveryOf('reader1'),
      link: null,
      method: 'POST',
      userAgent: 'x',
      network: '198.51.100.0/24',
      headers: {},
    })
    await db.query
      .insertInto('event')
      .values({
        kind: 'preferred',
        at: time,
        subscriber_id: await subscriberOf('reader2'),
        detail: '{}',
      } as never)
      .execute()
    await suppress(db, { addressKey: 'reader3@example.com', reason: 'asked', by: 'command', keys, now: time })
    await erase(db, { subscriberId: await subscriberOf('reader4'), how: 'command', keys, now: time })

    const undone = await undo(id)

    // Of 38 that are left after the erasure: three people on two Lists stay away.
    expect(undone).toEqual({ burst: id, restored: 32, back: 0, left: 6 })
    expect(await countActive()).toBe(32)
    const [event] = await db.query.selectFrom('event').selectAll().where('kind', '=', 'restored').execute()
    expect(event?.detail).toBe(`{"how":"burst-undone","burst":${id},"by":"Ines"}`)
    expect(await listBursts(db.query)).toMatchObject([{ undoneBy: 'Ines', undoneAt: time }])
    expect(await undo(id)).toEqual({ burst: id, restored: 0, back: 32, left: 6 })
  })

  test('leaves those alone who left from there before, after, or by other ways', async () => {
    const send = await seed(40)
    await leave(send, 3)
    time += 3_600_000
    await leave(send, 20, { from: 3 })
    await leave(send, 5, { from: 23, network: '198.51.100.0/24' })
    await leave(send, 5, { from: 28, how: 'one-click' })
    await flag()
    time += 3_600_000
    await leave(send, 3, { from: 33 })
    const [burst] = await listBursts(db.query)

    expect(await undo(burst?.id ?? 0)).toMatchObject({ restored: 20, left: 0 })
    expect(await countActive()).toBe(24)
  })

  test('of one that is not there says so', async () => {
    await expect(undo(404)).rejects.toThrow('there is no burst 404')
  })
})
