/** Filing: what has just come in is not in the indexes yet, and nobody who looks for it misses it. */

import { CompiledQuery, createQueryId, type KyselyPlugin, type RootOperationNode } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db, Query } from '../../src/db/db.js'
import { KEPT_A_DAY, KEPT_OF_NETWORK } from '../../src/event/allowance.js'
import { fileHits } from '../../src/event/file-hits.js'
import { type Hit, openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { PURGED } from '../../src/event/purge.js'
import { lookAgain, rejudge } from '../../src/event/rejudge.js'
import { makeKeys } from '../../src/link/token.js'
import { readMoments } from '../../src/report/moments.js'
import { erase } from '../../src/track/erase.js'
import { eraseRest } from '../../src/track/erase-rest.js'
import { readOwnData } from '../../src/track/own-data.js'
import { openTestDb } from '../rig/database.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const NOW = Date.UTC(2026, 0, 5, 12)
const now = () => NOW
const keys = makeKeys(['a secret for tests that is more than 32 characters'])

let db: Db
let seeded: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  seeded = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
    links: [{ url: 'https://example.com/' }],
    state: 'finished',
    now: NOW - 60_000,
  })
})
afterEach(() => db.close())

function clickOf(who: string): Hit {
  return {
    kind: 'click',
    deliveryId: seeded.deliveries[who] ?? 0,
    link: 0,
    method: 'GET',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15',
    network: '203.0.113.0/24',
    headers: { accept: 'text/html' },
  }
}

const formOf = (who: string): Hit => ({ ...clickOf(who), kind: 'form', link: null })

async function record(hits: readonly Hit[]): Promise<void> {
  const open = openHits({ db, now })
  await Promise.all(hits.map((hit) => open.record(hit)))
  await open.close()
}

/** Lets something happen once, when filing has looked how far it has to go; on Postgres, which files nothing, at the first answer. */
function whenFiled(happen: () => Promise<void>): KyselyPlugin {
  let isDone = false
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (!isDone && (db.engine === 'postgres' || result.rows.some((row) => 'last' in row))) {
        isDone = true
        await happen()
      }
      return result
    },
  }
}

const readFiled = async () =>
  (await db.query.selectFrom('hit').select('is_filed').orderBy('id').execute()).map(
    ({ is_filed }) => is_filed,
  )
const personOf = async (who: string) =>
  (
    await db.query
      .selectFrom('delivery')
      .select('subscriber_id')
      .where('id', '=', seeded.deliveries[who] ?? 0)
      .executeTakeFirstOrThrow()
  ).subscriber_id

test('a click touches no index, a form does; each is filed once, however many there are', async () => {
  await record([clickOf('alice'), formOf('alice')])
  const isBehind = db.engine === 'sqlite' ? 0 : 1
  expect((await readFiled()).sort()).toEqual([isBehind, 1])

  const {
    id: _,
    is_filed: __,
    ...row
  } = await db.query.selectFrom('hit').selectAll().executeTakeFirstOrThrow()
  for (let page = 0; page < 9; page++)
    await db.query
      .insertInto('hit')
      .values(Array.from({ length: 500 }, () => ({ ...row, is_filed: isBehind })))
      .execute()

  await Promise.all([fileHits(db.query), fileHits(db.query)])
  await fileHits(db.query)

  const filed = await readFiled()
  expect(filed).toHaveLength(4_502)
  expect(new Set(filed)).toEqual(new Set([1]))
})

test('a pass of ingest judges what came in since the last one, once', async () => {
  await record([clickOf('alice'), clickOf('bob')])
  expect(await ingestOnce({ db, now })).toBe(2)
  await record([clickOf('alice')])
  expect(await ingestOnce({ db, now })).toBe(1)
  expect(await ingestOnce({ db, now })).toBe(0)

  const verdicts = await db.query.selectFrom('classification').select('hit_id').execute()
  expect(verdicts).toHaveLength(3)
})

test('a click that comes in after filing, and a form after it, are both judged by the next pass', async () => {
  const query = db.query.withPlugin(
    whenFiled(async () => {
      await record([clickOf('alice')])
      await record([formOf('bob')])
    }),
  )
  await ingestOnce({ db: { query }, now })

  await ingestOnce({ db, now })

  const unjudged = await db.query
    .selectFrom('hit')
    .leftJoin('classification as known', 'known.hit_id', 'hit.id')
    .select('hit.kind')
    .where('known.hit_id', 'is', null)
    .execute()
  expect(unjudged).toEqual([])
})

test('in a flood of others a Token that is asked again and again takes no more room', async () => {
  const hits = openHits({ db, now })
  const click = async (times: number) => {
    for (let done = 0; done < times; done += 10)
      await Promise.all(Array.from({ length: 10 }, () => hits.record(clickOf('alice'))))
  }
  await click(KEPT_A_DAY / 2)
  const { id: _, ...row } = await db.query.selectFrom('hit').selectAll().limit(1).executeTakeFirstOrThrow()
  for (let page = 0; page < 12; page++)
    await db.query
      .insertInto('hit')
      .values(Array.from({ length: 500 }, () => ({ ...row, delivery_id: seeded.deliveries.bob ?? 0 })))
      .execute()
  await click(KEPT_A_DAY)
  await hits.close()

  const kept = await db.query
    .selectFrom('hit')
    .select('id')
    .where('delivery_id', '=', seeded.deliveries.alice ?? 0)
    .execute()
  expect(kept).toHaveLength(KEPT_A_DAY + KEPT_OF_NETWORK)
})

