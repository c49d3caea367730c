/** Pixels and clicks under load while the engine is killed, Redis is gone, the database is slow or away. */

import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { ingestOnce } from '../../src/event/ingest.js'
import { signToken } from '../../src/link/token.js'
import { type Asked, type Askers, startAskers } from '../rig/askers.js'
import type { RunningEngine } from '../rig/cli.js'
import { compilation } from '../rig/engine.js'
import { people } from '../rig/people.js'
import { startProxy, type TcpProxy } from '../rig/proxy.js'
import { type RedisServer, startRedis } from '../rig/redis.js'
import { openScene, type Scene } from '../rig/scene.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
const READERS = 300
const CONNECTIONS = 48
const TARGET = 'https://example.org/a'
const WEB = ['--only', 'web']

let scene: Scene
let redis: RedisServer | null = null
let proxy: TcpProxy | null = null

afterEach(async () => {
  await scene.close()
  await redis?.stop()
  await proxy?.close()
  redis = null
  proxy = null
})

/** A Send whose Deliveries are clicked in; the ids of these. */
async function seed(): Promise<readonly number[]> {
  const { compiled, ...rest } = compilation()
  const link = { index: 0, url: TARGET, section: '', heading: '', text: 'here' }
  await scene.startSend({
    people: people(READERS),
    issue: { ...rest, compiled: { ...compiled, links: [link] } },
  })
  const rows = await scene.store.db.query.selectFrom('delivery').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** Every third asks for a picture, the others click. */
function load(url: string, ids: readonly number[], prefix: string): Askers {
  const tokens = ids.map((id) => signToken(scene.store.keys, 'read', id))
  const pathOf = (number: number) => {
    const token = tokens[number % tokens.length] ?? ''
    return number % 3 === 0 ? `/o/${token}.gif` : `/c/${token}/0`
  }
  return startAskers({ url, pathOf, connections: CONNECTIONS, prefix })
}

/** Names of the requests that are kept as Hits, and of those that became Events. */
async function readKept() {
  const { db, now } = scene.store
  // Again until nothing is left: on Postgres a page may end at a Hit whose commit is still to come.
  while ((await ingestOnce({ db, now })) > 0);
  const rows = await db.query
    .selectFrom('hit')
    .leftJoin('event', 'event.hit_id', 'hit.id')
    .select(['hit.user_agent as name', 'event.id as event'])
    .execute()
  return {
    hits: rows.map(({ name }) => name),
    events: new Set(rows.filter(({ event }) => event !== null).map(({ name }) => name)),
  }
}

function expectRight(answered: readonly Asked[]): void {
  for (const { path, status, location } of answered) {
    const isClick = path.startsWith('/c/')
    expect([path, status, location]).toEqual(isClick ? [path, 302, TARGET] : [path, 200, null])
  }
}

test('kill -9 under load, three times: each request that was answered is a Hit, once, and an Event', async () => {
  scene = await openScene()
  const ids = await seed()
  const answered: Asked[] = []
  let asked = 0

  for (const prefix of ['first', 'second', 'third']) {
    const engine = await scene.engine({}, WEB)
    const askers = load(engine.url, ids, prefix)
    await askers.untilAnswered(2_000)
    await engine.end('SIGKILL')
    await askers.stop()
    answered.push(...askers.answered)
    asked += askers.asked()
  }

  expectRight(answered)
  const { hits, events } = await readKept()
  const kept = new Set(hits)
  expect(answered.filter(({ name }) => !kept.has(name))).toEqual([])
  expect(answered.filter(({ name }) => !events.has(name))).toEqual([])
  expect(hits).toHaveLength(kept.size)
  // What was kept and not answered is no more than was on its way when the line was cut.
  expect(kept.size).toBeLessThanOrEqual(asked)
  expect(kept.size - answered.length).toBeLessThanOrEqual(3 * CONNECTIONS)
})

test('SIGTERM under load: whatever was begun is answered, and nothing is kept that was not', async () => {
  scene = await openScene()
  const ids = await seed()
  const engine = await scene.engine({}, WEB)
  const askers = load(engine.url, ids, 'ended')
  await askers.untilAnswered(1_000)

  expect(await engine.end('SIGTERM')).toBe(0)
  await askers.stop()

  const { hits } = await readKept()
  expect(new Set(hits)).toEqual(new Set(askers.answered.map(({ name }) => name)))
})

test('kill -9 while one copy is asked by everybody: kept and counted come to no less than was answered', async () => {
  scene = await openScene()
  const [id = 0] = await seed()
  let answered = 0

  for (const prefix of ['first', 'second']) {
    const engine = await scene.engine({}, WEB)
    const askers = load(engine.url, [id], prefix)
    await askers.untilAnswered(600)
    await engine.end('SIGKILL')
    await askers.stop()
    answered += askers.answered.length
  }

  const { hits } = await readKept()
  const surplus = await scene.store.db.query.selectFrom('surplus').select('hits').execute()
  const counted = surplus.reduce((sum, { hits: more }) => sum + more, 0)
  // Each process may keep twenty more: of the network, and until it has looked.
  expect(hits.length).toBeLessThanOrEqual(200 + 4 * 20 + 20)
  expect(hits.length + counted).toBeGreaterThanOrEqual(answered)
  expect(hits.length + counted).toBeLessThanOrEqual(answered + 2 * CONNECTIONS)
})

test('Redis is gone: pixels and clicks go on, and each is kept', async () => {
  redis = await startRedis()
  scene = await openScene({ env: { REDIS_URL: redis.url } })
  const ids = await seed()
  const engine = await scene.engine({}, WEB)
  const askers = load(engine.url, ids, 'alone')
  await askers.untilAnswered(500)

  await redis.kill()
  const before = askers.answered.length
  await askers.untilAnswered(before + 1_500)
  await askers.stop()

  expectRight(askers.answered)
  const { hits } = await readKept()
  expect(new Set(hits)).toEqual(new Set(askers.answered.map(({ name }) => name)))
})

test('another process holds the database: readers are answered within seconds, and what was late is told and kept in the end', async () => {
  scene = await openScene()
  const ids = await seed()
  const engine = await scene.engine({}, WEB)
  const askers = load(engine.url, ids, 'held')
  await askers.untilAnswered(500)

  const slowest = await whileHeld(async () => {
    const before = askers.answered.length
    const began = performance.now()
    await askers.untilAnswered(before + 2 * CONNECTIONS)
    return performance.now() - began
  })
  await askers.untilAnswered(askers.answered.length + 500)
  await askers.stop()

  // Twice around for each: two times the three seconds a reader waits, and what a busy machine takes.
  expect(slowest).toBeLessThan(15_000)
  expectRight(askers.answered)
  await expectTold(engine, 'hit answered before it was kept')
  await expectTold(engine, 'the database keeps hits again')
  const { hits } = await readKept()
  const kept = new Set(hits)
  // They waited, and were written when the database answered again.
  expect(askers.answered.filter(({ name }) => !kept.has(name))).toEqual([])
})

test.runIf(isPostgres)(
  'the database is away: readers of a copy that was read before are led on, and what waited is kept when it is back',
  async () => {
    scene = await openScene()
    const ids = await seed()
    const database = new URL(scene.env.DATABASE_URL ?? '')
    proxy = await startProxy(Number(database.port))
    const engine = await scene.engine({ DATABASE_URL: proxy.through(database.href) }, WEB)
    const askers = load(engine.url, ids, 'away')
    await askers.untilAnswered(1_000)

    await proxy.refuse()
    proxy.cut()
    await askers.untilAnswered(askers.answered.length + 2 * CONNECTIONS)
    await proxy.accept()
    await askers.untilAnswered(askers.answered.length + 1_000)
    await askers.stop()
    await expectTold(engine, 'the database keeps hits again')

    expectRight(askers.answered)
    const { hits } = await readKept()
    const kept = new Set(hits)
    // None twice, and none lost but those whose commit was under way when the lines were cut.
    expect(hits).toHaveLength(kept.size)
    expect(askers.answered.filter(({ name }) => !kept.has(name)).length).toBeLessThanOrEqual(CONNECTIONS)
  },
)

/** Nobody else can write while `work` runs. */
async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  return scene.store.db.query.transaction().execute(async (trx) => {
    await sql`update hit set at = at where id = 0`.execute(trx)
    if (isPostgres) await sql`lock table hit in access exclusive mode`.execute(trx)
    return work()
  })
}

async function expectTold({ stderr }: RunningEngine, sentence: string): Promise<void> {
  await expect.poll(stderr).toContain(sentence)
}
