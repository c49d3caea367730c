/** Hits: what is kept of whom, what is only counted, and what a reader gets while the database is slow or away. */

import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { KEPT_A_DAY, KEPT_OF_NETWORK, MOST_NETWORKS } from '../../src/event/allowance.js'
import { type Hit, type Hits, openHits } from '../../src/event/hit.js'
import { parsePublication } from '../../src/issue/publication-file.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { type SeedSend, seedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const DAY_MS = 86_400_000
const NOON = 20_000 * DAY_MS + DAY_MS / 2
const TARGET = 'https://example.org/a'

let time: number
const now = () => time
let publicationFile: string
let db: Db
let hits: Hits
let server: RunningServer
let logged: { readonly msg: string; readonly unsaid: number }[]

beforeEach(async () => {
  time = NOON
  publicationFile = 'name: The Harbour Brief\n'
  logged = []
  db = await openTestDb()
  hits = openHits({ db, now })
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) })
  const publication = async () => parsePublication({ file: 'newsletter.yaml', source: publicationFile })
  server = await serveTestWeb({ db, keys, hits, log, now, publication })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const seed = (more: Partial<SeedSend> = {}) =>
  seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
    links: [{ url: TARGET }, { url: 'https://example.org/b' }],
    ...more,
  })

const click = (id: number | undefined, index: number | string = 0) =>
  `/c/${signToken(keys, 'read', id ?? 0)}/${index}`
const pixel = (id: number | undefined) => `/o/${signToken(keys, 'read', id ?? 0)}.gif`
const leave = (id: number | undefined) => signToken(keys, 'leave', id ?? 0)

function ask(path: string, init: RequestInit = {}) {
  return fetch(server.url + path, { redirect: 'manual', ...init })
}

/** Of one Delivery in a day, when all of it comes from one network. */
const KEPT_OF_ONE = KEPT_A_DAY + KEPT_OF_NETWORK

const readHits = () =>
  db.query.selectFrom('hit').select(['kind', 'delivery_id', 'link']).orderBy('id').execute()
const readSurplus = () =>
  db.query.selectFrom('surplus').selectAll().orderBy('delivery_id').orderBy('link').execute()

function opened(deliveryId: number | undefined): Hit {
  const requester = { method: 'GET', userAgent: 'Mailer/1', network: '192.0.2.0/24', headers: {} }
  return { kind: 'open', deliveryId: deliveryId ?? 0, link: null, ...requester }
}

const untrack = (id: number | undefined) =>
  db.query
    .updateTable('delivery')
    .set({ is_untracked: 1 })
    .where('id', '=', id ?? 0)
    .execute()

test('of a Delivery that is not tracked nothing is kept or counted, while its links lead on and its forms count', async () => {
  const { deliveries } = await seed()
  await untrack(deliveries.alice)

  for (const id of [deliveries.alice, deliveries.dora]) {
    expect((await ask(click(id))).headers.get('location')).toBe(TARGET)
    expect((await ask(pixel(id))).status).toBe(200)
    expect((await ask(click(id, 'x'))).status).toBe(302)
  }
  await Promise.all(Array.from({ length: 2 * KEPT_A_DAY }, () => hits.record(opened(deliveries.alice))))
  await ask(`/u/${leave(deliveries.alice)}`, { method: 'POST' })

  expect(await readHits()).toEqual([
    { kind: 'click', delivery_id: deliveries.dora, link: 0 },
    { kind: 'open', delivery_id: deliveries.dora, link: null },
    { kind: 'trap', delivery_id: deliveries.dora, link: null },
    { kind: 'unsubscribe', delivery_id: deliveries.alice, link: null },
  ])
  expect(await readSurplus()).toEqual([])
})

test.each(['dnt', 'sec-gpc'])(
  'who says %s leaves no trace where that is honoured, and one where it is not',
  async (header) => {
    const { deliveries } = await seed()
    const paths = [click(deliveries.alice), pixel(deliveries.alice), click(deliveries.alice, 'x')]
    const askAll = async (value: string) => {
      for (const path of paths)
        expect((await ask(path, { headers: { [header]: value } })).status).toBeLessThan(400)
    }

    publicationFile = 'name: The Harbour Brief\ntracking:\n  do-not-track: honour\n'
    await askAll('1')
    expect(await readHits()).toEqual([])
    await askAll('0')
    expect(await readHits()).toHaveLength(3)

    publicationFile = 'name: The Harbour Brief\n'
    await askAll('1')
    expect(await readHits()).toHaveLength(6)
  },
)

