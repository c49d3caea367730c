/** Whom a Token in a link speaks of, and whom it never speaks of. */

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import type { NoticeKind } from '../../src/db/schema.js'
import { hashAddress, makeKeys, signToken } from '../../src/link/token.js'
import { createNotice, useNotice } from '../../src/send/notice/notice.js'
import { findPerson } from '../../src/track/person.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const keys = makeKeys(['a secret of the tests, long enough for a key'])
const NOON = Date.UTC(2026, 0, 5, 12)

let db: Db
beforeEach(async () => {
  db = await openTestDb()
})
afterEach(() => db.close())

async function seedAlice() {
  const { deliveries, listId } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const deliveryId = deliveries.alice ?? 0
  const { subscriber_id: subscriberId, subscription_id: subscriptionId } = await db.query
    .selectFrom('delivery')
    .select(['subscriber_id', 'subscription_id'])
    .where('id', '=', deliveryId)
    .executeTakeFirstOrThrow()
  return { deliveryId, listId, subscriberId, subscriptionId }
}

function notify(kind: NoticeKind, of: { readonly subscriberId: number | null; readonly listId: number }) {
  return createNotice(db.query, {
    kind,
    address: 'alice@example.com',
    addressHash: hashAddress(keys, 'alice@example.com'),
    name: '',
    lang: 'en',
    ...of,
    now: NOON,
    validMs: 1_000,
  })
}

test('a leave Token speaks of whoever the Delivery went to', async () => {
  const { deliveryId, subscriberId, subscriptionId } = await seedAlice()

  const person = await findPerson(db.query, keys, signToken(keys, 'leave', deliveryId), NOON)

  expect(person).toEqual({ subscriberId, subscriptionId, deliveryId, noticeId: null })
})

test('a Notice that says they are known speaks of them until it runs out', async () => {
  const { listId, subscriberId, subscriptionId } = await seedAlice()
  const noticeId = await notify('known', { subscriberId, listId })
  const token = signToken(keys, 'notice', noticeId)

  expect(await findPerson(db.query, keys, token, NOON)).toEqual({
    subscriberId,
    subscriptionId,
    deliveryId: null,
    noticeId,
  })
  expect(await findPerson(db.query, keys, token, NOON + 1_000)).toBeNull()
})

test('one that asks for confirmation speaks of them once it is used', async () => {
  const { listId, subscriberId } = await seedAlice()
  const noticeId = await notify('confirm', { subscriberId, listId })
  const token = signToken(keys, 'notice', noticeId)

  expect(await findPerson(db.query, keys, token, NOON)).toBeNull()
  await useNotice(db.query, noticeId, NOON)

  expect(await findPerson(db.query, keys, token, NOON)).toMatchObject({ subscriberId, noticeId })
})

test('V38: no other Notice, purpose, key or number speaks of anyone', async () => {
  const { deliveryId, listId, subscriberId } = await seedAlice()
  const others = ['moveFrom', 'moveTo', 'export', 'erase', 'comment'] as const
  const noticeIds = await Promise.all(others.map((kind) => notify(kind, { subscriberId, listId })))
  for (const id of noticeIds) await useNotice(db.query, id, NOON)
  const foreign = makeKeys(['a foreign secret that has more than 32 characters'])
  const good = signToken(keys, 'leave', deliveryId)
  const tokens = [
    ...noticeIds.map((id) => signToken(keys, 'notice', id)),
    signToken(keys, 'read', deliveryId),
    signToken(keys, 'return', deliveryId),
    signToken(keys, 'notice', 1_000),
    signToken(foreign, 'leave', deliveryId),
    signToken(keys, 'leave', deliveryId + 1_000),
    good.slice(0, -1),
    `${good}A`,
    randomBytes(16).toString('base64url'),
    '',
  ]

  for (const token of tokens)
    expect([token, await findPerson(db.query, keys, token, NOON)]).toEqual([token, null])
})
