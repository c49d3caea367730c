/** A change of address, from mailbox to mailbox, and what becomes of two Subscribers who are one person. */

import { Readable } from 'node:stream'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseAddress } from '../../src/address.js'
import { importSubscribers } from '../../src/audience/import.js'
import type { Db } from '../../src/db/db.js'
import type { DeliveryState } from '../../src/db/schema.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { hashAddress, makeKeys, signToken } from '../../src/link/token.js'
import { judgeCandidates } from '../../src/send/candidate.js'
import { gatherDueRetries } from '../../src/send/due.js'
import { excludePeople } from '../../src/send/exclude.js'
import { digestSet } from '../../src/send/set.js'
import { verifySend } from '../../src/send/verify.js'
import { movePerson } from '../../src/track/move.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const NOON = Date.UTC(2026, 0, 31, 12)

let time = NOON
const now = () => time
let db: Db
let hits: Hits
let server: RunningServer

beforeEach(async () => {
  time = NOON
  db = await openTestDb()
  hits = openHits({ db, now })
  server = await serveTestWeb({ db, keys, hits, log: pino({ level: 'silent' }), now })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

async function ask(path: string, fields?: Readonly<Record<string, string>>): Promise<string> {
  const init = fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}
  const answer = await fetch(server.url + path, { ...init, headers: { 'user-agent': 'Tests/1' } })
  return answer.text()
}

const subscribers = () =>
  db.query
    .selectFrom('subscriber')
    .select(['id', 'address', 'address_key', 'address_hash'])
    .orderBy('id')
    .execute()
const notices = () => db.query.selectFrom('notice').selectAll().orderBy('id').execute()
const pathOf = (id: number | undefined) => `/n/${signToken(keys, 'notice', id ?? 0)}`
const idOf = async (who: string) => {
  const row = await db.query
    .selectFrom('subscriber')
    .select('id')
    .where('address_key', '=', `${who}@example.com`)
    .executeTakeFirstOrThrow()
  return row.id
}
const deliveries = () =>
  db.query
    .selectFrom('delivery')
    .select(['subscriber_id', 'address', 'state', 'reason'])
    .orderBy('id')
    .execute()

function move(subscriberId: number, from: string, to: string) {
  const parsed = parseAddress(to)
  if (parsed.kind === 'refused') throw new Error(parsed.reason)
  return db.query.transaction().execute((trx) =>
    movePerson(trx, {
      subscriberId,
      fromHash: hashAddress(keys, from),
      to: parsed,
      act: { how: 'notice' },
      keys,
      now: NOON,
    }),
  )
}

/** Alice asks on her page; returns the paths of both Notices. */
async function askAndAgree(): Promise<{ readonly from: string; readonly to: string; readonly page: string }> {
  const { deliveries: ids } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const page = `/p/${signToken(keys, 'leave', ids.alice ?? 0)}`
  await ask(page, { act: 'move', address: ' Alice.New@EXAMPLE.org ' })
  const [first] = await notices()
  await ask(pathOf(first?.id), {})
  const [, second] = await notices()
  return { page, from: pathOf(first?.id), to: pathOf(second?.id) }
}

describe('from mailbox to mailbox', () => {
  test('V07: both have to say yes, and opening their links changes nothing', async () => {
    const { page, from, to } = await askAndAgree()
    const before = await subscribers()
    for (let i = 0; i < 5; i++) for (const path of [from, to]) await ask(path)
    expect(await ask(to)).toContain('What went to <span class="whole">a…e@example.com</span> is to come here')
    expect(await subscribers()).toEqual(before)
    expect(await notices()).toHaveLength(2)

    const done = await ask(to, {})

    expect(done).toContain(
      'From now on your messages go to <span class="whole">Alice.New@example.org</span>.',
    )
    expect(await subscribers()).toMatchObject([
      {
        address: 'Alice.New@example.org',
        address_key: 'alice.new@example.org',
        address_hash: hashAddress(keys, 'alice.new@example.org'),
      },
    ])
    expect(await ask(page)).toContain('For <span class="whole">A…w@example.org</span>')
    expect(await deliveries()).toMatchObject([{ address: 'alice@example.com', state: 'sent' }])
    const events = await db.query.selectFrom('event').selectAll().execute()
    expect(events).toMatchObject([{ kind: 'moved' }])
    expect(JSON.stringify(events)).not.toContain('@')
  })

  test('what was asked from the old address is nothing the old mailbox can do any more', async () => {
    const { page, to } = await askAndAgree()
    await ask(page, { act: 'export' })
    await ask(page, { act: 'erase' })
    const [, , exporting, erasing] = await notices()

    await ask(to, {})

    for (const notice of [exporting, erasing])
      expect(await ask(pathOf(notice?.id), {})).toContain('This link does not work')
    expect(await subscribers()).toMatchObject([{ address: 'Alice.New@example.org' }])
    expect(await ask(to)).toContain('Your address is changed')
  })

  test('an old file brings nobody back to the address they have left; they themselves may move back', async () => {
    const { to } = await askAndAgree()
    await ask(to, {})
    const old = 'alice@example.com'

    const imported = await importSubscribers(
      {
        file: 'old.csv',
        listName: 'harbour',
        missingList: 'refuse',
        mode: 'update',
        how: 'write',
        encoding: null,
        map: new Map(),
        from: null,
        attributes: [],
        open: () => Readable.from([Buffer.from(`address\n${old}\n`)]),
      },
      { db, keys, exclude: excludePeople, now },
    )

    expect(imported).toMatchObject({ suppressed: 1, added: 0 })
    expect(await subscribers()).toMatchObject([{ address: 'Alice.New@example.org' }])
    const suppressed = await db.query.selectFrom('suppression').selectAll().execute()
    expect(suppressed).toMatchObject([{ address_hash: hashAddress(keys, old), reason: 'moved' }])
    const [only] = await subscribers()
    expect(await move(only?.id ?? 0, 'alice.new@example.org', old)).toBe(true)
    expect(await db.query.selectFrom('suppression').select('address_hash').execute()).toEqual([
      { address_hash: hashAddress(keys, 'alice.new@example.org') },
    ])
  })

  test('what was deferred at the old address is tried there again', async () => {
    const { sendId } = await seedSend(db.query, { deliveries: [{ who: 'alice', state: 'deferred' }] })

    expect(await move(await idOf('alice'), 'alice@example.com', 'new@example.org')).toBe(true)

    expect(await gatherDueRetries({ query: db.query, keys, now })).toBe(1)
    expect(await db.query.selectFrom('delivery').select(['send_id', 'state']).execute()).toEqual([
      { send_id: sendId, state: 'queued' },
    ])
  })

  test('pressed twice, or twice at once, it is done once and says so each time', async () => {
    const { from, to } = await askAndAgree()
    await Promise.all([ask(from, {}), ask(from, {})])

    const answers = await Promise.all([ask(to, {}), ask(to, {}), ask(to, {})])

    for (const answer of [...answers, await ask(to, {})]) expect(answer).toContain('Your address is changed')
    expect(await db.query.selectFrom('event').select('kind').execute()).toEqual([{ kind: 'moved' }])
    expect(await notices()).toHaveLength(2)
  })

  test('a suppressed new address gets no mail, and the answer is the same', async () => {
    const { deliveries: ids } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
    await db.query
      .insertInto('suppression')
      .values({ address_hash: hashAddress(keys, 'gone@example.org'), reason: 'erased', created_at: 1 })
      .execute()
    const page = `/p/${signToken(keys, 'leave', ids.alice ?? 0)}`
    for (const address of ['gone@example.org', 'free@example.org']) await ask(page, { act: 'move', address })
    const [gone, free] = await notices()

    const answers = [await ask(pathOf(gone?.id), {}), await ask(pathOf(free?.id), {})]

    expect(answers[0]).toBe(answers[1]?.replaceAll('free@', 'gone@'))
    expect((await notices()).map(({ kind, address }) => [kind, address])).toEqual([
      ['moveFrom', 'alice@example.com'],
      ['moveFrom', 'alice@example.com'],
      ['moveTo', 'free@example.org'],
    ])
  })

  test('nobody can have one mailbox written to again and again by moving to it', async () => {
    for (let i = 0; i < 4; i++) {
      const who = `reader${i}`
      const { deliveries: ids } = await seedSend(db.query, {
        deliveries: [{ who }],
        issue: { slug: `2026-04-0${i}-x` },
      })
      await ask(`/p/${signToken(keys, 'leave', ids[who] ?? 0)}`, {
        act: 'move',
        address: `v.ictim+${i}@gmail.com`,
      })
      await ask(pathOf((await notices()).at(-1)?.id), {})
    }

    expect((await notices()).filter(({ kind }) => kind === 'moveTo')).toHaveLength(2)
  })

  test('who has moved another way since is not moved again', async () => {
    const { to } = await askAndAgree()
    await move(await idOf('alice'), 'alice@example.com', 'elsewhere@example.net')

    expect(await ask(to, {})).toContain('This cannot be done any more')
    expect(await subscribers()).toMatchObject([{ address: 'elsewhere@example.net' }])
  })

  test('the text that someone else typed is only text in the page that names it', async () => {
    const { deliveries: ids } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
    await ask(`/p/${signToken(keys, 'leave', ids.alice ?? 0)}`, {
      act: 'move',
      address: "x&'*/=?^`{|}~@example.org",
    })

    expect(await ask(pathOf((await notices())[0]?.id))).toContain('x&amp;&#39;*/=?^`{|}~@example.org')
  })
})

describe('to the address of another Subscriber', () => {
  test('it says which Lists they stay unsubscribed from, once and again', async () => {
    const { to } = await askAndAgree()
    await seedSend(db.query, {
      deliveries: [{ who: 'other' }],
      list: 'Tides & Co',
      issue: { slug: '2026-03-02-tides' },
    })
    const other = await idOf('other')
    await db.query
      .updateTable('subscriber')
      .set({
        address: 'alice.new@example.org',
        address_key: 'alice.new@example.org',
        address_hash: hashAddress(keys, 'alice.new@example.org'),
      })
      .where('id', '=', other)
      .execute()
    await db.query
      .updateTable('subscription')
      .set({ status: 'unsubscribed', left_by: 'person' })
      .where('subscriber_id', '=', other)
      .execute()

    for (const page of [await ask(to, {}), await ask(to), await ask(to, {})]) {
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
    await seedSend(db.query, {
      deliveries: [
        { who: 'alice', state: 'queued' },
        { who: 'anna', state: 'queued' },
      ],
    })
    await seedSend(db.query, {
      deliveries: [{ who: 'anna' }],
      list: 'Canal',
      issue: { slug: '2026-03-02-b' },
    })
    const [alice, anna] = [await idOf('alice'), await idOf('anna')]
    const harbour = (id: number) =>
      db.query.updateTable('subscription').where('subscriber_id', '=', id).where('list_id', '=', 1)
    await harbour(alice)
      .set({ status: own, left_by: own === 'unsubscribed' ? 'editor' : null })
      .execute()
    await harbour(anna)
      .set({ status: theirs, left_by: theirs === 'unsubscribed' ? 'person' : null })
      .execute()

    expect(await move(alice, 'alice@example.com', 'anna@example.com')).toBe(true)

    expect(await subscribers()).toMatchObject([{ id: alice, address: 'anna@example.com' }])
    const rows = await db.query
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
    const states = (await deliveries()).map(({ state, reason }) => [state, reason])
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
      const { sendId } = await seedSend(db.query, {
        deliveries: [
          { who: 'alice', state: 'queued' },
          { who: 'anna', state },
        ],
      })
      const { audience, digest } = await digestSet(db.query, sendId)
      await db.query
        .updateTable('send')
        .set({ audience, set_digest: digest })
        .where('id', '=', sendId)
        .execute()
      const other = await seedSend(db.query, { deliveries: [], list: 'Canal', state: 'preparing' })
      const [alice, anna] = [await idOf('alice'), await idOf('anna')]
      await move(alice, 'alice@example.com', 'anna@example.com')
      await db.query
        .insertInto('subscription')
        .values({
          list_id: other.listId,
          subscriber_id: alice,
          status: 'active',
          created_at: 1,
          changed_at: 1,
        })
        .execute()

      expect(await deliveries()).toMatchObject([
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
        keys,
      }
      const reasons = await judgeCandidates(db.query, [alice], context)
      expect(reasons.get(alice)).toBe(`already received in Send ${sendId}`)
      const { findings } = await verifySend(sendId, { query: db.query, keys })
      expect(findings.map(({ rule }) => rule)).not.toContain('the set is not the frozen one')
    },
  )

  test('an Issue got at the old address does not come to the new one', async () => {
    const { sendId } = await seedSend(db.query, { deliveries: [{ who: 'alice', state: 'sent' }] })
    const other = await seedSend(db.query, { deliveries: [], list: 'Canal', state: 'preparing' })
    const alice = await idOf('alice')
    await db.query
      .insertInto('subscription')
      .values({ list_id: other.listId, subscriber_id: alice, status: 'active', created_at: 1, changed_at: 1 })
      .execute()
    await move(alice, 'alice@example.com', 'new@example.org')

    const context = {
      issueId: 1,
      sendId: other.sendId,
      listId: other.listId,
      copy: 0,
      topics: [],
      asOf: NOON,
      calendar: 'UTC',
      keys,
    }
    expect((await judgeCandidates(db.query, [alice], context)).get(alice)).toBe(
      `already received in Send ${sendId}`,
    )
  })

  test('the links in the messages of both lead to the one they are now', async () => {
    const { deliveries: ids } = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'anna' }] })
    const next = await seedSend(db.query, {
      deliveries: [{ who: 'anna', state: 'queued' }],
      issue: { slug: '2026-03-20-next' },
    })
    await move(await idOf('alice'), 'alice@example.com', 'anna@example.com')

    for (const who of ['alice', 'anna'])
      expect(await ask(`/p/${signToken(keys, 'leave', ids[who] ?? 0)}`)).toContain(
        'For <span class="whole">a…a@example.com</span>',
      )
    await ask(`/u/${signToken(keys, 'leave', ids.alice ?? 0)}`, { 'List-Unsubscribe': 'One-Click' })

    const pending = await db.query
      .selectFrom('delivery')
      .select(['state', 'reason'])
      .where('id', '=', next.deliveries.anna ?? 0)
      .executeTakeFirstOrThrow()
    expect(pending).toEqual({ state: 'excluded', reason: 'unsubscribed' })
    expect(await ask(`/u/${signToken(keys, 'leave', ids.anna ?? 0)}`)).toContain(
      'You are already unsubscribed',
    )
  })

  test('a third address joins them: all that was any of them is one', async () => {
    await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'anna' }, { who: 'ada' }] })
    const [alice, anna, ada] = [await idOf('alice'), await idOf('anna'), await idOf('ada')]
    await move(alice, 'alice@example.com', 'anna@example.com')
    await move(ada, 'ada@example.com', 'anna@example.com')

    expect(await subscribers()).toMatchObject([{ id: ada, address: 'anna@example.com' }])
    expect(await db.query.selectFrom('merged').selectAll().orderBy('subscriber_id').execute()).toEqual([
      { subscriber_id: alice, into_id: ada },
      { subscriber_id: anna, into_id: ada },
    ])
  })
})
