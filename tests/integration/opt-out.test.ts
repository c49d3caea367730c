import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countLists } from '../../src/audience/list.js'
import { noteMerged } from '../../src/audience/merged.js'
import { findSubscriber } from '../../src/audience/subscriber.js'
import { endSubscription } from '../../src/audience/subscription.js'
import { findSuppressions } from '../../src/audience/suppression.js'
import type { Db } from '../../src/db/db.js'
import type { EventKind } from '../../src/db/schema.js'
import { hashAddress, makeKeys } from '../../src/link/token.js'
import { excludePeople } from '../../src/send/exclude.js'
import { suppress } from '../../src/track/suppress.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const keys = makeKeys(['a secret of the tests, long enough for a key'])
const NOON = Date.UTC(2026, 0, 5, 12)

let db: Db
beforeEach(async () => {
  db = await openTestDb()
})
afterEach(() => db.close())

function eventsOf(kind: EventKind) {
  return db.query.selectFrom('event').selectAll().where('kind', '=', kind).orderBy('id').execute()
}

async function statesOf(sendId: number) {
  const rows = await db.query
    .selectFrom('delivery')
    .select(['state', 'reason'])
    .where('send_id', '=', sendId)
    .orderBy('id')
    .execute()
  return rows.map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`))
}

/** Two Sends under way, of different Issues to different Lists. */
async function seedTwoSends(who: string) {
  const daily = await seedSend(db.query, {
    list: 'Daily',
    issue: { slug: '2026-01-05-one' },
    deliveries: [
      { who, state: 'queued' },
      { who: 'alice', state: 'queued' },
    ],
  })
  const weekly = await seedSend(db.query, {
    list: 'Weekly',
    issue: { slug: '2026-01-05-two' },
    deliveries: [{ who, state: 'deferred' }],
  })
  return { daily, weekly, deliveryId: daily.deliveries[who] ?? 0 }
}

describe('unsubscribing', () => {
  test('ends the Subscription and takes the person out of Sends to that List alone', async () => {
    const { daily, weekly, deliveryId } = await seedTwoSends('charlie')

    const answer = await unsubscribe(db, { deliveryId, how: 'one-click', now: NOON })

    expect(answer).toMatchObject({ kind: 'unsubscribed', listTitle: 'Daily' })
    expect(await statesOf(daily.sendId)).toEqual(['excluded: unsubscribed', 'queued'])
    expect(await statesOf(weekly.sendId)).toEqual(['deferred'])
    expect(await countLists(db.query, NOON)).toMatchObject([
      { name: 'daily', active: 1, unsubscribed: 1 },
      { name: 'weekly', active: 1, unsubscribed: 0 },
    ])
  })

  test('is recorded once, with what it came from', async () => {
    const { daily, deliveryId } = await seedTwoSends('charlie')

    await unsubscribe(db, { deliveryId, how: 'one-click', hitId: 7, now: NOON })
    const second = await unsubscribe(db, { deliveryId, how: 'page', hitId: 8, now: NOON + 1 })

    expect(second).toMatchObject({ kind: 'already', listTitle: 'Daily' })
    expect(await eventsOf('unsubscribed')).toMatchObject([
      {
        at: NOON,
        list_id: daily.listId,
        send_id: daily.sendId,
        delivery_id: deliveryId,
        hit_id: 7,
        detail: '{"how":"one-click"}',
      },
    ])
  })

  test('is the person’s own, and weighs more than what an editor ended before', async () => {
    const { deliveryId } = await seedTwoSends('charlie')
    const { subscription_id: id } = await db.query
      .selectFrom('delivery')
      .select('subscription_id')
      .where('id', '=', deliveryId)
      .executeTakeFirstOrThrow()
    const standing = () =>
      db.query
        .selectFrom('subscription')
        .select(['status', 'left_by'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()

    expect(await endSubscription(db.query, { id, by: 'editor', now: NOON })).toBe('active')
    expect(await standing()).toEqual({ status: 'unsubscribed', left_by: 'editor' })
    await unsubscribe(db, { deliveryId, how: 'page', now: NOON + 1 })

    expect(await standing()).toEqual({ status: 'unsubscribed', left_by: 'person' })
    expect(await endSubscription(db.query, { id, by: 'editor', now: NOON + 2 })).toBeNull()
    expect(await standing()).toEqual({ status: 'unsubscribed', left_by: 'person' })
    expect(await eventsOf('unsubscribed')).toMatchObject([{ detail: '{"how":"page","was":"unsubscribed"}' }])
  })

  test('twenty times at once is recorded once', async () => {
    const { deliveryId } = await seedTwoSends('charlie')

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => unsubscribe(db, { deliveryId, how: 'page', now: NOON })),
    )

    expect(answers.map(({ kind }) => kind).sort()).toEqual([...Array(19).fill('already'), 'unsubscribed'])
    expect(await eventsOf('unsubscribed')).toHaveLength(1)
  })

  test('works by the Subscription too', async () => {
    const { deliveryId } = await seedTwoSends('charlie')
    const { subscription_id: subscriptionId } = await db.query
      .selectFrom('delivery')
      .select('subscription_id')
      .where('id', '=', deliveryId)
      .executeTakeFirstOrThrow()

    const answer = await unsubscribe(db, { subscriptionId, how: 'page', now: NOON })

    expect(answer).toEqual({ kind: 'unsubscribed', subscriptionId, listTitle: 'Daily' })
    expect(await eventsOf('unsubscribed')).toMatchObject([{ send_id: null, delivery_id: null }])
  })

  test('from what is not there changes nothing', async () => {
    expect(await unsubscribe(db, { deliveryId: 404, how: 'page', now: NOON })).toEqual({ kind: 'unknown' })
    expect(await unsubscribe(db, { subscriptionId: 404, how: 'page', now: NOON })).toEqual({
      kind: 'unknown',
    })
    expect(await eventsOf('unsubscribed')).toEqual([])
  })
})

test('many at once are taken out of what they were sent under an earlier address too', async () => {
  const { daily, weekly } = await seedTwoSends('charlie')
  const idOf = async (who: string) => (await findSubscriber(db.query, `${who}@example.com`))?.id ?? 0
  const [gone, into] = [await idOf('charlie'), await idOf('alice')]
  await noteMerged(db.query, { gone, into })

  const excluded = await excludePeople(db.query, {
    subscriberIds: [into],
    listId: null,
    reason: 'suppressed',
    now: NOON,
  })

  expect(excluded).toBe(3)
  expect(await statesOf(daily.sendId)).toEqual(Array(2).fill('excluded: suppressed'))
  expect(await statesOf(weekly.sendId)).toEqual(['excluded: suppressed'])
})

describe('suppressing', () => {
  const frank = {
    addressKey: 'frank@example.com',
    reason: 'asked by letter',
    by: 'command',
    keys,
    now: NOON,
  }

  test('takes the person out of every Send under way', async () => {
    const { daily, weekly } = await seedTwoSends('frank')

    expect(await suppress(db, frank)).toEqual({ kind: 'suppressed', excluded: 2 })
    expect(await statesOf(daily.sendId)).toEqual(['excluded: suppressed', 'queued'])
    expect(await statesOf(weekly.sendId)).toEqual(['excluded: suppressed'])
  })

  test('again keeps the first reason and records nothing new', async () => {
    await suppress(db, frank)

    expect(await suppress(db, { ...frank, reason: 'bounced', now: NOON + 1 })).toEqual({
      kind: 'already',
      excluded: 0,
    })
    expect(await eventsOf('suppressed')).toMatchObject([
      { at: NOON, detail: '{"reason":"asked by letter","by":"command"}' },
    ])
    const hash = hashAddress(keys, frank.addressKey)
    expect(await findSuppressions(db.query, [hash, 'another'])).toEqual(
      new Map([[hash, { reason: 'asked by letter', createdAt: NOON }]]),
    )
  })

  test('leaves what was sent already as it is', async () => {
    const { sendId } = await seedSend(db.query, { deliveries: [{ who: 'frank', state: 'sent' }] })

    expect(await suppress(db, frank)).toEqual({ kind: 'suppressed', excluded: 0 })
    expect(await statesOf(sendId)).toEqual(['sent'])
  })

  test('holds for an address that nobody is subscribed with, and stores only its hash', async () => {
    await suppress(db, frank)

    const rows = await db.query.selectFrom('suppression').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('frank')
    expect(await eventsOf('suppressed')).toMatchObject([{ subscriber_id: null }])
  })
})
