/** What comes back, whatever it is: what of it is believed, what is kept of it, and for how long. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signToken } from '../../src/link/token.js'
import { verifySend } from '../../src/send/verify.js'
import { erase } from '../../src/track/erase.js'
import type { Feedback } from '../../src/track/feedback/feedback.js'
import { forgetOldLetters } from '../../src/track/feedback/letters.js'
import { scrub } from '../../src/track/scrub.js'
import { dumpTables } from '../rig/dump.js'
import {
  about,
  bounced,
  complained,
  type FeedbackPlace,
  idOf,
  KEYS,
  NOW,
  openFeedbackPlace,
  SOFT,
} from '../rig/feedback.js'
import { untilWaiting } from '../rig/locks.js'
import { seedSend } from '../rig/seed.js'

let place: FeedbackPlace

beforeEach(async () => {
  place = await openFeedbackPlace()
})

afterEach(() => place.close())

test('V28: a delay and an auto-reply are no bounce, and undo nothing', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'bob' }, { who: 'dora' }] })
  await place.take(about(idOf(send, 'bob'), [bounced()]))
  const before = await place.rest()

  for (const who of ['bob', 'dora'])
    for (const why of ['delayed', 'autoReply', 'relayed', 'challenge', 'notSpam'] as const)
      expect(await place.take(about(idOf(send, who), [{ kind: 'nothing', why }]))).toMatchObject({
        verdict: 'nothing',
      })

  expect(await place.rest()).toBe(before)
})

describe('what cannot be trusted', () => {
  test('a Token of another purpose, of another key, a wrong one, and one of a Delivery that was never sent change nothing', async () => {
    const send = await seedSend(place.db.query, {
      deliveries: [{ who: 'alice' }, { who: 'bob', state: 'queued' }],
    })
    const token = signToken(KEYS, 'return', idOf(send, 'alice'))
    const plain: Feedback = {
      source: 'dsn',
      claims: [bounced()],
      returnTokens: [],
      leaveTokens: [],
      messageIds: [],
    }
    const forged: readonly Feedback[] = [
      { ...plain, returnTokens: [token.replace(/./, (first) => (first === 'a' ? 'b' : 'a'))] },
      { ...plain, returnTokens: [signToken(KEYS, 'read', idOf(send, 'alice'))] },
      { ...plain, leaveTokens: [signToken(KEYS, 'read', idOf(send, 'alice')), token] },
      { ...plain, claims: [bounced({ recipient: 'alice@example.com' })] },
      {
        ...plain,
        claims: [bounced({ recipient: 'alice@example.com' })],
        messageIds: ['0123456789abcdef01234567'],
      },
      { ...plain, returnTokens: [signToken(KEYS, 'return', idOf(send, 'bob'))] },
      { ...plain, returnTokens: [signToken(KEYS, 'return', 999_999)] },
    ]
    const before = await place.rest()

    for (const feedback of forged)
      expect(await place.take(feedback)).toMatchObject({ verdict: 'unverified', deliveryId: null })

    expect(await place.rest()).toBe(before)
  })

  test('what a provider has proven, of an address that was mailed lately, stops that address and is of no Message', async () => {
    await seedSend(place.db.query, { deliveries: [{ who: 'bob' }] })
    const feedback: Feedback = {
      source: 'webhook',
      claims: [bounced({ recipient: 'bob@example.com' })],
      returnTokens: [],
      leaveTokens: [],
      messageIds: [],
    }

    expect(await place.take(feedback)).toMatchObject({ verdict: 'unverified' })
    const late = NOW + 31 * 86_400_000
    expect(await place.take(feedback, { isVerified: true, now: late })).toMatchObject({
      verdict: 'unverified',
    })
    expect(await place.reasons()).toEqual([])
    expect(await place.take(feedback, { isVerified: true })).toMatchObject({
      verdict: 'hard',
      deliveryId: null,
      sendId: null,
      isSuppressed: true,
    })
    expect(await place.reasons()).toEqual(['bounced'])
  })

  test('what nobody understands is kept, cut, for a person to see', async () => {
    const send = await seedSend(place.db.query, { deliveries: [{ who: 'bob' }] })
    const before = await place.rest()

    const bytes = Buffer.alloc(100_000, 'x')
    expect(await place.take({ ...about(idOf(send, 'bob'), []), source: 'unknown' }, { bytes })).toMatchObject(
      {
        verdict: 'unknown',
        deliveryId: idOf(send, 'bob'),
      },
    )

    expect(await place.rest()).toBe(before)
    const { bytes: kept } = await place.db.query
      .selectFrom('feedback')
      .select('bytes')
      .executeTakeFirstOrThrow()
    expect(Buffer.from(kept ?? []).length).toBe(65_536)
  })
})

test('after an erasure a report still finds its Delivery, and nothing of the person is kept', async () => {
  const send = await seedSend(place.db.query, { deliveries: [{ who: 'bob' }], state: 'finished' })
  const { id: subscriberId } = await place.db.query
    .selectFrom('subscriber')
    .select('id')
    .executeTakeFirstOrThrow()
  await place.take(
    about(idOf(send, 'bob'), [bounced({ fault: 'soft', text: '552 5.2.2 bob@example.com is full' })]),
  )
  await place.take(
    { ...about(idOf(send, 'bob'), []), source: 'unknown' },
    { bytes: Buffer.from('I am bob@example.com') },
  )
  await place.take(
    { source: 'unknown', claims: [], returnTokens: [], leaveTokens: [], messageIds: [] },
    {
      bytes: Buffer.from('A letter from BOB@example.com'),
    },
  )
  await erase(place.db, { subscriberId, how: 'command', keys: KEYS, now: NOW })

  const late = bounced({ text: '550 5.1.1 <bob@example.com> unknown', recipient: 'bob@example.com' })
  expect(await place.take(about(idOf(send, 'bob'), [late]))).toMatchObject({
    verdict: 'hard',
    isSuppressed: false,
  })
  await place.take(
    { ...about(idOf(send, 'bob'), []), source: 'unknown' },
    { bytes: Buffer.from('bob@example.com again') },
  )

  const feedback = await place.db.query.selectFrom('feedback').selectAll().orderBy('id').execute()
  const texts = feedback
    .map(({ detail, bytes }) => `${detail} ${Buffer.from(bytes ?? []).toString()}`)
    .join('\n')
  expect(`${await place.rest()}${texts}`.toLowerCase()).not.toContain('bob@')
  expect(await place.reasons()).toEqual(['erased'])
  const events = (await place.events()).filter(({ kind }) => kind === 'bounced')
  expect(events.map(({ fault, text }) => [fault, text])).toEqual([
    ['soft', undefined],
    ['hard', undefined],
  ])
})

test.skipIf(process.env.PRESSRUN_TEST_DATABASE !== 'postgres')(
  'a report that is taken while its person is being erased keeps no word of them',
  async () => {
    const send = await seedSend(place.db.query, { deliveries: [{ who: 'bob' }] })
    const report = about(idOf(send, 'bob'), [bounced({ text: '550 5.1.1 <bob@example.com> unknown' })])

    const taking = await place.db.query.transaction().execute(async (trx) => {
      await scrub(trx, [1])
      const waiting = place.take(report)
      await untilWaiting(place.db.query)
      return { waiting }
    })
    await taking.waiting

    expect(await place.events()).toMatchObject([{ kind: 'bounced', fault: 'hard' }])
    expect(await dumpTables(place.db.query, ['subscriber'])).not.toContain('bob@example.com')
  },
)

test('old reports that say nothing against anyone are forgotten, some at a time; those that do stay', async () => {
  const at = (days: number) => NOW - days * 86_400_000
  const row = (verdict: string, days: number, serial: number) => ({
    digest: `${verdict} ${days} ${serial}`,
    source: 'smtp',
    verdict,
    detail: '{}',
    at: at(days),
  })
  const rows = ['unverified', 'unknown', 'nothing', 'hard'].flatMap((verdict) => [
    ...Array.from({ length: verdict === 'nothing' ? 1_500 : 2 }, (_, serial) => row(verdict, 91, serial)),
    row(verdict, 89, 0),
  ])
  for (let from = 0; from < rows.length; from += 500)
    await place.db.query
      .insertInto('feedback')
      .values(rows.slice(from, from + 500))
      .execute()
  const count = async (verdict: string) =>
    (await place.db.query.selectFrom('feedback').select('id').where('verdict', '=', verdict).execute()).length
  const forget = () => forgetOldLetters({ query: place.db.query, now: () => NOW })

  await forget()
  expect([await count('unverified'), await count('unknown'), await count('hard')]).toEqual([1, 1, 3])
  await forget()
  expect(await count('nothing')).toBe(1)
})

test('the accounts of a Send hold after bounces and complaints', async () => {
  const send = await seedSend(place.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }, { who: 'erin' }],
  })
  await place.db.query
    .insertInto('attempt')
    .values(
      Object.values(send.deliveries).map((delivery) => ({
        delivery_id: delivery,
        number: 1,
        send_id: send.sendId,
        relay: 'r',
        fence: 1,
        owner: 'o',
        intended_at: 1,
        outcome: 'sent',
        code: 250,
        text: '250 ok',
        replied_at: 2,
      })),
    )
    .execute()
  await place.db.query.updateTable('send').set({ set_digest: null, audience: null }).execute()

  for (const claim of [SOFT, bounced()]) await place.take(about(idOf(send, 'bob'), [claim]))
  await place.take(about(idOf(send, 'erin'), [complained()]))

  expect((await verifySend(send.sendId, { query: place.db.query, keys: KEYS })).findings).toEqual([])
})
