/** Lanes beside each other: what one receiver does with us touches nobody else, and no limit is exceeded. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { statusCommand } from '../../src/commands/status.js'
import { printStatus } from '../../src/report/print.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { type Act, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'

const SECRET = 'an integration secret of 32 characters'

let smtp: ScriptedSmtp
let root: TestRoot
let store: Store
/** What a recipient is answered; null: accepted. */
let answerTo: (address: string) => Act | null
/** Whom the relay was asked about, in order, and when (ms). */
let asked: { readonly address: string; readonly at: number }[]

beforeEach(async () => {
  asked = []
  answerTo = () => null
  smtp = await startScriptedSmtp({
    act({ phase, line }) {
      if (phase !== 'RCPT') return null
      const address = /<(.*?)>/.exec(line)?.[1] ?? ''
      asked.push({ address, at: performance.now() })
      return answerTo(address)
    },
  })
})

afterEach(async () => {
  await root.close()
  await smtp.stop()
})

async function openRoot(env: Readonly<Record<string, string>> = {}, connections = 8): Promise<void> {
  root = await openTestRoot({
    SMTP_URL: `${smtp.url}/?maxConnections=${connections}`,
    PRESSRUN_SECRET: SECRET,
    LOG_LEVEL: 'error',
    ...env,
  })
  store = await root.store()
}

function people(domain: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `reader${index}@${domain}`)
}

async function send(addresses: readonly string[]): Promise<number> {
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', addresses))
  return sendId
}

const askedAt = (domain: string) => asked.filter(({ address }) => address.endsWith(`@${domain}`))

/** States of the people of one lane. */
async function statesOf(sendId: number, lane: string): Promise<Record<string, number>> {
  const rows = await store.db.query
    .selectFrom('delivery')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('send_id', '=', sendId)
    .where('lane', '=', lane)
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

async function findings(sendId: number) {
  return (await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings
}

test('V30: a receiver that always answers 421 touches nobody else, is only probed, and has all when it is well again', async () => {
  await openRoot({ RETRY_SCHEDULE: '200ms,3m' })
  let isSlow = true
  answerTo = (address) =>
    isSlow && address.endsWith('@gmail.com') ? { say: ['421 4.7.0 try again later'], thenCut: true } : null
  // More Batches of the one that is stuck than are worked on at once, and before the others.
  const sendId = await send([...people('gmail.com', 2_600), ...people('example.org', 700)])

  await root.engine()
  await vi.waitFor(async () => expect(await statesOf(sendId, 'other')).toEqual({ sent: 700 }), {
    timeout: 60_000,
    interval: 50,
  })
  const began = asked[0]?.at ?? 0

  // Each asked about once, one after the other.
  expect(askedAt('example.org')).toHaveLength(700)
  // Those that were under way with the first refusal, then one at 2, 4, 8, … seconds.
  const mayBe = () => 5 + Math.ceil(Math.log2((performance.now() - began) / 2_000 + 2))
  expect(askedAt('gmail.com').length).toBeLessThanOrEqual(mayBe())
  const lane = store.db.query.selectFrom('lane').select('strikes').where('name', '=', 'gmail')
  await vi.waitFor(async () => expect((await lane.executeTakeFirst())?.strikes).toBeGreaterThan(1), {
    timeout: 30_000,
    interval: 50,
  })
  expect(askedAt('gmail.com').length).toBeLessThanOrEqual(mayBe())
  const said = await statusCommand(sendId, { query: store.db.query, now: store.now, pace: '' })
  expect(said.lanes).toEqual([
    expect.objectContaining({
      lane: 'gmail',
      waiting: 2_600,
      underWay: 0,
      reason: '421 4.7.0 try again later',
    }),
  ])
  expect(said.lanes[0]?.limit).toContain('1 connection')
  expect(printStatus(said)).toMatch(
    /gmail +2,600 +0 .* suspended until .* UTC; it said “421 4.7.0 try again later”/,
  )
  const held = store.db.query.selectFrom('batch').select('id').where('lease_owner', 'is not', null)
  await vi.waitFor(async () => expect(await held.execute()).toEqual([]), { timeout: 5_000 })

  isSlow = false
  await vi.waitFor(async () => expect((await statesOf(sendId, 'gmail')).sent).toBeGreaterThan(10), {
    timeout: 40_000,
    interval: 100,
  })
  expect(await findings(sendId)).toEqual([])
})

test('a receiver that answers nothing for long holds up no other', async () => {
  await openRoot({ PACE: 'gmail=none' })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  answerTo = (address) => (address.endsWith('@gmail.com') ? { say: ['250 2.1.5 ok'], after: released } : null)
  const sendId = await send([...people('gmail.com', 2_600), ...people('example.org', 700)])

  await root.engine()
  await vi.waitFor(async () => expect(await statesOf(sendId, 'other')).toEqual({ sent: 700 }), {
    timeout: 60_000,
    interval: 50,
  })

  // All it may have before it has answered once, and no more.
  expect(askedAt('gmail.com')).toHaveLength(6)
  release()
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 3_300 })
})

