/**
 * Reach as ingest keeps it, as it is made anew, and counted the plain way: the same numbers, whatever order Hits come in,
 * whoever else is at it, and wherever it broke off.
 */

import type { KyselyPlugin } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db, Query } from '../../src/db/db.js'
import type { HitKind } from '../../src/db/schema.js'
import { transact } from '../../src/db/transact.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { CROWD_OF } from '../../src/event/judge/crowd.js'
import { abandonedRebuilds, continueRebuild, lookAgain, rejudge } from '../../src/event/rejudge.js'
import { scrub } from '../../src/track/scrub.js'
import { openTestDb } from '../rig/database.js'
import { type Random, seededRandom } from '../rig/random.js'
import { keptReach, plainReach } from '../rig/reach.js'
import { seedSend } from '../rig/seed.js'

const started = Date.parse('2026-03-01T08:20:00Z')
// Past what is waited for late commits on Postgres.
const now = () => started + 400 * 86_400_000
const agents = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0',
  'BarracudaCentral',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  '',
]
const links = [
  { url: 'https://example.org/a', section: 'cranes', heading: 'Cranes', text: 'a' },
  { url: 'https://example.org/b', section: 'cranes', heading: 'Cranes', text: 'b' },
  { url: 'https://example.org/c', section: '', heading: '', text: 'c' },
]
const html = [
  'a',
  { kind: 'choice', name: 'city', present: ['b'], absent: ['c'] },
  { kind: 'choice', name: 'tier', present: ['b'], absent: [] },
] as const
const PEOPLE = 40

let db: Db

beforeEach(async () => {
  db = await openTestDb()
  next = 0
})

afterEach(() => db.close())

interface Scene {
  readonly sends: readonly number[]
  readonly deliveries: readonly number[]
}

/** Two Sends to people of several lanes, domains and cities. */
async function seedScene(random: Random): Promise<Scene> {
  const people = Array.from({ length: PEOPLE }, (_, at) => ({ who: `reader${at}` }))
  const sends: number[] = []
  const deliveries: number[] = []
  for (const slug of ['2026-03-01-cranes', '2026-03-08-tides']) {
    const seeded = await seedSend(db.query, {
      deliveries: people,
      links,
      issue: { slug, html },
      now: started,
    })
    sends.push(seeded.sendId)
    for (const id of Object.values(seeded.deliveries)) {
      deliveries.push(id)
      const domain = random.pick(['example.com', 'example.net', 'example.org'])
      await db.query
        .updateTable('delivery')
        .set({
          address: `reader${id}@${domain}`,
          attributes: JSON.stringify({
            city: random.pick(['Kyōto', '', ' \t']),
            ...random.pick([{}, { tier: 'gold' }]),
          }),
        })
        .where('id', '=', id)
        .execute()
      await db.query
        .insertInto('attempt')
        .values({
          delivery_id: id,
          number: 1,
          send_id: seeded.sendId,
          relay: 'main',
          fence: 1,
          owner: 'test',
          intended_at: started,
          outcome: 'sent',
          replied_at: started + random.between(0, 30_000),
        })
        .execute()
    }
  }
  return { sends, deliveries }
}

let next = 0

/** A company of one Send, so many of whom look at it within the same minute that they are a crowd at last. */
interface Company {
  readonly members: readonly number[]
  readonly minute: number
  readonly network: string
  readonly agent: string
}

function companyOf(random: Random, { deliveries }: Scene): Company {
  const first = random.pick([0, PEOPLE])
  return {
    members: deliveries.slice(first, first + CROWD_OF + 6),
    minute: Math.floor(started / 60_000) + random.between(2, 5_000),
    network: '203.0.113.0/24',
    agent: agents[1] ?? '',
  }
}

/** Some at once, some days later, and now and then another one of the company. */
async function addHits(random: Random, scene: Scene, count: number, company?: Company): Promise<void> {
  for (let hit = 0; hit < count; hit++) {
    if (company !== undefined && random.next() < 0.4) {
      const { minute, network, agent } = company
      const at = minute * 60_000 + random.between(0, 59_999)
      const deliveryId = company.members[next++ % company.members.length] ?? 0
      await addHit(random, { deliveryId, at, network, agent, kind: 'open', method: 'GET' })
    } else {
      const at = started + random.pick([random.between(0, 60_000), random.between(0, 90 * 86_400_000)])
      const network = random.pick(['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/48', ''])
      await addHit(random, {
        deliveryId: random.pick(scene.deliveries),
        at,
        network,
        agent: random.pick(agents),
      })
    }
  }
}

interface TestHit {
  readonly deliveryId: number
  readonly at: number
  readonly network: string
  readonly agent: string
  readonly kind?: HitKind
  readonly method?: string
}

