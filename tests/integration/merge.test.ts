/** Two Subscribers become one person, since one has moved to the address of the other. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeliveryState } from '../../src/db/schema.js'
import { hashAddress } from '../../src/link/token.js'
import { judgeCandidates } from '../../src/send/candidate.js'
import { digestSet } from '../../src/send/set.js'
import { verifySend } from '../../src/send/verify.js'
import { leaveOf, preferencesOf } from '../rig/links.js'
import { askAndAgree, deliveriesIn, move, subscribersIn } from '../rig/moving.js'
import { subscriberIdOf } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: NOON, agent: 'Tests/1' })
})

afterEach(() => web.close())

test('it says which Lists they stay unsubscribed from, once and again', async () => {
  const { to } = await askAndAgree(web)
  await seedSend(web.db.query, {
    deliveries: [{ who: 'other' }],
    list: 'Tides & Co',
    issue: { slug: '2026-03-02-tides' },
  })
  const other = await subscriberIdOf(web.db, 'other')
  await web.db.query
    .updateTable('subscriber')
    .set({
      address: 'alice.new@example.org',
      address_key: 'alice.new@example.org',
      address_hash: hashAddress(KEYS, 'alice.new@example.org'),
    })
    .where('id', '=', other)
    .execute()
  await web.db.query
    .updateTable('subscription')
    .set({ status: 'unsubscribed', left_by: 'person' })
    .where('subscriber_id', '=', other)
    .execute()

  for (const page of [
    await web.read(to, { fields: {} }),
    await web.read(to),
    await web.read(to, { fields: {} }),
  ]) {
    expect(page).toContain('Your address is changed')
    expect(page).toContain('You stay unsubscribed from Tides &amp; Co.')
  }
})

test.each([
  ['active', 'active', 'active'],
  ['active', 'unsubscribed', 'unsubscribed'],
  ['unsubscribed', 'active', 'unsubscribed'],
  ['pending', 'active', 'active'],
  ['active', 'pending', 'active'],
  ['pending', 'pending', 'pending'],
  ['unsubscribed', 'pending', 'unsubscribed'],
] as const)('%s and %s become %s: an opt-out of either wins', async (own, theirs, united) => {
  await seedSend(web.db.query, {
    deliveries: [
      { who: 'alice', state: 'queued' },
      { who: 'anna', state: 'queued' },
    ],
  })
  await seedSend(web.db.query, {
    deliveries: [{ who: 'anna' }],
    list: 'Canal',
    issue: { slug: '2026-03-02-b' },
  })
  const [alice, anna] = [await subscriberIdOf(web.db, 'alice'), await subscriberIdOf(web.db, 'anna')]
  const harbour = (id: number) =>
    web.db.query.updateTable('subscription').where('subscriber_id', '=', id).where('list_id', '=', 1)
  await harbour(alice)
    .set({ status: own, left_by: own === 'unsubscribed' ? 'editor' : null })
    .execute()
  await harbour(anna)
    .set({ status: theirs, left_by: theirs === 'unsubscribed' ? 'person' : null })
    .execute()

  expect(await move(web, { subscriberId: alice, from: 'alice@example.com', to: 'anna@example.com' })).toBe(
    true,
  )

  expect(await subscribersIn(web.db)).toMatchObject([{ id: alice, address: 'anna@example.com' }])
  const rows = await web.db.query
    .selectFrom('subscription')
    .select(['list_id', 'subscriber_id', 'status', 'left_by'])
    .orderBy('list_id')
    .execute()
  expect(rows).toEqual([
    {
      list_id: 1,
      subscriber_id: alice,
      status: united,
      left_by: united !== 'unsubscribed' ? null : theirs === 'unsubscribed' ? 'person' : 'editor',
    },
    { list_id: 2, subscriber_id: alice, status: 'active', left_by: null },
  ])
  const states = (await deliveriesIn(web.db)).map(({ state, reason }) => [state, reason])
  expect(states).toEqual(
    united === 'unsubscribed'
      ? [
          ['excluded', 'unsubscribed'],
          ['excluded', 'unsubscribed'],
          ['sent', null],
        ]
      : [
          ['excluded', 'moved'],
          ['queued', null],
          ['sent', null],
        ],
  )
})

test.each<DeliveryState>(['queued', 'sending', 'sent', 'uncertain'])(
  'an Issue that the other one has as %s does not come twice, by this Send or a later one, and the set stays',
  async (state) => {
    const { sendId } = await seedSend(web.db.query, {
      deliveries: [
        { who: 'alice', state: 'queued' },
        { who: 'anna', state },
      ],
    })
    const { audience, digest } = await digestSet(web.db.query, sendId)
    await web.db.query
      .updateTable('send')
      .set({ audience, set_digest: digest })
      .where('id', '=', sendId)
      .execute()
    const other = await seedSend(web.db.query, { deliveries: [], list: 'Canal', state: 'preparing' })
    const [alice, anna] = [await subscriberIdOf(web.db, 'alice'), await subscriberIdOf(web.db, 'anna')]
    await move(web, { subscriberId: alice, from: 'alice@example.com', to: 'anna@example.com' })
    await web.db.query
      .insertInto('subscription')
      .values({
        list_id: other.listId,
        subscriber_id: alice,
        status: 'active',
        created_at: 1,
        changed_at: 1,
      })
      .execute()

    expect(await deliveriesIn(web.db)).toMatchObject([
      { subscriber_id: alice, state: 'excluded', reason: 'moved' },
      { subscriber_id: anna, address: 'anna@example.com', state },
    ])
    const context = {
      issueId: 1,
      sendId: other.sendId,
      listId: other.listId,
      copy: 0,
      topics: [],
      asOf: NOON,
      calendar: 'UTC',
      keys: KEYS,
    }
    const reasons = await judgeCandidates(web.db.query, [alice], context)
    expect(reasons.get(alice)).toBe(`already received in Send ${sendId}`)
    const { findings } = await verifySend(sendId, { query: web.db.query, keys: KEYS })
    expect(findings.map(({ rule }) => rule)).not.toContain('the set is not the frozen one')
  },
)

test('an Issue got at the old address does not come to the new one', async () => {
  const { sendId } = await seedSend(web.db.query, { deliveries: [{ who: 'alice', state: 'sent' }] })
  const other = await seedSend(web.db.query, { deliveries: [], list: 'Canal', state: 'preparing' })
  const alice = await subscriberIdOf(web.db, 'alice')
  await web.db.query
    .insertInto('subscription')
    .values({ list_id: other.listId, subscriber_id: alice, status: 'active', created_at: 1, changed_at: 1 })
    .execute()
  await move(web, { subscriberId: alice, from: 'alice@example.com', to: 'new@example.org' })

  const context = {
    issueId: 1,
    sendId: other.sendId,
    listId: other.listId,
    copy: 0,
    topics: [],
    asOf: NOON,
    calendar: 'UTC',
    keys: KEYS,
  }
  expect((await judgeCandidates(web.db.query, [alice], context)).get(alice)).toBe(
    `already received in Send ${sendId}`,
  )
})

test('the links in the messages of both lead to the one they are now', async () => {
  const { deliveries: ids } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'anna' }],
  })
  const next = await seedSend(web.db.query, {
    deliveries: [{ who: 'anna', state: 'queued' }],
    issue: { slug: '2026-03-20-next' },
  })
  await move(web, {
    subscriberId: await subscriberIdOf(web.db, 'alice'),
    from: 'alice@example.com',
    to: 'anna@example.com',
  })

  for (const who of ['alice', 'anna'])
    expect(await web.read(preferencesOf(ids[who]))).toContain(
      'For <span class="whole">a…a@example.com</span>',
    )
  await web.read(leaveOf(ids.alice), { fields: { 'List-Unsubscribe': 'One-Click' } })

  const pending = await web.db.query
    .selectFrom('delivery')
    .select(['state', 'reason'])
    .where('id', '=', next.deliveries.anna ?? 0)
    .executeTakeFirstOrThrow()
  expect(pending).toEqual({ state: 'excluded', reason: 'unsubscribed' })
  expect(await web.read(leaveOf(ids.anna))).toContain('You are already unsubscribed')
})

test('a third address joins them: all that was any of them is one', async () => {
  await seedSend(web.db.query, { deliveries: [{ who: 'alice' }, { who: 'anna' }, { who: 'ada' }] })
  const [alice, anna, ada] = [
    await subscriberIdOf(web.db, 'alice'),
    await subscriberIdOf(web.db, 'anna'),
    await subscriberIdOf(web.db, 'ada'),
  ]
  await move(web, { subscriberId: alice, from: 'alice@example.com', to: 'anna@example.com' })
  await move(web, { subscriberId: ada, from: 'ada@example.com', to: 'anna@example.com' })

  expect(await subscribersIn(web.db)).toMatchObject([{ id: ada, address: 'anna@example.com' }])
  expect(await web.db.query.selectFrom('merged').selectAll().orderBy('subscriber_id').execute()).toEqual([
    { subscriber_id: alice, into_id: ada },
    { subscriber_id: anna, into_id: ada },
  ])
})