test('a "slow down" about one mailbox uses up no attempt, and does not slow its lane', async () => {
  await openRoot({ RETRY_SCHEDULE: '300ms,300ms,8s' })
  let left = 4
  answerTo = (address) =>
    address === 'reader0@gmail.com' && left-- > 0
      ? {
          say: [
            '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents more',
          ],
        }
      : null
  const sendId = await send(people('gmail.com', 30))

  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 30 })
  expect(askedAt('gmail.com').filter(({ address }) => address === 'reader0@gmail.com')).toHaveLength(5)
  expect(await store.db.query.selectFrom('lane').selectAll().execute()).toEqual([])
  expect(await findings(sendId)).toEqual([])
})

test('a lane that answers 421 for ever ends when the retry schedule has passed, for those never tried too', async () => {
  await openRoot({ RETRY_SCHEDULE: '1s,4s' })
  answerTo = (address) => (address.endsWith('@gmail.com') ? { say: ['421 4.7.0 slow down'] } : null)
  const sendId = await send([...people('gmail.com', 60), 'alice'])

  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 1, failed: 60 })
  const untried = store.db.query.selectFrom('delivery').select('reason').where('attempt', '=', 0)
  expect((await untried.execute()).length).toBeGreaterThan(40)
  expect(new Set((await untried.execute()).map(({ reason }) => reason))).toEqual(new Set(['expired']))
  expect(await findings(sendId)).toEqual([])
})

test('a rate is kept to, and costs one claim a Batch', async () => {
  await openRoot({ PACE: 'other=40/s' })
  const sendId = await send(people('example.org', 120))

  await root.engine()
  await untilFinished(store, sendId)

  const times = askedAt('example.org').map(({ at }) => at)
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan((119 / 40) * 1_000 - 150)
  const batches = await store.db.query.selectFrom('batch').select('fence').execute()
  expect(batches).toEqual([{ fence: 1 }])
})

test('what a receiver asked for outlives the engine', async () => {
  await openRoot({ RETRY_SCHEDULE: '200ms,1m' })
  answerTo = () => ({ say: ['421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred'] })
  const sendId = await send(people('yahoo.com', 40))
  const engine = await root.engine()
  const lane = store.db.query.selectFrom('lane').select(['name', 'reason']).where('strikes', '>', 0)
  await vi.waitFor(async () => expect(await lane.execute()).toHaveLength(1), { timeout: 20_000 })
  await engine.close()
  const before = asked.length

  await root.engine()
  await vi.waitFor(async () => expect((await statesOf(sendId, 'yahoo')).deferred ?? 0).toBe(0), {
    timeout: 10_000,
  })

  expect(asked.length).toBe(before)
  expect(await statesOf(sendId, 'yahoo')).toEqual({ queued: 40 })
  expect((await lane.execute())[0]?.reason).toContain('TSS04')
})

test('a connection is replaced after as many messages of a lane as its provider bears; others’ do not count', async () => {
  await openRoot({}, 1)
  const sendId = await send([...people('icloud.com', 12), ...people('example.org', 30)])

  await root.engine()
  await untilFinished(store, sendId)

  const byConnection = new Map<number, number>()
  for (const { phase, line, connection } of smtp.moments)
    if (phase === 'RCPT' && line.includes('@icloud.com'))
      byConnection.set(connection, (byConnection.get(connection) ?? 0) + 1)
  expect([...byConnection.values()]).toEqual([5, 5, 2])
})