async function addHit(random: Random, { deliveryId, at, network, agent, ...given }: TestHit): Promise<void> {
  const kind =
    given.kind ??
    random.pick<HitKind>(['open', 'open', 'click', 'click', 'click', 'unsubscribe', 'trap', 'form'])
  const isForm = kind === 'unsubscribe' || kind === 'form'
  await db.query
    .insertInto('hit')
    .values({
      kind,
      delivery_id: deliveryId,
      link: kind === 'click' ? random.between(0, 2) : null,
      method: given.method ?? (isForm ? 'POST' : random.pick(['GET', 'GET', 'GET', 'HEAD'])),
      user_agent: agent,
      network,
      headers: random.pick(['{}', '{"accept-language":"en"}']),
      at,
    })
    .execute()
}

async function addSurplus(random: Random, { deliveries }: Scene): Promise<void> {
  const hits = random.between(1, 500)
  const kind = random.pick(['open', 'click'] as const)
  await db.query
    .insertInto('surplus')
    .values({
      delivery_id: random.pick(deliveries),
      kind,
      link: kind === 'click' ? random.between(0, 2) : -1,
      hits,
      first_at: started + random.between(0, 9 * 86_400_000),
      last_at: now(),
    })
    .onConflict((conflict) =>
      conflict.columns(['delivery_id', 'kind', 'link']).doUpdateSet(({ eb, ref }) => ({
        hits: eb(ref('surplus.hits'), '+', hits),
      })),
    )
    .execute()
}

/** Hits that were taken for what they were since so many came together. */
async function countCrowded(): Promise<number> {
  const rows = await db.query.selectFrom('classification').select('reasons').execute()
  return rows.filter(({ reasons }) => reasons.split(',').includes('crowd')).length
}

/** As `track/erase.ts` does it. */
function erase(subscriberId: number): Promise<void> {
  return transact(db.query, 'erase', (trx) => scrub(trx, [subscriberId]))
}

/** Breaks off at one of its next statements, as if the process had died. */
function breaking(query: Query, random: Random): Query {
  let left = random.between(1, 30)
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      left -= 1
      if (left === 0) throw new Error('broken off')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return query.withPlugin(plugin)
}

async function expectSame({ sends }: Scene): Promise<void> {
  for (const sendId of sends) {
    const plain = await plainReach(db.query, sendId)
    expect(await keptReach(db.query, sendId)).toEqual(plain)
    expect(plain.length).toBeGreaterThan(10)
  }
}

test.each([1, 2, 3])('kept, made anew and counted the plain way: the same (seed %i)', async (seed) => {
  const random = seededRandom(seed)
  const scene = await seedScene(random)
  const company = companyOf(random, scene)

  for (let step = 0; step < 12; step++) {
    await addHits(random, scene, random.between(1, 40), company)
    if (random.next() < 0.4) await addSurplus(random, scene)
    if (random.next() < 0.2) await erase(random.between(1, PEOPLE))
    const what = random.between(0, 3)
    if (what === 0) await ingestOnce({ db, now })
    else if (what === 1) await ingestOnce({ db: { query: breaking(db.query, random) }, now }).catch(() => {})
    else if (what === 2) await Promise.all([ingestOnce({ db, now }), ingestOnce({ db, now })])
    else
      await Promise.all([
        ingestOnce({ db, now }),
        ...scene.sends.map((sendId) => rejudge(db.query, sendId, { now })),
        addHits(random, scene, 10, company),
      ])
  }
  await ingestOnce({ db, now })

  await expectSame(scene)
  expect(await countCrowded()).toBeGreaterThan(0)
  for (const sendId of scene.sends) {
    expect(await lookAgain(db.query, sendId)).toMatchObject({ changed: 0 })
    expect(await rejudge(db.query, sendId, { now })).toMatchObject({ changed: 0, differing: 0 })
  }
  await expectSame(scene)
})

test('the Hit that makes a crowd of what was none changes what the others of it were taken for', async () => {
  const random = seededRandom(8)
  const scene = await seedScene(random)
  const { members, minute, network, agent } = companyOf(random, scene)
  const hit = (deliveryId = 0) =>
    addHit(random, { deliveryId, at: minute * 60_000, network, agent, kind: 'open', method: 'GET' })
  for (const id of members.slice(0, CROWD_OF - 1)) await hit(id)
  await ingestOnce({ db, now })
  expect(await countCrowded()).toBe(0)

  await hit(members[CROWD_OF])
  await ingestOnce({ db, now })

  expect(await countCrowded()).toBe(CROWD_OF)
  for (const sendId of scene.sends)
    expect(await keptReach(db.query, sendId)).toEqual(await plainReach(db.query, sendId))
})