test('the link that no person sees is kept as a trap and leads to the front page', async () => {
  const { deliveries } = await seed()

  const answer = await ask(click(deliveries.alice, 'x'))

  expect([answer.status, answer.headers.get('location')]).toEqual([302, `${server.url}/`])
  expect(await readHits()).toEqual([{ kind: 'trap', delivery_id: deliveries.alice, link: null }])
  expect((await ask(`/c/${signToken(keys, 'leave', deliveries.alice ?? 0)}/x`)).status).toBe(404)
})

test('a form that a person passes is kept, one that is only opened or refused is not', async () => {
  const { deliveries } = await seed({ deliveries: [{ who: 'alice' }], issue: { slug: '2026-03-01-cranes' } })
  const token = leave(deliveries.alice)
  const say = (fields: Readonly<Record<string, string>>) =>
    ask(`/issues/2026-03-01-cranes/comment/${token}`, { method: 'POST', body: new URLSearchParams(fields) })
  const prefer = (fields: Readonly<Record<string, string>>) =>
    ask(`/p/${token}`, { method: 'POST', body: new URLSearchParams(fields) })

  await ask(`/p/${token}`)
  await ask(`/issues/2026-03-01-cranes/comment/${token}`)
  expect((await say({ name: 'Alice', text: '' })).status).toBe(422)
  expect((await prefer({ nothing: 'of ours' })).status).toBe(400)
  expect(await readHits()).toEqual([])

  expect((await say({ name: 'Alice', text: 'What about the second berth?' })).status).toBe(200)
  expect((await prefer({ act: 'resume' })).status).toBe(200)
  await ask(`/u/${token}`, { method: 'POST' })
  expect((await ask(`/u/${token}/undo`, { method: 'POST' })).status).toBe(200)

  expect((await readHits()).map(({ kind }) => kind)).toEqual(['form', 'form', 'unsubscribe', 'form'])
})

test('100,000 replays of one Token take the room of 220, and each of them is counted', async () => {
  const { deliveries } = await seed()

  for (let round = 0; round < 10; round++)
    await Promise.all(Array.from({ length: 10_000 }, () => hits.record(opened(deliveries.alice))))
  await hits.record(opened(deliveries.dora))

  expect(await readHits()).toHaveLength(KEPT_OF_ONE + 1)
  expect(await readSurplus()).toMatchObject([
    {
      delivery_id: deliveries.alice,
      kind: 'open',
      link: -1,
      hits: 100_000 - KEPT_OF_ONE,
      first_at: NOON,
      last_at: NOON,
    },
  ])
})

test('what is beyond the allowance is counted by what was asked, and the next day has one of its own', async () => {
  const { deliveries } = await seed()
  const record = (count: number, hit: Partial<Hit>) =>
    Promise.all(Array.from({ length: count }, () => hits.record({ ...opened(deliveries.alice), ...hit })))

  await record(KEPT_OF_ONE, {})
  time = NOON + 1_000
  await record(3, { kind: 'click', link: 1 })
  await record(2, { kind: 'click', link: 0 })
  time = NOON + 2_000
  await record(4, { kind: 'click', link: 1 })

  const sums = async () =>
    (await readSurplus()).map(({ link, hits: count, first_at, last_at }) => [
      link,
      count,
      first_at - NOON,
      last_at - NOON,
    ])
  expect(await sums()).toEqual([
    [0, 2, 1_000, 1_000],
    [1, 7, 1_000, 2_000],
  ])

  time = NOON + DAY_MS
  await record(5, { kind: 'click', link: 1 })

  expect(await readHits()).toHaveLength(KEPT_OF_ONE + 5)
  expect(await sums()).toHaveLength(2)
})

test('a machine that asks all day hides neither the reader nor, from many networks, fills the disk', async () => {
  const { deliveries } = await seed()
  const ask = (network: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        hits.record({ ...opened(deliveries.alice), network, link: 0, kind: 'click' }),
      ),
    )
  await ask('198.51.100.0/24', 1_000)

  await ask('192.0.2.0/24', 3)

  const kept = () => db.query.selectFrom('hit').select('network').execute()
  expect((await kept()).filter(({ network }) => network === '192.0.2.0/24')).toHaveLength(3)
  for (let n = 0; n < 2 * MOST_NETWORKS; n++) await ask(`10.0.${n}.0/24`, KEPT_OF_NETWORK + 1)
  // The two before are of the fifty.
  expect(await kept()).toHaveLength(KEPT_OF_ONE + 3 + (MOST_NETWORKS - 2) * KEPT_OF_NETWORK)
})

