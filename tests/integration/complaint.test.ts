/** A complaint: who is let go by it, where, and for how long. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { messageIdLeft, signToken } from '../../src/link/token.js'
import type { Feedback } from '../../src/track/feedback/feedback.js'
import { openTestDb } from '../rig/database.js'
import {
  about,
  bounced,
  complained,
  idOf,
  isSuppressed,
  KEYS,
  NOW,
  readEvents,
  readReasons,
  stateOf,
  take,
} from '../rig/feedback.js'
import { seedSend } from '../rig/seed.js'

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

test('V29: with our headers inside and the recipient redacted it is a complaint, and suppresses everywhere', async () => {
  const send = await seedSend(db.query, { deliveries: [{ who: 'erin' }, { who: 'alice' }] })
  const other = await seedSend(db.query, {
    deliveries: [{ who: 'erin', state: 'deferred' }],
    list: 'Other',
    issue: { slug: 'other' },
  })
  const feedback: Feedback = {
    source: 'arf',
    claims: [complained()],
    returnTokens: [],
    leaveTokens: [signToken(KEYS, 'leave', idOf(send, 'erin'))],
    messageIds: [],
  }

  expect(await take(db, feedback)).toMatchObject({ verdict: 'complained', isSuppressed: true })
  expect(await take(db, feedback)).toMatchObject({ isNews: false })

  expect(await readEvents(db)).toEqual([
    { kind: 'complained', deliveryId: idOf(send, 'erin'), how: 'report', type: 'abuse', source: 'smtp' },
    { kind: 'suppressed', deliveryId: null, reason: 'reported', by: 'a complaint' },
  ])
  expect([await isSuppressed(db, 'erin'), await isSuppressed(db, 'alice')]).toEqual([true, false])
  expect(await stateOf(db, idOf(other, 'erin'))).toBe('excluded')
})

test('who has moved since they got it is not mailed at the new address either', async () => {
  const send = await seedSend(db.query, { deliveries: [{ who: 'erin' }] })
  await db.query
    .updateTable('subscriber')
    .set({ address: 'new@example.com', address_key: 'new@example.com' })
    .execute()
  const next = await seedSend(db.query, { deliveries: [], issue: { slug: 'next' } })
  const { id: _, ...row } = await db.query.selectFrom('delivery').selectAll().executeTakeFirstOrThrow()
  const address = 'new@example.com'
  await db.query
    .insertInto('delivery')
    .values({ ...row, send_id: next.sendId, issue_id: 99, address, address_key: address, state: 'queued' })
    .execute()

  expect(await take(db, about(idOf(send, 'erin'), [complained()]))).toMatchObject({ isSuppressed: true })

  expect([await isSuppressed(db, 'erin'), await isSuppressed(db, 'new')]).toEqual([true, true])
  const waiting = await db.query.selectFrom('delivery').select('id').where('state', '=', 'queued').execute()
  expect(waiting).toEqual([])
})

test('what every forwarded copy shows lets nobody lock the reader out; a return path or a provider says it for good', async () => {
  const { sendId, deliveries } = await seedSend(db.query, { deliveries: [{ who: 'erin' }, { who: 'bob' }] })
  const erin = deliveries.erin ?? 0
  const bob = deliveries.bob ?? 0
  const shown = { source: 'arf', returnTokens: [], leaveTokens: [], messageIds: [] } as const
  await take(db, { ...shown, claims: [complained()], leaveTokens: [signToken(KEYS, 'leave', erin)] })
  const messageIds = [messageIdLeft(KEYS, bob)]
  await take(db, { ...shown, claims: [bounced({ recipient: 'bob@example.com' })], messageIds })
  expect(await readReasons(db)).toEqual(['reported', 'reported'])

  await take(db, about(erin, [complained()]))
  await take(
    db,
    { ...shown, claims: [bounced({ recipient: 'bob@example.com' })] },
    { isVerified: true, now: NOW },
  )

  expect([...(await readReasons(db))].sort()).toEqual(['bounced', 'complained'])
  expect((await readEvents(db)).filter(({ kind }) => kind === 'complained')).toHaveLength(1)
  // And what is said for good, is not taken back by less.
  await take(db, { ...shown, claims: [complained()], leaveTokens: [signToken(KEYS, 'leave', erin)] })
  expect([...(await readReasons(db))].sort()).toEqual(['bounced', 'complained'])
  expect(sendId).toBeGreaterThan(0)
})
