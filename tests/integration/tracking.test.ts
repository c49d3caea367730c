/** Who is not to be tracked: by their own page or by letter, in all that they were sent and will be, whatever becomes of them. */

import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseAddress } from '../../src/address.js'
import { trackAddress } from '../../src/commands/subscribers-tracking.js'
import type { Db } from '../../src/db/db.js'
import { transact } from '../../src/db/transact.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { NOTHING } from '../../src/issue/tracking.js'
import { hashAddress, makeKeys, signToken } from '../../src/link/token.js'
import { printReport } from '../../src/report/print-report.js'
import { readReport } from '../../src/report/report.js'
import { movePerson } from '../../src/track/move.js'
import { readOwnData } from '../../src/track/own-data.js'
import { setTracking } from '../../src/track/tracking.js'
import type { RunningServer } from '../../src/web/server.js'
import { publicationOf } from '../rig/archive.js'
import { openTestDb } from '../rig/database.js'
import { freeze, openTestRoot, subscribe } from '../rig/engine.js'
import { seedSend } from '../rig/seed.js'
import { serveTestWeb, type TestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const NOON = Date.UTC(2026, 0, 31, 12)
const now = () => NOON

let db: Db
let hits: Hits
let server: RunningServer

beforeEach(async () => {
  db = await openTestDb()
  hits = openHits({ db, now })
  server = await serve()
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

function serve(more: Partial<TestWeb> = {}): Promise<RunningServer> {
  return serveTestWeb({ db, keys, hits, log: pino({ level: 'silent' }), now, ...more })
}

async function ask(path: string, fields?: Readonly<Record<string, string>>) {
  const init = fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}
  const answer = await fetch(server.url + path, {
    redirect: 'manual',
    ...init,
    headers: { 'user-agent': 'Tests/1' },
  })
  return { status: answer.status, text: await answer.text() }
}

const subscriberOf = (who: string) =>
  db.query
    .selectFrom('subscriber')
    .select(['id', 'is_untracked'])
    .where('address_key', '=', `${who}@example.com`)
    .executeTakeFirstOrThrow()

/** Of each Delivery, by the person it was frozen for. */
async function untrackedFlags(): Promise<readonly string[]> {
  const rows = await db.query
    .selectFrom('delivery')
    .select(['address', 'is_untracked'])
    .orderBy('id')
    .execute()
  return rows.map(({ address, is_untracked }) => `${address.split('@')[0]} ${is_untracked}`)
}

async function wish(who: string, isUntracked: boolean): Promise<boolean> {
  const { id } = await subscriberOf(who)
  return transact(db.query, 'test', (trx) =>
    setTracking(trx, id, { isUntracked, act: { how: 'command', by: 'Ada' }, now: NOON }),
  )
}

describe('the page of preferences', () => {
  test('switches it off for all that was ever sent, and on again for what comes', async () => {
    const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }] })
    await seedSend(db.query, {
      deliveries: [{ who: 'alice', state: 'queued' }],
      issue: { slug: '2026-03-16-locks' },
    })
    const page = `/p/${signToken(keys, 'leave', deliveries.alice ?? 0)}`

    const off = await ask(page, { act: 'untrack' })

    expect(off.text).toContain('From now on nothing is kept of what you open and follow.')
    expect(off.text).toContain('Track me again')
    expect(await untrackedFlags()).toEqual(['alice 1', 'bob 0', 'alice 1'])
    expect((await subscriberOf('alice')).is_untracked).toBe(1)

    const on = await ask(page, { act: 'track' })

    expect(on.text).toContain('Do not track me')
    expect(await untrackedFlags()).toEqual(['alice 1', 'bob 0', 'alice 1'])
    expect((await subscriberOf('alice')).is_untracked).toBe(0)
    const events = await db.query.selectFrom('event').select(['kind', 'detail']).orderBy('id').execute()
    expect(events.map(({ kind, detail }) => [kind, JSON.parse(detail).tracking])).toEqual([
      ['preferred', 'off'],
      ['preferred', 'on'],
    ])
  })

  test('looking at it changes nothing, and the same wish twice is put down once', async () => {
    const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
    const page = `/p/${signToken(keys, 'leave', deliveries.alice ?? 0)}`

    for (const path of [page, `${page}?act=untrack`]) await ask(path)
    expect((await subscriberOf('alice')).is_untracked).toBe(0)
    const bad = await ask(page, { act: 'untracked' })
    await ask(page, { act: 'untrack' })
    await ask(page, { act: 'untrack' })

    expect(bad.status).toBe(400)
    expect(await db.query.selectFrom('event').select('kind').execute()).toEqual([{ kind: 'preferred' }])
  })

  test.each([
    ['de', 'Nichts festhalten'],
    ['fr', 'Ne pas garder de trace'],
    ['es', 'No guardar nada'],
  ])('offers it in %s', async (lang, button) => {
    const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
    await db.query.updateTable('subscriber').set({ lang }).execute()

    const { text } = await ask(`/p/${signToken(keys, 'leave', deliveries.alice ?? 0)}`)

    expect(text).toContain(button)
  })

  test('offers no choice where the publication tracks nobody', async () => {
    const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
    const { tracking } = publicationOf()
    await server.close()
    server = await serve({
      publication: async () => publicationOf({ tracking: { ...tracking, ...NOTHING } }),
    })

    const { text } = await ask(`/p/${signToken(keys, 'leave', deliveries.alice ?? 0)}`)

    expect(text).toContain('Your preferences')
    expect(text).not.toContain('Do not track me')
  })

  test('says what is kept, and no more', async () => {
    const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
    const { tracking } = publicationOf()
    await server.close()
    server = await serve({
      publication: async () => publicationOf({ tracking: { ...tracking, opens: false } }),
    })

    const { text } = await ask(`/p/${signToken(keys, 'leave', deliveries.alice ?? 0)}`)

    expect(text).toContain('We keep which links you follow, to learn what is read.')
    expect(text).toContain('Do not track me')
  })
})

