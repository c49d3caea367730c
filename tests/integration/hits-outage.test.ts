/** Hits while the database is away: the readers are answered, what waits is kept once, and the log says what came of it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import Database from 'libsql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { DATABASE_FILE, openDb } from '../../src/db/open.js'
import { KEPT_A_DAY, KEPT_OF_NETWORK } from '../../src/event/allowance.js'
import { type Hit, type Hits, LateHit, openHits } from '../../src/event/hit.js'
import { createDatabase, dropDatabase } from '../rig/database.js'
import { startProxy, type TcpProxy } from '../rig/proxy.js'
import { seedSend } from '../rig/seed.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
const KEPT_OF_ONE = KEPT_A_DAY + KEPT_OF_NETWORK

let dataDir: string
let databaseUrl: string | null
let proxy: TcpProxy | null
let db: Db
let hits: Hits
let logged: { readonly said: string; readonly keptLate: number; readonly lost: number }[]
let alice: number
let dora: number

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-away-'))
  databaseUrl = await createDatabase()
  proxy = databaseUrl === null ? null : await startProxy(Number(new URL(databaseUrl).port))
  db = await openDb({ dataDir, databaseUrl: databaseUrl && (proxy?.through(databaseUrl) ?? null) })
  logged = []
  const log = { warn: (counts: object, said: string) => logged.push({ said, ...counts } as never) }
  hits = openHits({ db, now: Date.now, log: log as never })
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'dora' }] })
  alice = deliveries.alice ?? 0
  dora = deliveries.dora ?? 0
})

afterEach(async () => {
  await proxy?.accept()
  await hits.close()
  await db.close()
  await proxy?.close()
  rmSync(dataDir, { recursive: true, force: true })
  if (databaseUrl !== null) await dropDatabase(databaseUrl)
})

type GiveBack = () => Promise<void>

/** Another process holds it for longer than it is waited for (SQLITE_BUSY). */
async function hold(): Promise<GiveBack> {
  await sql`pragma busy_timeout = 50`.execute(db.query)
  const holder = new Database(path.join(dataDir, DATABASE_FILE))
  holder.exec('begin immediate')
  return async () => {
    holder.exec('rollback')
    holder.close()
  }
}

/** As on a full disk (SQLITE_FULL): no page more than there are. */
async function fill(): Promise<GiveBack> {
  await sql`pragma max_page_count = 1`.execute(db.query)
  return async () => {
    await sql`pragma max_page_count = 1000000`.execute(db.query)
  }
}

/** Postgres takes no connections (ECONNREFUSED). */
async function refuse(): Promise<GiveBack> {
  await proxy?.refuse()
  proxy?.cut()
  await expect.poll(() => readHits().catch(codeOf)).toBe('ECONNREFUSED')
  return async () => proxy?.accept()
}

const codeOf = (error: unknown) => (error as { readonly code?: string }).code

const opened = (more: Partial<Hit> = {}): Hit => ({
  kind: 'open',
  deliveryId: alice,
  link: null,
  method: 'GET',
  userAgent: 'Mailer/1',
  network: '192.0.2.0/24',
  headers: {},
  ...more,
})

/** Some of it takes a page of its own. */
const large = (more: Partial<Hit> = {}) => opened({ userAgent: 'x'.repeat(9_000), ...more })

const addLarge = () =>
  db.query
    .insertInto('meta')
    .values({ key: 'large', value: 'x'.repeat(9_000) })
    .execute()

const readHits = () => db.query.selectFrom('hit').select(['kind', 'user_agent']).orderBy('id').execute()

async function untilKept(count: number): Promise<void> {
  await expect.poll(async () => (await readHits()).length, { timeout: 20_000 }).toBe(count)
}

const away = isPostgres
  ? [{ why: 'takes no connections', takeAway: refuse }]
  : [
      { why: 'is held by another', takeAway: hold },
      { why: 'has no room', takeAway: fill },
    ]

test.each(away)(
  'while the database $why readers are answered after three seconds, and each Hit is kept once, in its order',
  async ({ takeAway }) => {
    const giveBack = await takeAway()
    const agents = ['first', 'second', 'third'].map((name) => name + 'x'.repeat(9_000))

    const answers = await Promise.allSettled([
      ...agents.map((userAgent) => hits.record(opened({ userAgent }))),
      hits.record(opened({ kind: 'form', deliveryId: dora, userAgent: 'y'.repeat(9_000) })),
    ])
    const reasons = answers.map((answer) => (answer.status === 'rejected' ? answer.reason : null))
    expect(reasons.every((reason) => reason instanceof LateHit)).toBe(true)
    expect(await readHitsIfThere()).toEqual([])

    await giveBack()
    await untilKept(4)
    await hits.close()
    const kept = await readHits()
    expect(kept.filter(({ kind }) => kind === 'open').map(({ user_agent }) => user_agent)).toEqual(agents)
    expect(kept.filter(({ kind }) => kind === 'form')).toHaveLength(1)
    expect(logged).toEqual([{ said: 'the database keeps hits again', keptLate: 4, lost: 0 }])
  },
)

/** On Postgres nobody can look meanwhile. */
const readHitsIfThere = async () => (isPostgres ? [] : readHits())

test.each(away)(
  'when the database $why for a moment, readers wait for it and nothing is said',
  async ({ takeAway }) => {
    const giveBack = await takeAway()

    const kept = hits.record(large())
    // The second comes after the Hit's first try.
    await expect(addLarge()).rejects.toThrow()
    await expect(addLarge()).rejects.toThrow()
    await giveBack()

    expect(await kept).toBe(null)
    expect(await readHits()).toHaveLength(1)
    expect(logged).toEqual([])
  },
)

test('what is only counted waits too, and counts once; the allowance is taken once', async () => {
  await Promise.all(Array.from({ length: KEPT_A_DAY - 1 }, () => hits.record(opened())))
  const giveBack = await (isPostgres ? refuse() : hold())

  const answers = await Promise.allSettled(
    Array.from({ length: KEPT_OF_NETWORK + 6 }, () => hits.record(opened())),
  )
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
  await giveBack()
  await untilKept(KEPT_OF_ONE)
  await hits.close()

  expect(await db.query.selectFrom('surplus').select('hits').execute()).toEqual([{ hits: 5 }])
  expect(logged.reduce((sum, { keptLate }) => sum + keptLate, 0)).toBe(KEPT_OF_NETWORK + 6)
})

test.each(away)(
  'closed while the database $why: one try more, and the log says how many are lost',
  async ({ takeAway }) => {
    const giveBack = await takeAway()
    const answers = Promise.allSettled(Array.from({ length: 3 }, () => hits.record(large())))

    await hits.close()

    expect((await answers).every(({ status }) => status === 'rejected')).toBe(true)
    expect(logged).toEqual([{ said: 'closed before the database kept hits again', keptLate: 0, lost: 3 }])
    await giveBack()
    expect(await readHits()).toEqual([])
  },
)

test('what leaves it open whether it was kept is not asked again, and is counted as lost', async () => {
  const broken = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  let asked = 0
  const breaking = db.query.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      asked += 1
      if (asked === 1) throw broken
      return result
    },
  })
  const said: object[] = []
  const some = openHits({
    db: { query: breaking },
    now: Date.now,
    log: { warn: (counts: object) => said.push(counts) } as never,
  })

  await expect(some.record(opened())).rejects.toBe(broken)
  await some.record(opened())
  await some.close()

  // The answer of the first was cut off after it was kept.
  expect(await readHits()).toHaveLength(2)
  expect(said).toEqual([{ keptLate: 0, lost: 1 }])
})
