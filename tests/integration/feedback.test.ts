/** What comes back and what is made of it: bounces, complaints, and what is neither. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { hashAddress, messageIdLeft, signToken } from '../../src/link/token.js'
import { verifySend } from '../../src/send/verify.js'
import { erase } from '../../src/track/erase.js'
import type { Feedback } from '../../src/track/feedback/feedback.js'
import { forgetOldLetters } from '../../src/track/feedback/letters.js'
import { wearOut } from '../../src/track/feedback/soft-rule.js'
import { tidyFeedback } from '../../src/track/feedback/tidy.js'
import { scrub } from '../../src/track/scrub.js'
import { openTestDb } from '../rig/database.js'
import { dumpTables } from '../rig/dump.js'
import { about, bounced, complained, KEYS, NOW, readEvents, readReasons, take } from '../rig/feedback.js'
import { untilWaiting } from '../rig/locks.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

const SOFT = bounced({ fault: 'soft', status: '5.2.2', code: 552, text: '552 5.2.2 Mailbox full' })

function id(send: SeededSend, who: string): number {
  return send.deliveries[who] ?? 0
}

async function isSuppressed(who: string): Promise<boolean> {
  const rows = await db.query
    .selectFrom('suppression')
    .select('reason')
    .where('address_hash', '=', hashAddress(KEYS, `${who}@example.com`))
    .execute()
  return rows.length === 1
}

async function stateOf(deliveryId: number): Promise<string> {
  const { state } = await db.query
    .selectFrom('delivery')
    .select('state')
    .where('id', '=', deliveryId)
    .executeTakeFirstOrThrow()
  return state
}

const dump = () => dumpTables(db.query, ['feedback'])

describe('a bounce', () => {
  test('V27: a report with a valid return path is a hard bounce on that Delivery, and on nobody else’s', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }] })
    const next = await seedSend(db.query, {
      deliveries: [
        { who: 'alice', state: 'queued' },
        { who: 'bob', state: 'queued' },
      ],
      issue: { slug: 'next' },
    })

    const taken = await take(db, about(id(send, 'bob'), [bounced()]))

    expect(taken).toMatchObject({
      kind: 'taken',
      verdict: 'hard',
      isNews: true,
      isSuppressed: true,
      sendId: send.sendId,
    })
    expect(await readEvents(db)).toEqual([
      {
        kind: 'bounced',
        deliveryId: id(send, 'bob'),
        how: 'report',
        fault: 'hard',
        status: '5.1.1',
        code: 550,
        text: '550 5.1.1 No such user',
        source: 'smtp',
      },
      { kind: 'suppressed', deliveryId: null, reason: 'bounced', by: 'a bounce report' },
    ])
    expect([await isSuppressed('bob'), await isSuppressed('alice')]).toEqual([true, false])
    // It had been accepted, and that stays so; what was still to go out does not.
    expect(await stateOf(id(send, 'bob'))).toBe('sent')
    expect(await stateOf(id(next, 'bob'))).toBe('excluded')
    expect(await stateOf(id(next, 'alice'))).toBe('queued')
  })

  test('the same report ten times, and two at once, is one Event and one row', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }] })
    const feedback = about(id(send, 'bob'), [bounced()])
    const bytes = Buffer.from('the same')

    const taken = await Promise.all(Array.from({ length: 10 }, () => take(db, feedback, { bytes })))

    expect(taken.filter(({ kind }) => kind === 'taken')).toHaveLength(1)
    expect((await readEvents(db)).filter(({ kind }) => kind === 'bounced')).toHaveLength(1)
    expect(await db.query.selectFrom('feedback').select('id').execute()).toHaveLength(1)
  })

  test('several servers that report the same message, also at once, make one Event; one that says worse makes another', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }] })
    const soft = about(id(send, 'bob'), [SOFT])
    await Promise.all([take(db, soft), take(db, soft), take(db, soft)])
    expect(await readReasons(db)).toEqual([])

    await take(db, about(id(send, 'bob'), [bounced()]))
    await take(db, soft)

    const faults = (await readEvents(db)).filter(({ kind }) => kind === 'bounced').map(({ fault }) => fault)
    expect(faults).toEqual(['soft', 'hard'])
    expect(await readReasons(db)).toEqual(['bounced'])
  })

  test('policy and content are about us: an Event, and nobody is suppressed', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }, { who: 'dora' }] })

    await take(db, about(id(send, 'bob'), [bounced({ fault: 'policy', status: '5.7.26' })]))
    await take(db, about(id(send, 'dora'), [bounced({ fault: 'content', status: '5.6.0' })]))

    expect((await readEvents(db)).map(({ kind, fault }) => [kind, fault])).toEqual([
      ['bounced', 'policy'],
      ['bounced', 'content'],
    ])
    expect(await readReasons(db)).toEqual([])
  })

  test('is found by our Message-ID among the Deliveries to the address that it names, and by nobody else’s', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }] })
    const messageIds = [messageIdLeft(KEYS, id(send, 'bob'))]
    const named = (recipient: string): Feedback => ({
      source: 'dsn',
      claims: [bounced({ recipient })],
      returnTokens: [],
      leaveTokens: [],
      messageIds,
    })

    expect(await take(db, named('alice@example.com'))).toMatchObject({
      verdict: 'unverified',
      deliveryId: null,
    })
    expect(await take(db, named('Bob@Example.com'))).toMatchObject({
      verdict: 'hard',
      deliveryId: id(send, 'bob'),
    })
  })

  test('one of several behind an address that is gone does not condemn the address', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'team' }] })
    const claims = [bounced({ recipient: 'one@inner.test' }), bounced({ recipient: 'two@inner.test' })]

    expect(await take(db, about(id(send, 'team'), claims))).toMatchObject({
      verdict: 'soft',
      isSuppressed: false,
    })
    const relayed = { kind: 'nothing', why: 'relayed' } as const
    expect(await take(db, about(id(send, 'team'), [claims[0] ?? SOFT, relayed]))).toMatchObject({
      verdict: 'nothing',
    })
    const own = bounced({ recipient: 'team@example.com' })
    expect(await take(db, about(id(send, 'team'), [own, relayed]))).toMatchObject({
      verdict: 'hard',
      isSuppressed: true,
    })
  })

  test('one behind an address, reported alone, does not condemn it; nor does a name that is no address excuse it', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'info' }, { who: 'bob' }] })

    const inner = [bounced({ recipient: 'gone@inner.test' })]
    expect(await take(db, about(id(send, 'info'), inner))).toMatchObject({
      verdict: 'soft',
      isSuppressed: false,
    })
    const same = [bounced({ recipient: 'INFO@Example.com' })]
    expect(await take(db, about(id(send, 'info'), same))).toMatchObject({ verdict: 'hard' })
    expect(await take(db, about(id(send, 'bob'), [bounced({ recipient: 'bob' })]))).toMatchObject({
      verdict: 'hard',
    })
  })

  test('of an uncertain one shows what became of it, whether the report or the loss comes first', async () => {
    const send = await seedSend(db.query, {
      deliveries: [
        { who: 'bob', state: 'uncertain' },
        { who: 'dora', state: 'uncertain' },
        { who: 'erin', state: 'uncertain' },
      ],
    })

    await take(db, about(id(send, 'bob'), [bounced()]))
    await take(db, about(id(send, 'dora'), [SOFT]))
    await take(db, about(id(send, 'erin'), [complained()]))

    const states = [
      await stateOf(id(send, 'bob')),
      await stateOf(id(send, 'dora')),
      await stateOf(id(send, 'erin')),
    ]
    expect(states).toEqual(['bounced', 'sent', 'sent'])
  })

  test('the old address of one who has moved is suppressed, not the one they have now', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
    await db.query
      .updateTable('subscriber')
      .set({ address: 'new@example.com', address_key: 'new@example.com' })
      .execute()

    await take(db, about(id(send, 'alice'), [bounced()]))

    expect([await isSuppressed('alice'), await isSuppressed('new')]).toEqual([true, false])
  })
})

describe('the soft rule', () => {
  async function issue(slug: string, state: 'sent' | 'failed' = 'sent'): Promise<SeededSend> {
    const send = await seedSend(db.query, {
      deliveries: [{ who: 'bob', state, ...(state === 'failed' ? { reason: 'expired' } : {}) }],
      issue: { slug },
    })
    if (state === 'failed')
      await db.query
        .updateTable('delivery')
        .set({ reply_code: 452, reply_text: '452 4.2.2 Mailbox full' })
        .where('send_id', '=', send.sendId)
        .execute()
    return send
  }

  test('three Issues in a row give an address up', async () => {
    for (const slug of ['one', 'two']) await take(db, about(id(await issue(slug), 'bob'), [SOFT]))
    expect(await readReasons(db)).toEqual([])

    const taken = await take(db, about(id(await issue('three'), 'bob'), [SOFT]))

    expect(taken).toMatchObject({ verdict: 'soft', isSuppressed: true })
    expect(await readReasons(db)).toEqual(['bounced'])
    expect(await readEvents(db)).toContainEqual(
      expect.objectContaining({ kind: 'suppressed', by: 'soft bounces' }),
    )
  })

  test('one that was accepted between them begins the count anew, and so does time', async () => {
    for (const slug of ['one', 'two']) await take(db, about(id(await issue(slug), 'bob'), [SOFT]))
    await issue('three')
    await take(db, about(id(await issue('four'), 'bob'), [SOFT]))
    expect(await readReasons(db)).toEqual([])

    const late = NOW + 91 * 86_400_000
    await db.query.updateTable('delivery').set({ changed_at: 1 }).where('state', '=', 'sent').execute()
    await take(db, about(id(await issue('five'), 'bob'), [SOFT]), { now: late })
    expect(await readReasons(db)).toEqual([])
  })

  test('what was refused as full until its time was over counts, and several copies of one Issue count once', async () => {
    await issue('one', 'failed')
    await take(db, about(id(await issue('two'), 'bob'), [SOFT]))
    const { sendId } = await issue('three', 'failed')
    const rule = { issues: 3, withinMs: 90 * 86_400_000 }
    expect(await wearOut(db.query, { sendId, rule: { ...rule, issues: 4 }, keys: KEYS, now: NOW })).toBe(0)

    expect(await wearOut(db.query, { sendId, rule, keys: KEYS, now: NOW })).toBe(1)
    expect(await wearOut(db.query, { sendId, rule, keys: KEYS, now: NOW })).toBe(0)

    expect(await readReasons(db)).toEqual(['bounced'])
  })

  test('of dozens of Sends that finish at the same moment every one is looked at', async () => {
    const finished_at = NOW - 61_000
    const full = { reply_code: 452, reply_text: '452 4.2.2 Mailbox full' } as const
    for (let list = 0; list < 30; list++) {
      const send = await seedSend(db.query, {
        deliveries: [{ who: `reader${list}`, state: 'failed', reason: 'expired' }],
        list: `List ${list}`,
        issue: { slug: `issue-${list}` },
        state: 'finished',
      })
      await db.query.updateTable('send').set({ finished_at }).where('id', '=', send.sendId).execute()
    }
    await db.query
      .updateTable('delivery')
      .set({ ...full, changed_at: NOW })
      .execute()
    const rules = { softBounces: { issues: 1, withinMs: 90 * 86_400_000 } }
    const tidy = () => tidyFeedback({ query: db.query, keys: KEYS, rules, now: () => NOW })

    const passes = [await tidy(), await tidy(), await tidy()]

    expect(passes.reduce((all, { wornOut }) => all + wornOut, 0)).toBe(30)
  })

  test('off, nobody is given up', async () => {
    for (const slug of ['one', 'two', 'three', 'four'])
      await take(db, about(id(await issue(slug), 'bob'), [SOFT]), { rules: { softBounces: null } })

    expect(await readReasons(db)).toEqual([])
  })
})

test('V28: a delay and an auto-reply are no bounce, and undo nothing', async () => {
  const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }, { who: 'dora' }] })
  await take(db, about(id(send, 'bob'), [bounced()]))
  const before = await dump()

  for (const who of ['bob', 'dora'])
    for (const why of ['delayed', 'autoReply', 'relayed', 'challenge', 'notSpam'] as const)
      expect(await take(db, about(id(send, who), [{ kind: 'nothing', why }]))).toMatchObject({
        verdict: 'nothing',
      })

  expect(await dump()).toBe(before)
})

describe('a complaint', () => {
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
      leaveTokens: [signToken(KEYS, 'leave', id(send, 'erin'))],
      messageIds: [],
    }

    expect(await take(db, feedback)).toMatchObject({ verdict: 'complained', isSuppressed: true })
    expect(await take(db, feedback)).toMatchObject({ isNews: false })

    expect(await readEvents(db)).toEqual([
      { kind: 'complained', deliveryId: id(send, 'erin'), how: 'report', type: 'abuse', source: 'smtp' },
      { kind: 'suppressed', deliveryId: null, reason: 'reported', by: 'a complaint' },
    ])
    expect([await isSuppressed('erin'), await isSuppressed('alice')]).toEqual([true, false])
    expect(await stateOf(id(other, 'erin'))).toBe('excluded')
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

    expect(await take(db, about(id(send, 'erin'), [complained()]))).toMatchObject({ isSuppressed: true })

    expect([await isSuppressed('erin'), await isSuppressed('new')]).toEqual([true, true])
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
})

describe('what cannot be trusted', () => {
  test('a Token of another purpose, of another key, a wrong one, and one of a Delivery that was never sent change nothing', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob', state: 'queued' }] })
    const token = signToken(KEYS, 'return', id(send, 'alice'))
    const plain: Feedback = {
      source: 'dsn',
      claims: [bounced()],
      returnTokens: [],
      leaveTokens: [],
      messageIds: [],
    }
    const forged: readonly Feedback[] = [
      { ...plain, returnTokens: [token.replace(/./, (first) => (first === 'a' ? 'b' : 'a'))] },
      { ...plain, returnTokens: [signToken(KEYS, 'read', id(send, 'alice'))] },
      { ...plain, leaveTokens: [signToken(KEYS, 'read', id(send, 'alice')), token] },
      { ...plain, claims: [bounced({ recipient: 'alice@example.com' })] },
      {
        ...plain,
        claims: [bounced({ recipient: 'alice@example.com' })],
        messageIds: ['0123456789abcdef01234567'],
      },
      { ...plain, returnTokens: [signToken(KEYS, 'return', id(send, 'bob'))] },
      { ...plain, returnTokens: [signToken(KEYS, 'return', 999_999)] },
    ]
    const before = await dump()

    for (const feedback of forged)
      expect(await take(db, feedback)).toMatchObject({ verdict: 'unverified', deliveryId: null })

    expect(await dump()).toBe(before)
  })

  test('what a provider has signed is believed by the address alone, of what was sent lately', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }] })
    const feedback: Feedback = {
      source: 'webhook',
      claims: [bounced({ recipient: 'bob@example.com' })],
      returnTokens: [],
      leaveTokens: [],
      messageIds: [],
    }

    expect(await take(db, feedback)).toMatchObject({ verdict: 'unverified' })
    const late = NOW + 31 * 86_400_000
    expect(await take(db, feedback, { isVerified: true, now: late })).toMatchObject({ verdict: 'unverified' })
    expect(await take(db, feedback, { isVerified: true })).toMatchObject({ deliveryId: id(send, 'bob') })
  })

  test('what nobody understands is kept, cut, for a person to see', async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }] })
    const before = await dump()

    const bytes = Buffer.alloc(100_000, 'x')
    expect(await take(db, { ...about(id(send, 'bob'), []), source: 'unknown' }, { bytes })).toMatchObject({
      verdict: 'unknown',
      deliveryId: id(send, 'bob'),
    })

    expect(await dump()).toBe(before)
    const { bytes: kept } = await db.query.selectFrom('feedback').select('bytes').executeTakeFirstOrThrow()
    expect(Buffer.from(kept ?? []).length).toBe(65_536)
  })
})

test('after an erasure a report still finds its Delivery, and nothing of the person is kept', async () => {
  const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }], state: 'finished' })
  const { id: subscriberId } = await db.query.selectFrom('subscriber').select('id').executeTakeFirstOrThrow()
  await take(
    db,
    about(id(send, 'bob'), [bounced({ fault: 'soft', text: '552 5.2.2 bob@example.com is full' })]),
  )
  await take(
    db,
    { ...about(id(send, 'bob'), []), source: 'unknown' },
    { bytes: Buffer.from('I am bob@example.com') },
  )
  await take(
    db,
    { source: 'unknown', claims: [], returnTokens: [], leaveTokens: [], messageIds: [] },
    {
      bytes: Buffer.from('A letter from BOB@example.com'),
    },
  )
  await erase(db, { subscriberId, how: 'command', keys: KEYS, now: NOW })

  const late = bounced({ text: '550 5.1.1 <bob@example.com> unknown', recipient: 'bob@example.com' })
  expect(await take(db, about(id(send, 'bob'), [late]))).toMatchObject({
    verdict: 'hard',
    isSuppressed: false,
  })
  await take(
    db,
    { ...about(id(send, 'bob'), []), source: 'unknown' },
    { bytes: Buffer.from('bob@example.com again') },
  )

  const feedback = await db.query.selectFrom('feedback').selectAll().orderBy('id').execute()
  const texts = feedback
    .map(({ detail, bytes }) => `${detail} ${Buffer.from(bytes ?? []).toString()}`)
    .join('\n')
  expect(`${await dump()}${texts}`.toLowerCase()).not.toContain('bob@')
  expect(await readReasons(db)).toEqual(['erased'])
  const events = (await readEvents(db)).filter(({ kind }) => kind === 'bounced')
  expect(events.map(({ fault, text }) => [fault, text])).toEqual([
    ['soft', undefined],
    ['hard', undefined],
  ])
})

test.skipIf(process.env.PRESSRUN_TEST_DATABASE !== 'postgres')(
  'a report that is taken while its person is being erased keeps no word of them',
  async () => {
    const send = await seedSend(db.query, { deliveries: [{ who: 'bob' }] })
    const report = about(id(send, 'bob'), [bounced({ text: '550 5.1.1 <bob@example.com> unknown' })])

    const taking = await db.query.transaction().execute(async (trx) => {
      await scrub(trx, [1])
      const waiting = take(db, report)
      await untilWaiting(db.query)
      return { waiting }
    })
    await taking.waiting

    expect(await readEvents(db)).toMatchObject([{ kind: 'bounced', fault: 'hard' }])
    expect(await dumpTables(db.query, ['subscriber'])).not.toContain('bob@example.com')
  },
)

test('old reports that say nothing against anyone are forgotten, some at a time; those that do stay', async () => {
  const at = (days: number) => NOW - days * 86_400_000
  const row = (verdict: string, days: number, place: number) => ({
    digest: `${verdict} ${days} ${place}`,
    source: 'smtp',
    verdict,
    detail: '{}',
    at: at(days),
  })
  const rows = ['unverified', 'unknown', 'nothing', 'hard'].flatMap((verdict) => [
    ...Array.from({ length: verdict === 'nothing' ? 1_500 : 2 }, (_, place) => row(verdict, 91, place)),
    row(verdict, 89, 0),
  ])
  for (let from = 0; from < rows.length; from += 500)
    await db.query
      .insertInto('feedback')
      .values(rows.slice(from, from + 500))
      .execute()
  const count = async (verdict: string) =>
    (await db.query.selectFrom('feedback').select('id').where('verdict', '=', verdict).execute()).length
  const forget = () => forgetOldLetters({ query: db.query, now: () => NOW })

  await forget()
  expect([await count('unverified'), await count('unknown'), await count('hard')]).toEqual([1, 1, 3])
  await forget()
  expect(await count('nothing')).toBe(1)
})

test('the accounts of a Send hold after bounces and complaints', async () => {
  const send = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }, { who: 'erin' }] })
  await db.query
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
  await db.query.updateTable('send').set({ set_digest: null, audience: null }).execute()

  for (const claim of [SOFT, bounced()]) await take(db, about(id(send, 'bob'), [claim]))
  await take(db, about(id(send, 'erin'), [complained()]))

  expect((await verifySend(send.sendId, { query: db.query, keys: KEYS })).findings).toEqual([])
})