test('their pixel and Links are answered and nothing is kept; the Report says of how many, and a form still counts', async () => {
  const { sendId, deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
    links: [{ url: 'https://example.com/' }],
    state: 'finished',
  })
  const [alice, bob] = [deliveries.alice ?? 0, deliveries.bob ?? 0]
  const read = (id: number) => signToken(keys, 'read', id)
  await ask(`/p/${signToken(keys, 'leave', alice)}`, { act: 'untrack' })
  await db.query.deleteFrom('hit').execute()

  const asked = []
  for (const id of [alice, bob])
    for (const path of [`/o/${read(id)}.gif`, `/c/${read(id)}/0`, `/c/${read(id)}/x`])
      asked.push((await ask(path)).status)

  expect(asked).toEqual([200, 302, 302, 200, 302, 302])
  const kept = await db.query.selectFrom('hit').select(['kind', 'delivery_id']).orderBy('id').execute()
  expect(kept).toEqual(['open', 'click', 'trap'].map((kind) => ({ kind, delivery_id: bob })))
  await ingestOnce({ db, now })
  const report = await readReport(db.query, sendId)
  expect(report.tracking).toEqual({ opens: true, clicks: true, untracked: 1 })
  expect(printReport(report)).toContain('Of 1 person nothing more is kept')

  await ask(`/u/${signToken(keys, 'leave', alice)}`, { how: 'page' })
  const forms = await db.query
    .selectFrom('hit')
    .select('delivery_id')
    .where('kind', '=', 'unsubscribe')
    .execute()
  expect(forms).toEqual([{ delivery_id: alice }])
})

test('a Send that tracked nothing says so in its Report', async () => {
  const { sendId } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    issue: {
      publication: {
        name: 'The Harbour Brief',
        from: { name: 'The Harbour Brief', address: 'brief@example.com' },
        replyTo: null,
        publicUrl: 'https://brief.example.com',
        tracking: { opens: false, clicks: false, honeypot: false },
      },
    },
  })

  const report = await readReport(db.query, sendId)

  expect(report.tracking).toEqual({ opens: false, clicks: false, untracked: 0 })
  expect(printReport(report)).toContain('not tracked')
})

