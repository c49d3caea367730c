/** Redis fails in the middle of a Send, in each way that it can: the Send heals by itself, nobody gets it twice. */

import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { connect } from '../../src/queue/redis-address.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'

/** More Batches than are worked on at once: some are still only rung when Redis fails. */
const AUDIENCE = 12_000

type Admin = ReturnType<typeof connect>

let root: TestRoot
let store: Store
let logged: string[]
let admin: Admin

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
  logged = []
})

afterEach(async () => {
  admin.disconnect()
  await root.close()
})

async function startSending(): Promise<number> {
  const people = Array.from({ length: AUDIENCE }, (_, index) => `reader${index}`)
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', people))
  await root.engine({ log: pino({ level: 'warn' }, { write: (line) => logged.push(line) }) })
  const notice = readFileSync(path.join(root.config.dataDir, 'engine.json'), 'utf8')
  admin = connect((JSON.parse(notice) as { redis: string }).redis, {})
  // What is wrong with it is what the test is about.
  admin.on('error', () => {})
  await vi.waitFor(() => expect(root.ledger().length).toBeGreaterThan(100), { timeout: 30_000, interval: 10 })
  return sendId
}

/** Whatever was taken is done, and nothing more can be. */
async function untilIdle(): Promise<void> {
  await vi.waitFor(async () => expect(await countBatches('leased')).toBe(0), {
    timeout: 90_000,
    interval: 20,
  })
  expect(await countBatches('open')).toBeGreaterThan(0)
}

async function countBatches(which: 'leased' | 'open'): Promise<number> {
  let batches = store.db.query
    .selectFrom('batch')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', '=', 'open')
  if (which === 'leased') batches = batches.where('lease_until', 'is not', null)
  return (await batches.executeTakeFirstOrThrow()).count
}

const pid = async () => Number(/process_id:(\d+)/.exec(await admin.info('server'))?.[1])

async function expectEveryoneOnce(sendId: number): Promise<void> {
  await untilFinished(store, sendId, 100_000)
  expect(await countStates(store, sendId)).toEqual({ sent: AUDIENCE })
  const addresses = root.ledger().map(({ to }) => to)
  expect(addresses).toHaveLength(AUDIENCE)
  expect(new Set(addresses).size).toBe(AUDIENCE)
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
  expect(logged.length).toBeLessThan(10)
}

test('V12 Redis refuses writes for a while', async () => {
  const sendId = await startSending()

  await admin.config('SET', 'min-replicas-to-write', '1')
  await untilIdle()
  await vi.waitFor(() => expect(logged.join('')).toContain('Redis refuses'), { timeout: 20_000 })
  await admin.config('SET', 'min-replicas-to-write', '0')

  await expectEveryoneOnce(sendId)
})

test('V11 Redis is killed and comes back with what it had', async () => {
  const sendId = await startSending()

  process.kill(await pid(), 'SIGKILL')

  await expectEveryoneOnce(sendId)
})

test('V11 Redis is killed and comes back empty', async () => {
  const sendId = await startSending()
  await admin.config('SET', 'appendonly', 'no')
  rmSync(path.join(root.config.dataDir, 'redis', 'appendonlydir'), { recursive: true })

  process.kill(await pid(), 'SIGKILL')

  await expectEveryoneOnce(sendId)
})

test('Redis comes back from an old copy: its bells ring for what is done, and harm nobody', async () => {
  const sendId = await startSending()
  await admin.config('SET', 'appendonly', 'no')
  await vi.waitFor(() => expect(root.ledger().length).toBeGreaterThan(1_500), {
    timeout: 30_000,
    interval: 10,
  })

  process.kill(await pid(), 'SIGKILL')

  await expectEveryoneOnce(sendId)
})

test('V10 Redis is emptied', async () => {
  const sendId = await startSending()

  await admin.flushall()

  await expectEveryoneOnce(sendId)
})

test('Redis says nothing for a while', async () => {
  const sendId = await startSending()
  const silent = await pid()

  process.kill(silent, 'SIGSTOP')
  await untilIdle().finally(() => process.kill(silent, 'SIGCONT'))

  await expectEveryoneOnce(sendId)
})
