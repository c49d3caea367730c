/** A bounce report: whose it is, what it says of the address, and what of us. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { messageIdLeft } from '../../src/link/token.js'
import type { Feedback } from '../../src/track/feedback/feedback.js'
import {
  about,
  bounced,
  complained,
  type FeedbackPlace,
  idOf,
  KEYS,
  openFeedbackPlace,
  SOFT,
} from '../rig/feedback.js'
import { seedSend } from '../rig/seed.js'

let place: FeedbackPlace

beforeEach(async () => {
  place = await openFeedbackPlace()
})

afterEach(() => place.close())

test('V27: a report with a valid return path is a hard bounce on that Delivery, and on nobody else’s', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }] })
  const next = await seedSend(place.db.query, {
    deliveries: [
      { who: 'alice', state: 'queued' },
      { who: 'bob', state: 'queued' },
    ],
    issue: { slug: 'next' },
  })

  const taken = await place.take(about(idOf(send, 'bob'), [bounced()]))

  expect(taken).toMatchObject({
    kind: 'taken',
    verdict: 'hard',
    isNews: true,
    isSuppressed: true,
    sendId: send.sendId,
  })
  expect(await place.events()).toEqual([
    {
      kind: 'bounced',
      deliveryId: idOf(send, 'bob'),
      how: 'report',
      fault: 'hard',
      status: '5.1.1',
      code: 550,
      text: '550 5.1.1 No such user',
      source: 'smtp',
    },
    { kind: 'suppressed', deliveryId: null, reason: 'bounced', by: 'a bounce report' },
  ])
  expect([await place.isSuppressed('bob'), await place.isSuppressed('alice')]).toEqual([true, false])
  // It had been accepted, and that stays so; what was still to go out does not.
  expect(await place.stateOf(idOf(send, 'bob'))).toBe('sent')
  expect(await place.stateOf(idOf(next, 'bob'))).toBe('excluded')
  expect(await place.stateOf(idOf(next, 'alice'))).toBe('queued')
})

test('the same report ten times, and two at once, is one Event and one row', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'bob' }] })
  const feedback = about(idOf(send, 'bob'), [bounced()])
  const bytes = Buffer.from('the same')

  const taken = await Promise.all(Array.from({ length: 10 }, () => place.take(feedback, { bytes })))

  expect(taken.filter(({ kind }) => kind === 'taken')).toHaveLength(1)
  expect((await place.events()).filter(({ kind }) => kind === 'bounced')).toHaveLength(1)
  expect(await place.db.query.selectFrom('feedback').select('id').execute()).toHaveLength(1)
})

test('several servers that report the same message, also at once, make one Event; one that says worse makes another', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'bob' }] })
  const soft = about(idOf(send, 'bob'), [SOFT])
  await Promise.all([place.take(soft), place.take(soft), place.take(soft)])
  expect(await place.reasons()).toEqual([])

  await place.take(about(idOf(send, 'bob'), [bounced()]))
  await place.take(soft)

  const faults = (await place.events()).filter(({ kind }) => kind === 'bounced').map(({ fault }) => fault)
  expect(faults).toEqual(['soft', 'hard'])
  expect(await place.reasons()).toEqual(['bounced'])
})

test('policy and content are about us: an Event, and nobody is suppressed', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'bob' }, { who: 'dora' }] })

  await place.take(about(idOf(send, 'bob'), [bounced({ fault: 'policy', status: '5.7.26' })]))
  await place.take(about(idOf(send, 'dora'), [bounced({ fault: 'content', status: '5.6.0' })]))

  expect((await place.events()).map(({ kind, fault }) => [kind, fault])).toEqual([
    ['bounced', 'policy'],
    ['bounced', 'content'],
  ])
  expect(await place.reasons()).toEqual([])
})

test('is found by our Message-ID among the Deliveries to the address that it names, and by nobody else’s', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }] })
  const messageIds = [messageIdLeft(KEYS, idOf(send, 'bob'))]
  const named = (recipient: string): Feedback => ({
    source: 'dsn',
    claims: [bounced({ recipient })],
    returnTokens: [],
    leaveTokens: [],
    messageIds,
  })

  expect(await place.take(named('alice@example.com'))).toMatchObject({
    verdict: 'unverified',
    deliveryId: null,
  })
  expect(await place.take(named('Bob@Example.com'))).toMatchObject({
    verdict: 'hard',
    deliveryId: idOf(send, 'bob'),
  })
})

test('one of several behind an address that is gone does not condemn the address', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'team' }] })
  const claims = [bounced({ recipient: 'one@inner.test' }), bounced({ recipient: 'two@inner.test' })]

  expect(await place.take(about(idOf(send, 'team'), claims))).toMatchObject({
    verdict: 'another',
    isSuppressed: false,
  })
  const relayed = { kind: 'nothing', why: 'relayed' } as const
  expect(await place.take(about(idOf(send, 'team'), [claims[0] ?? SOFT, relayed]))).toMatchObject({
    verdict: 'nothing',
  })
  const own = bounced({ recipient: 'team@example.com' })
  expect(await place.take(about(idOf(send, 'team'), [own, relayed]))).toMatchObject({
    verdict: 'hard',
    isSuppressed: true,
  })
})

test('one behind an address, reported alone, does not condemn it; nor does a name that is no address excuse it', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'info' }, { who: 'bob' }] })

  const inner = [bounced({ recipient: 'gone@inner.test' })]
  expect(await place.take(about(idOf(send, 'info'), inner))).toMatchObject({
    verdict: 'another',
    isSuppressed: false,
  })
  const same = [bounced({ recipient: 'INFO@Example.com' })]
  expect(await place.take(about(idOf(send, 'info'), same))).toMatchObject({ verdict: 'hard' })
  expect(await place.take(about(idOf(send, 'bob'), [bounced({ recipient: 'bob' })]))).toMatchObject({
    verdict: 'hard',
  })
})

test('of an uncertain one shows what became of it, whether the report or the loss comes first', async () => {
  const send = await seedSend(place.db.query, {
    deliveries: [
      { who: 'bob', state: 'uncertain' },
      { who: 'dora', state: 'uncertain' },
      { who: 'erin', state: 'uncertain' },
    ],
  })

  await place.take(about(idOf(send, 'bob'), [bounced()]))
  await place.take(about(idOf(send, 'dora'), [SOFT]))
  await place.take(about(idOf(send, 'erin'), [complained()]))

  const states = [
    await place.stateOf(idOf(send, 'bob')),
    await place.stateOf(idOf(send, 'dora')),
    await place.stateOf(idOf(send, 'erin')),
  ]
  expect(states).toEqual(['bounced', 'sent', 'sent'])
})

test('the old address of one who has moved is suppressed, not the one they have now', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'alice' }] })
  await place.db.query
    .updateTable('subscriber')
    .set({ address: 'new@example.com', address_key: 'new@example.com' })
    .execute()

  await place.take(about(idOf(send, 'alice'), [bounced()]))

  expect([await place.isSuppressed('alice'), await place.isSuppressed('new')]).toEqual([true, false])
})