test('an editor does it by letter, under their name', async () => {
  await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const request = { address: 'Alice@example.com', tracking: 'off', by: 'Ada', db, now } as const

  const first = await trackAddress(request)
  const second = await trackAddress(request)

  expect(first).toEqual({ address: 'alice@example.com', tracking: 'off', changed: true, by: 'Ada' })
  expect(second.changed).toBe(false)
  expect(await untrackedFlags()).toEqual(['alice 1'])
  const { detail } = await db.query.selectFrom('event').select('detail').executeTakeFirstOrThrow()
  expect(JSON.parse(detail)).toEqual({ how: 'command', by: 'Ada', tracking: 'off' })
  await expect(trackAddress({ ...request, address: 'nobody@example.com' })).rejects.toThrow(
    'there is no subscriber nobody@example.com',
  )
})

test('own data says it, of the person and of each message', async () => {
  await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  await wish('alice', true)

  const data = await readOwnData(db.query, (await subscriberOf('alice')).id, { keys, now: NOON })

  expect(data).toMatchObject({ tracking: 'off', deliveries: [{ tracking: 'off' }] })
})

test.each([
  ['who stays', 'bob'],
  ['who becomes the other', 'alice'],
])('of two who become one, the wish of the one %s holds for both', async (_which, who) => {
  await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }, { who: 'erin' }] })
  await wish(who, true)
  const { id } = await subscriberOf('alice')
  const to = parseAddress('bob@example.com')
  if (to.kind === 'refused') throw new Error(to.reason)

  await transact(db.query, 'test', (trx) =>
    movePerson(trx, {
      subscriberId: id,
      fromHash: hashAddress(keys, 'alice@example.com'),
      to,
      act: { how: 'notice' },
      keys,
      now: NOON,
    }),
  )

  expect((await subscriberOf('bob')).is_untracked).toBe(1)
  expect(await untrackedFlags()).toEqual(['alice 1', 'bob 1', 'erin 0'])
})

describe('at freeze', () => {
  test('each Delivery is as its person wishes', async () => {
    const root = await openTestRoot()
    try {
      const store = await root.store()
      const listId = await subscribe(store, 'weekly', ['alice', 'bob'])
      await store.db.query
        .updateTable('subscriber')
        .set({ is_untracked: 1 })
        .where('name', '=', 'alice')
        .execute()

      const { sendId } = await freeze(store, listId)

      const rows = await store.db.query
        .selectFrom('delivery')
        .select(['name', 'is_untracked'])
        .where('send_id', '=', sendId)
        .orderBy('name')
        .execute()
      expect(rows).toEqual([
        { name: 'alice', is_untracked: 1 },
        { name: 'bob', is_untracked: 0 },
      ])
    } finally {
      await root.close()
    }
  })

  test('a wish in the middle of it is in every Delivery of that person, and no other', async () => {
    const root = await openTestRoot()
    try {
      const store = await root.store()
      const people = Array.from({ length: 3_000 }, (_, index) => `reader${index}`)
      const listId = await subscribe(store, 'weekly', people)
      const shy = await store.db.query
        .selectFrom('subscriber')
        .select('id')
        .where(
          'name',
          'in',
          people.filter((_, index) => index % 100 === 0),
        )
        .execute()

      const [{ sendId }] = await Promise.all([
        freeze(store, listId),
        ...shy.map(({ id }) =>
          transact(store.db.query, 'test', (trx) =>
            setTracking(trx, id, { isUntracked: true, act: { how: 'preferences' }, now: NOON }),
          ),
        ),
      ])

      const untracked = await store.db.query
        .selectFrom('delivery')
        .select('subscriber_id')
        .where('send_id', '=', sendId)
        .where('is_untracked', '=', 1)
        .orderBy('subscriber_id')
        .execute()
      expect(untracked.map(({ subscriber_id }) => subscriber_id)).toEqual(
        shy.map(({ id }) => id).sort((a, b) => a - b),
      )
    } finally {
      await root.close()
    }
  })
})
