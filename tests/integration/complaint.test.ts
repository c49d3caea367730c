/** A complaint: who is let go by it, where, and for how long. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { messageIdLeft, signToken } from '../../src/link/token.js'
import type { Feedback } from '../../src/track/feedback/feedback.js'
import {
  about,
  bounced,
  complained,
  type FeedbackPlace,
  idOf,
  KEYS,
  NOW,
  openFeedbackPlace,
} from '../rig/feedback.js'
import { seedSend } from '../rig/seed.js'

let place: FeedbackPlace

beforeEach(async () => {
  place = await openFeedbackPlace()
})

afterEach(() => place.close())

test('V29: with our headers inside and the recipient redacted it is a complaint, and suppresses everywhere', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'erin' }, { who: 'alice' }] })
  const other = await seedSend(place.db.query, {
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

  expect(await place.take(feedback)).toMatchObject({ verdict: 'complained', isSuppressed: true })
  expect(await place.take(feedback)).toMatchObject({ isNews: false })

  expect(await place.events()).toEqual([
    { kind: 'complained', deliveryId: idOf(send, 'erin'), how: 'report', type: 'abuse', source: 'smtp' },
    { kind: 'suppressed', deliveryId: null, reason: 'reported', by: 'a complaint' },
  ])
  expect([await place.isSuppressed('erin'), await place.isSuppressed('alice')]).toEqual([true, false])
  expect(await place.stateOf(idOf(other, 'erin'))).toBe('excluded')
})

test('who has moved since they got it is not mailed at the new address either', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'erin' }] })
  await place.db.query
    .updateTable('subscriber')
    .set({ address: 'new@example.com', address_key: 'new@example.com' })
    .execute()
  const next = await seedSend(place.db.query, { deliveries: [], issue: { slug: 'next' } })
  const { id: _, ...row } = await place.db.query.selectFrom('delivery').selectAll().executeTakeFirstOrThrow()
  const address = 'new@example.com'
  await place.db.query
    .insertInto('delivery')
    .values({ ...row, send_id: next.sendId, issue_id: 99, address, address_key: address, state: 'queued' })
    .execute()

  expect(await place.take(about(idOf(send, 'erin'), [complained()]))).toMatchObject({ isSuppressed: true })

  expect([await place.isSuppressed('erin'), await place.isSuppressed('new')]).toEqual([true, true])
  const waiting = await place.db.query
    .selectFrom('delivery')
    .select('id')
    .where('state', '=', 'queued')
    .execute()
  expect(waiting).toEqual([])
})

test('what every forwarded copy shows lets nobody lock the reader out; a return path or a provider says it for good', async () => {
  const { deliveries } = await seedSend(place.db.query, { deliveries: [{ who: 'erin' }, { who: 'bob' }] })
  const erin = deliveries.erin ?? 0
  const bob = deliveries.bob ?? 0
  const shown = { source: 'arf', returnTokens: [], leaveTokens: [], messageIds: [] } as const
  await place.take({ ...shown, claims: [complained()], leaveTokens: [signToken(KEYS, 'leave', erin)] })
  const messageIds = [messageIdLeft(KEYS, bob)]
  await place.take({ ...shown, claims: [bounced({ recipient: 'bob@example.com' })], messageIds })
  expect(await place.reasons()).toEqual(['reported', 'reported'])

  await place.take(about(erin, [complained()]))
  await place.take(
    { ...shown, claims: [bounced({ recipient: 'bob@example.com' })] },
    { isVerified: true, now: NOW },
  )

  expect([...(await place.reasons())].sort()).toEqual(['bounced', 'complained'])
  expect((await place.events()).filter(({ kind }) => kind === 'complained')).toHaveLength(1)
  // And what is said for good, is not taken back by less.
  await place.take({ ...shown, claims: [complained()], leaveTokens: [signToken(KEYS, 'leave', erin)] })
  expect([...(await place.reasons())].sort()).toEqual(['bounced', 'complained'])
})
