/** What a relay may be given in a day and in a second: counted, shared, shown, and gone on with the next day. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { statusCommand } from '../../src/commands/status.js'
import { printStatus } from '../../src/report/print.js'
import { openQuota } from '../../src/send/pace/quota.js'
import { openShares } from '../../src/send/pace/shares.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { people } from '../rig/life.js'
import { type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'

const DAY_MS = 86_400_000

let smtp: ScriptedSmtp
let root: TestRoot
let store: Store

beforeEach(async () => {
  smtp = await startScriptedSmtp()
})

afterEach(async () => {
  await root.close()
  await smtp.stop()
})

async function openRoot(query: string): Promise<void> {
  root = await openTestRoot({
    SMTP_URL: `${smtp.url}/?${query}`,
    PRESSRUN_SECRET: 'an integration secret of 32 characters',
    LOG_LEVEL: 'error',
  })
  store = await root.store()
}

async function send(count: number): Promise<number> {
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', people(count)))
  return sendId
}

const status = (sendId: number) => statusCommand(sendId, { query: store.db.query, now: store.now, pace: '' })

test('a day that is used up: the rest waits, status says until when, and it goes on the day after', async () => {
  await openRoot('perDay=30&maxConnections=4')
  const sendId = await send(50)
  await root.engine()
  await vi.waitFor(async () => expect((await status(sendId)).reason).not.toBeNull(), { timeout: 20_000 })

  expect(await countStates(store, sendId)).toEqual({ sent: 30, queued: 20 })
  const tomorrow = new Date(Math.floor(Date.now() / DAY_MS + 1) * DAY_MS).toISOString().slice(0, 10)
  const said = await status(sendId)
  expect(said.reason).toBe(
    `smtp://127.0.0.1:${smtp.port} has had its 30 messages of today; the rest goes on at ${tomorrow} 00:00 UTC`,
  )
  expect(said.relays).toEqual([{ relay: `smtp://127.0.0.1:${smtp.port}`, today: 30, limit: 30 }])
  expect(printStatus(said)).toContain(`smtp://127.0.0.1:${smtp.port}: 30 of 30 today`)

  // Midnight, as the record sees it.
  await sql`update attempt set intended_at = intended_at - ${sql.lit(DAY_MS)}`.execute(store.db.query)
  await untilFinished(store, sendId)
  expect(smtp.messages).toHaveLength(50)
})

test('a new engine goes on counting where the last one was', async () => {
  await openRoot('perDay=30&maxConnections=4')
  const first = await send(20)
  const engine = await root.engine()
  await untilFinished(store, first)
  await engine.close()
  const { sendId } = await freeze(store, await subscribe(store, 'monthly', people(60).slice(20)))

  await root.engine()
  await vi.waitFor(async () => expect((await status(sendId)).reason).not.toBeNull(), { timeout: 20_000 })

  expect(smtp.messages).toHaveLength(30)
})

test('a warm-up that has not begun sends nothing, and says when it does', async () => {
  const begins = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10)
  await openRoot(`warmup=${begins}`)
  const sendId = await send(5)

  await root.engine()
  await vi.waitFor(async () => expect((await status(sendId)).reason).toContain('warm-up'), {
    timeout: 20_000,
  })

  expect((await status(sendId)).reason).toContain(`begins on ${begins}`)
  expect(smtp.messages).toEqual([])
})

test('a relay with a rate gets no more than that, whatever the lanes', async () => {
  await openRoot('perSecond=40&maxConnections=8')
  const lanes = ['example.org', 'gmail.com', 'yahoo.com']
  const everyone = lanes.flatMap((domain) => people(34).map((name) => `${name}@${domain}`))
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', everyone))
  const began = performance.now()

  await root.engine()
  await untilFinished(store, sendId)

  expect(performance.now() - began).toBeGreaterThan(((everyone.length - 1) / 40) * 1_000 - 150)
  expect(smtp.messages).toHaveLength(everyone.length)
})

test('two who count at any moment never give more together than there is', async () => {
  await openRoot('perDay=30')
  const sendId = await send(1)
  const relay = 'smtp://relay.example.org'
  const { query } = store.db
  let clock = Date.parse('2026-12-01T10:00:00Z')
  const open = () =>
    openQuota({ relay, terms: { perDay: 101, warmup: null }, query, now: () => clock, workers: () => 2 })
  const [one, other] = [open(), open()]
  let given = 0
  const record = () =>
    sql`insert into attempt (delivery_id, number, send_id, relay, fence, owner, intended_at)
      select id, ${sql.lit(++given)}, ${sql.lit(sendId)}, ${relay}, 1, 'worker', ${sql.lit(clock)} from delivery`.execute(
      query,
    )

  for (let round = 0; round < 24; round++) {
    for (const quota of [one, other]) {
      await quota.count()
      for (let times = 0; times < 7 + round && quota.take(); times++) {
        clock += 50
        await record()
        quota.settle()
      }
      clock += 2_000
    }
  }

  // The last one is nobody’s whole share.
  expect(given).toBeGreaterThanOrEqual(100)
  expect(given).toBeLessThanOrEqual(101)
  clock += DAY_MS
  await one.count()
  expect(one.isOpen()).toBe(true)
})

/** Attempts at a relay, on record. */
function recorder(sendId: number, relay: string, clock: () => number) {
  let given = 0
  return {
    given: () => given,
    record: () =>
      sql`insert into attempt (delivery_id, number, send_id, relay, fence, owner, intended_at)
        select id, ${sql.lit(++given)}, ${sql.lit(sendId)}, ${relay}, 1, 'worker', ${sql.lit(clock())} from delivery`.execute(
        store.db.query,
      ),
  }
}

test('one that takes late by an old count, and one that counts again meanwhile, give no more than there is', async () => {
  await openRoot('perDay=30')
  const sendId = await send(1)
  const relay = 'smtp://relay.example.org'
  const { query } = store.db
  let clock = Date.parse('2026-12-01T10:00:00Z')
  const now = () => clock
  const { given, record } = recorder(sendId, relay, now)
  const open = () => openQuota({ relay, terms: { perDay: 40, warmup: null }, query, now, workers: () => 2 })
  const [eager, late] = [open(), open()]
  const takeAll = async (quota: typeof eager) => {
    for (; quota.take(); quota.settle()) await record()
  }

  await late.count()
  for (let time = 0; time < 3; time++) {
    await eager.count()
    await takeAll(eager)
    clock += 2_000
  }
  await takeAll(late)

  expect(given()).toBe(40)
  // What nobody had taken by a count that is too old is not taken by it.
  await late.count()
  clock += 20_000
  expect(late.isOpen()).toBe(false)
})

test('a worker that begins takes nothing of the day before the others can count with it', async () => {
  await openRoot('perDay=30')
  const { query } = store.db
  let time = 0
  const open = (owner: string) =>
    openShares({
      query,
      owner,
      now: Date.now,
      monotonic: () => time,
      isOnlyOne: false,
      isRedisBack: async () => true,
    })
  const first = open('first')
  expect(first.parts()).toBe(Number.POSITIVE_INFINITY)
  await first.beat('')
  expect(first.parts()).toBe(1)
  const second = open('second')

  await second.beat('')
  expect(second.parts()).toBe(Number.POSITIVE_INFINITY)
  for (time = 2_000; time <= 8_000; time += 2_000) for (const each of [first, second]) await each.beat('')

  expect([first.parts(), second.parts()]).toEqual([2, 2])
  time += 8_000
  expect(first.parts()).toBe(Number.POSITIVE_INFINITY)
})