test('what was damaged is found, and mended', async () => {
  const random = seededRandom(4)
  const scene = await seedScene(random)
  await addHits(random, scene, 60)
  await ingestOnce({ db, now })
  const [sendId = 0] = scene.sends
  await db.query
    .updateTable('reach')
    .set(({ eb }) => ({ hits: eb('hits', '+', 1) }))
    .where('send_id', '=', sendId)
    .where('sorted', '=', 'all')
    .where('kind', '=', 'open')
    .where('verdict', '=', 'person')
    .execute()

  expect(await rejudge(db.query, sendId, { now })).toMatchObject({ changed: 0, differing: 1 })

  expect(await rejudge(db.query, sendId, { now })).toMatchObject({ changed: 0, differing: 0 })
  await expectSame(scene)
})

test('one that broke off is taken up where it stood, and until then the numbers of before stand', async () => {
  const random = seededRandom(5)
  const scene = await seedScene(random)
  await addHits(random, scene, 60)
  await ingestOnce({ db, now })
  const [sendId = 0] = scene.sends
  const before = await keptReach(db.query, sendId)
  let broken = 0
  for (let run = 0; run < 8; run++)
    await rejudge(breaking(db.query, random), sendId, { now: () => now() + run * 60_000 }).catch(() => {
      broken += 1
    })
  expect(broken).toBeGreaterThan(0)
  expect(await keptReach(db.query, sendId)).toEqual(before)
  await addHits(random, scene, 20)
  await ingestOnce({ db, now })

  for (const id of await abandonedRebuilds(db.query, now() + 3_600_000))
    await continueRebuild(db.query, id, { now })

  await expectSame(scene)
})

test('Hits of before there was a reach are counted once, with those that come in meanwhile', async () => {
  const random = seededRandom(6)
  const scene = await seedScene(random)
  await addHits(random, scene, 80)
  await ingestOnce({ db, now })
  // As a database is right after the migration: verdicts, and no reach.
  await db.query.deleteFrom('reach').execute()
  for (const sendId of scene.sends)
    await db.query
      .insertInto('rebuild')
      .values({ send_id: sendId, after: 0, is_first: 1, touched_at: 0 })
      .execute()
  await addHits(random, scene, 30)
  await ingestOnce({ db, now })
  expect(await db.query.selectFrom('reach').selectAll().execute()).toEqual([])

  for (const id of await abandonedRebuilds(db.query, now())) await continueRebuild(db.query, id, { now })

  await expectSame(scene)
})

test('a click that is here before the reply is judged once more when that is on record', async () => {
  const random = seededRandom(7)
  const scene = await seedScene(random)
  const [deliveryId = 0] = scene.deliveries
  const attempt = db.query.updateTable('attempt').where('delivery_id', '=', deliveryId)
  const delivery = db.query.updateTable('delivery').where('id', '=', deliveryId)
  await attempt.set({ outcome: null, replied_at: null }).execute()
  await delivery.set({ state: 'sending' }).execute()
  await addHits(random, { ...scene, deliveries: [deliveryId] }, 5)
  await ingestOnce({ db, now })
  expect(await db.query.selectFrom('unreplied').selectAll().execute()).toEqual([{ delivery_id: deliveryId }])

  await attempt.set({ outcome: 'sent', replied_at: started + 1_000 }).execute()
  await delivery.set({ state: 'sent' }).execute()
  await ingestOnce({ db, now })

  expect(await db.query.selectFrom('unreplied').selectAll().execute()).toEqual([])
  const [sendId = 0] = scene.sends
  expect(await keptReach(db.query, sendId)).toEqual(await plainReach(db.query, sendId))
})

test('a reply that comes after somebody has decided without it is heard of, too', async () => {
  const random = seededRandom(9)
  const scene = await seedScene(random)
  const [deliveryId = 0] = scene.deliveries
  const attempt = db.query.updateTable('attempt').where('delivery_id', '=', deliveryId)
  const delivery = db.query.updateTable('delivery').where('id', '=', deliveryId)
  await attempt.set({ outcome: 'uncertain', replied_at: null }).execute()
  await delivery.set({ state: 'uncertain' }).execute()
  const at = started + 20_000
  const network = '192.0.2.0/24'
  await addHit(random, { deliveryId, at, network, agent: agents[1] ?? '', kind: 'open', method: 'GET' })
  await ingestOnce({ db, now })
  await delivery.set({ state: 'sent', reason: 'known by a reader’s act' }).execute()
  await ingestOnce({ db, now })

  await attempt.set({ outcome: 'sent', replied_at: at - 1_000 }).execute()
  await ingestOnce({ db, now })

  const [sendId = 0] = scene.sends
  expect(await lookAgain(db.query, sendId)).toMatchObject({ changed: 0 })
  expect(await keptReach(db.query, sendId)).toEqual(await plainReach(db.query, sendId))
})