test('a reclassification judges what no pass has seen', async () => {
  await record([clickOf('alice')])

  expect((await lookAgain(db.query, seeded.sendId)).hits).toBe(1)
  await record([clickOf('bob')])
  expect((await rejudge(db.query, seeded.sendId, { now })).hits).toBe(2)
})

test('a timeline and a copy of all that is kept of a person hold what came in a moment ago, and write nothing', async () => {
  const { query, asked } = overhear()
  await record([clickOf('alice'), clickOf('bob')])
  const subscriberId = await personOf('alice')

  const copy = await readOwnData(query, subscriberId, { keys, now: NOW })
  expect(copy?.deliveries.map(({ requests }) => requests.map(({ network }) => network))).toEqual([
    ['203.0.113.0/24'],
  ])

  await record([clickOf('alice')])
  const moments = await readMoments(query, {
    id: seeded.deliveries.alice ?? 0,
    sendId: seeded.sendId,
    subscriberId,
  })
  expect(moments.filter(({ what }) => what === 'click')).toHaveLength(2)
  expect(asked.filter((node) => !/^\s*\(?\s*(with|select)\b/i.test(compile(query, node).sql))).toEqual([])
})

test('who is erased is taken out of what came in a moment ago, and nobody else is', async () => {
  await record([clickOf('alice'), clickOf('bob')])

  await erase(db, { subscriberId: await personOf('alice'), how: 'command', keys, now: NOW })

  const rows = await db.query
    .selectFrom('hit')
    .select(['network', 'user_agent', 'headers'])
    .orderBy('id')
    .execute()
  expect(rows[0]).toEqual(PURGED)
  expect(rows[1]?.network).toBe('203.0.113.0/24')
})

/** How the statements begin that tell what is done; the last two are the first of their transaction. */
const STEPS = [
  ['filing', 'update "hit" set "is_filed"'],
  ['erasure', 'select "address_key" from "subscriber" where "id" ='],
  ['rest', 'select distinct "delivery"."subscriber_id" from "delivery"'],
] as const

test('what has piled up is filed before an erasure begins, lest everyone who writes wait for that', async () => {
  if (db.engine === 'postgres') return
  const { query, asked } = overhear()
  await record([clickOf('alice')])
  const subscriberId = await personOf('alice')

  await erase({ query }, { subscriberId, how: 'command', keys, now: NOW })
  await record([clickOf('bob')])
  await eraseRest({ query, now, wireTimeoutMs: 1_000 })

  const texts = asked.map((node) => compile(db.query, node).sql)
  const steps = texts.flatMap((text) =>
    STEPS.filter(([, mark]) => text.startsWith(mark)).map(([step]) => step),
  )
  expect(steps).toEqual(['filing', 'erasure', 'filing', 'rest'])
})

test('nobody reads all Hits to find those of a Delivery, a person or a network', async () => {
  if (db.engine === 'postgres') return
  const { query, asked } = overhear()
  const open = openHits({ db: { query }, now })
  for (let times = 0; times < 45; times++) await open.record(clickOf('alice'))
  await open.close()
  await ingestOnce({ db: { query }, now })
  await rejudge(query, seeded.sendId, { now })
  const subscriberId = await personOf('alice')
  await readMoments(query, { id: seeded.deliveries.alice ?? 0, sendId: seeded.sendId, subscriberId })
  await readOwnData(query, subscriberId, { keys, now: NOW })
  await erase({ query }, { subscriberId, how: 'command', keys, now: NOW })

  const plans = await Promise.all(asked.map((node) => explain(db.query, node)))

  const ofHits = plans.filter(({ steps }) => steps.some((step) => / hit( |$)/.test(step)))
  expect(ofHits.some(({ steps }) => steps.some((step) => step.includes('hit_delivery')))).toBe(true)
  expect(ofHits.some(({ steps }) => steps.some((step) => step.includes('hit_network')))).toBe(true)
  expect(ofHits.filter(({ steps }) => steps.some((step) => /SCAN hit( |$)/.test(step)))).toEqual([])
})

/** A query on which all that is asked is kept. */
function overhear(): { readonly query: Query; readonly asked: readonly RootOperationNode[] } {
  const asked: RootOperationNode[] = []
  const query = db.query.withPlugin({
    transformQuery: ({ node }) => {
      asked.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return { query, asked }
}

const compile = (query: Query, node: RootOperationNode) =>
  query.getExecutor().compileQuery(node, createQueryId())

async function explain(
  query: Query,
  node: RootOperationNode,
): Promise<{ text: string; steps: readonly string[] }> {
  const { sql: text, parameters } = compile(query, node)
  // Those that write and give rows back are of other tables.
  if (!/\bhit\b/.test(text) || /\breturning\b/i.test(text)) return { text, steps: [] }
  const plan = CompiledQuery.raw(`explain query plan ${text}`, [...parameters])
  const { rows } = await query.executeQuery<{ detail: string }>(plan)
  return { text, steps: rows.map(({ detail }) => detail) }
}