test('a form is kept however often its Delivery was asked', async () => {
  const { deliveries } = await seed()
  await Promise.all(Array.from({ length: KEPT_OF_ONE + 50 }, () => hits.record(opened(deliveries.alice))))

  const id = await hits.record({ ...opened(deliveries.alice), kind: 'form' })

  expect(await db.query.selectFrom('hit').select('id').where('kind', '=', 'form').execute()).toEqual([{ id }])
})

test('a form that is posted a thousand times takes the room of 220', async () => {
  const { deliveries } = await seed()

  for (let time = 0; time < 50; time++)
    await Promise.all(
      Array.from({ length: 20 }, () => hits.record({ ...opened(deliveries.alice), kind: 'unsubscribe' })),
    )
  await hits.record(opened(deliveries.alice))
  await hits.close()

  const kept = await readHits()
  expect(kept.filter(({ kind }) => kind === 'unsubscribe')).toHaveLength(KEPT_OF_ONE)
  expect(kept.filter(({ kind }) => kind === 'open')).toHaveLength(1)
  expect(await readSurplus()).toMatchObject([{ kind: 'unsubscribe', hits: 1_000 - KEPT_OF_ONE }])
})

test('a new process knows what was stored today, and one beside it too', async () => {
  const { deliveries } = await seed()
  const record = async (from: Hits, count: number) => {
    // A few at a time, as they come from one asker.
    for (let done = 0; done < count; done += 10)
      await Promise.all(Array.from({ length: 10 }, () => from.record(opened(deliveries.alice))))
  }
  await record(hits, KEPT_A_DAY - 10)
  await hits.close()

  const [one, other] = [openHits({ db, now }), openHits({ db, now })]
  await Promise.all([record(one, 150), record(other, 150)])
  await Promise.all([one.close(), other.close()])

  const kept = (await readHits()).length
  expect(kept).toBeGreaterThanOrEqual(KEPT_A_DAY)
  // Each looks when it has kept twenty by itself, and keeps some of the network.
  expect(kept).toBeLessThanOrEqual(KEPT_A_DAY - 10 + 2 * (20 + KEPT_OF_NETWORK))
  const [{ hits: counted } = { hits: 0 }] = await readSurplus()
  expect(kept + counted).toBe(KEPT_A_DAY - 10 + 300)
})

test('a forwarded issue: two thousand readers of one copy at once each get where they want to', async () => {
  const { deliveries } = await seed()
  const began = performance.now()

  const answers: (string | null)[] = []
  for (let round = 0; round < 4; round++)
    answers.push(
      ...(await Promise.all(
        Array.from({ length: 500 }, async () =>
          (await ask(click(deliveries.alice, 1))).headers.get('location'),
        ),
      )),
    )

  expect(new Set(answers)).toEqual(new Set(['https://example.org/b']))
  expect(answers).toHaveLength(2_000)
  const [{ hits: counted } = { hits: 0 }] = await readSurplus()
  expect((await readHits()).length + counted).toBe(2_000)
  // Half a second a round at most, and what the machine takes for it.
  expect(performance.now() - began).toBeLessThan(60_000)
})

test('a Hit that the database is too slow for is answered after some seconds, told, and kept in the end', async () => {
  const { deliveries } = await seed()
  // Warm: which Issue it is stays in memory.
  await ask(click(deliveries.alice))
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const isHeld = new Promise<void>((resolve) => {
    void db.query.transaction().execute(async (trx) => {
      await sql`update hit set at = at`.execute(trx)
      if (db.engine === 'postgres') await sql`lock table hit in access exclusive mode`.execute(trx)
      resolve()
      await held
    })
  })
  await isHeld

  const began = performance.now()
  const answers = await Promise.all([ask(click(deliveries.alice)), ask(pixel(deliveries.dora))])
  const waitedMs = performance.now() - began

  expect(answers.map(({ status }) => status)).toEqual([302, 200])
  expect(waitedMs).toBeGreaterThan(2_500)
  expect(waitedMs).toBeLessThan(8_000)
  expect(logged[0]).toMatchObject({ msg: 'hit answered before it was kept', err: { type: 'LateHit' } })
  release()
  while ((await readHits()).length < 3) await wait(20)
})
