/** Two workers on one database and one Redis keep one limit together, whatever becomes of Redis. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { compilation, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { people } from '../rig/life.js'
import { type RedisServer, startRedis } from '../rig/redis.js'
import { type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'

const PER_SECOND = 40
const SENDS = 6
const EACH = 60

let redis: RedisServer
let smtp: ScriptedSmtp
let root: TestRoot
let store: Store
/** When each message began, ms. */
let begun: number[]

beforeEach(async () => {
  begun = []
  redis = await startRedis()
  smtp = await startScriptedSmtp({
    act({ phase }) {
      if (phase === 'MAIL') begun.push(performance.now())
      return null
    },
  })
  root = await openTestRoot({
    SMTP_URL: `${smtp.url}/?maxConnections=8`,
    PRESSRUN_SECRET: 'an integration secret of 32 characters',
    REDIS_URL: redis.url,
    PACE: `other=${PER_SECOND}/s`,
    LOG_LEVEL: 'silent',
  })
  store = await root.store()
})

afterEach(async () => {
  await root.close()
  await smtp.stop()
  await redis.stop()
})

/** Several Sends, so that there are Batches for both. */
async function sendAll(): Promise<readonly number[]> {
  const listId = await subscribe(store, 'weekly', people(EACH))
  const ids: number[] = []
  for (let issue = 0; issue < SENDS; issue++)
    ids.push((await freeze(store, listId, compilation(`2026-01-0${issue + 1}-harbour`))).sendId)
  return ids
}

async function untilAllFinished(sends: readonly number[]): Promise<void> {
  for (const sendId of sends) await untilFinished(store, sendId)
  expect(smtp.messages).toHaveLength(SENDS * EACH)
}

async function countWorkers(): Promise<number> {
  const rows = await store.db.query.selectFrom('attempt').select('owner').distinct().execute()
  return rows.length
}

/** The most that began within any two seconds. */
function most(): number {
  return Math.max(
    ...begun.map((at, index) => begun.filter((other, i) => i >= index && other < at + 2_000).length),
  )
}

/** A tenth of a second's worth may be late on each side, and on a busy machine a little more. */
const ALLOWED = PER_SECOND * 2 + PER_SECOND * 0.4

test('two workers keep one limit together, and both have their part of it', async () => {
  const sends = await sendAll()
  await Promise.all([root.engine(), root.engine()])

  await untilAllFinished(sends)

  expect(await countWorkers()).toBe(2)
  expect(most()).toBeLessThanOrEqual(ALLOWED)
  expect((begun.at(-1) ?? 0) - (begun[0] ?? 0)).toBeLessThan(((SENDS * EACH * 1_000) / PER_SECOND) * 2)
})

test('a Redis that is emptied again and again gives nothing away twice', async () => {
  const sends = await sendAll()
  await Promise.all([root.engine(), root.engine()])

  for (let times = 1; times <= 3; times++) {
    await vi.waitFor(() => expect(begun.length).toBeGreaterThan(times * 60), {
      timeout: 30_000,
      interval: 20,
    })
    await redis.command('FLUSHALL')
  }
  await untilAllFinished(sends)

  expect(most()).toBeLessThanOrEqual(ALLOWED)
})

test('without Redis each keeps to half, by the signs of life in the database', async () => {
  const sends = await sendAll()
  await Promise.all([root.engine(), root.engine()])
  await vi.waitFor(async () => expect(await countWorkers()).toBe(2), { timeout: 30_000, interval: 20 })
  const before = begun.length

  await redis.stop()
  // What each has begun goes on: Batches that are held need no bell.
  await vi.waitFor(() => expect(begun.length).toBeGreaterThan(before + 80), { timeout: 40_000, interval: 20 })

  expect(most()).toBeLessThanOrEqual(ALLOWED)
  const signs = await store.db.query.selectFrom('worker').select('is_alone').execute()
  expect(signs).toEqual([{ is_alone: 1 }, { is_alone: 1 }])
  expect(sends).toHaveLength(SENDS)
})
