/** The end of an engine with messages on their way, against relays that are slow, silent or stuck. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { type Act, type Phase, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'

const IN_FLIGHT = 20
/** A lane that has had no reply yet leaves the last quarter to others. */
const CONNECTIONS = 26
const AUDIENCE = 60

let smtp: ScriptedSmtp
let root: TestRoot
let store: Store
let act: (phase: Phase) => Act | null

beforeEach(async () => {
  act = () => null
  smtp = await startScriptedSmtp({ act: ({ phase }) => act(phase) })
  root = await openTestRoot({
    SMTP_URL: `${smtp.url}/?maxConnections=${CONNECTIONS}`,
    PRESSRUN_SECRET: 'an integration secret of 32 characters',
    LEASE: '30s',
  })
  store = await root.store()
})

afterEach(async () => {
  await root.close()
  await smtp.stop()
})

async function freezeForAll(): Promise<number> {
  const people = Array.from({ length: AUDIENCE }, (_, index) => `reader${index}`)
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', people))
  return sendId
}

const seen = (phase: Phase) => smtp.moments.filter((moment) => moment.phase === phase).length

async function untilSeen(phase: Phase, count: number): Promise<void> {
  await vi.waitFor(() => expect(seen(phase)).toBe(count), { timeout: 20_000, interval: 10 })
}

/** What is left is sent by the next engine, and nobody got it twice. */
async function expectTheRestIsSent(sendId: number, uncertain: number): Promise<void> {
  act = () => null
  await root.engine()
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({
    sent: AUDIENCE - uncertain,
    ...(uncertain > 0 ? { uncertain } : {}),
  })
  const ended = smtp.messages.map(({ to }) => to[0])
  expect(new Set(ended).size).toBe(ended.length)
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
}

test('V17 twenty in flight with slow replies are finished and recorded, nothing is uncertain, the rest stays queued', async () => {
  const answers = deferred()
  act = (phase) => (phase === 'DOT' ? { say: ['250 kept'], after: answers.promise } : null)
  const sendId = await freezeForAll()
  const engine = await root.engine()
  await untilSeen('DOT', IN_FLIGHT)

  const closed = engine.close()
  answers.resolve()
  await closed

  expect(await countStates(store, sendId)).toEqual({ sent: IN_FLIGHT, queued: AUDIENCE - IN_FLIGHT })
  expect(smtp.messages).toHaveLength(IN_FLIGHT)
  await expectTheRestIsSent(sendId, 0)
})

test('V17 a relay that never answers is waited for until SHUTDOWN_TIMEOUT; those it has are uncertain, and no others', async () => {
  act = (phase) => (phase === 'DOT' ? { say: [] } : null)
  const sendId = await freezeForAll()
  const engine = await root.engine({ env: { SHUTDOWN_TIMEOUT: '500ms' } })
  await untilSeen('DOT', IN_FLIGHT)

  const started = performance.now()
  await engine.close()
  const tookMs = performance.now() - started

  expect(tookMs).toBeGreaterThanOrEqual(499)
  expect(tookMs).toBeLessThan(10_000)
  expect(await countStates(store, sendId)).toEqual({ uncertain: IN_FLIGHT, queued: AUDIENCE - IN_FLIGHT })
  expect(await leases()).toBe(0)
  await expectTheRestIsSent(sendId, IN_FLIGHT)
})

test.each<Phase>(['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA'])(
  'V17 an answer to %s is not waited for: the message stays queued and no attempt is used up',
  async (phase) => {
    act = (now) => (now === phase ? { say: [] } : null)
    const sendId = await freezeForAll()
    const engine = await root.engine({ env: { SHUTDOWN_TIMEOUT: '10m' } })
    await vi.waitFor(() => expect(seen(phase)).toBeGreaterThan(0), { timeout: 20_000, interval: 10 })

    const started = performance.now()
    await engine.close()

    expect(performance.now() - started).toBeLessThan(15_000)
    expect(await countStates(store, sendId)).toEqual({ queued: AUDIENCE })
    const { attempts } = await store.db.query
      .selectFrom('attempt')
      .select(({ fn }) => fn.countAll<number>().as('attempts'))
      .executeTakeFirstOrThrow()
    expect(attempts).toBe(0)
    await expectTheRestIsSent(sendId, 0)
  },
)

async function leases(): Promise<number> {
  const { count } = await store.db.query
    .selectFrom('batch')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('lease_until', 'is not', null)
    .executeTakeFirstOrThrow()
  return count
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
