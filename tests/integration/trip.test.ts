/** Stopping a Send before it does harm: a lane that refuses us, a relay that refuses our login. Nobody pays for it. */

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import type { Trip } from '../../src/send/breaker.js'
import { resumeSend } from '../../src/send/life.js'
import { takeBackLateRefusals, tripSend } from '../../src/send/trip.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { type Act, startScriptedSmtp } from '../rig/scripted-smtp.js'
import { seedSend } from '../rig/seed.js'

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

function people(count: number, domain: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `reader${index}@${domain}`)
}

/** Its reason, when the Send is paused, nothing of it is in flight any more and nobody has failed. */
async function untilStopped(sendId: number): Promise<string> {
  return vi.waitFor(
    async () => {
      const send = await store.db.query
        .selectFrom('send')
        .select(['state', 'reason'])
        .where('id', '=', sendId)
        .executeTakeFirstOrThrow()
      expect(send.state).toBe('paused')
      const { sending = 0, failed = 0 } = await countStates(store, sendId)
      const held = await store.db.query
        .selectFrom('batch')
        .select('id')
        .where('send_id', '=', sendId)
        .where('lease_until', 'is not', null)
        .execute()
      expect({ sending, failed, held }).toEqual({ sending: 0, failed: 0, held: [] })
      return send.reason ?? ''
    },
    { timeout: 30_000, interval: 50 },
  )
}

async function resume(sendId: number): Promise<void> {
  const { kind, state } = await resumeSend(sendId, { query: store.db.query, now: store.now })
  expect({ kind, state }).toEqual({ kind: 'changed', state: 'sending' })
}

async function expectNobodyBlamed(): Promise<void> {
  expect(await store.db.query.selectFrom('suppression').selectAll().execute()).toEqual([])
  expect(await store.db.query.selectFrom('event').selectAll().execute()).toEqual([])
}

async function expectSound(sendId: number): Promise<void> {
  const { findings } = await verifySend(sendId, { query: store.db.query, keys: store.keys })
  expect(findings).toEqual([])
}

test('V26: 30 % of one domain answers 5.7.26: the Send pauses, 0 suppressions from it, and all arrive later', async () => {
  const listId = await subscribe(store, 'weekly', [
    ...people(300, 'gmail.com'),
    ...people(100, 'example.org'),
  ])
  const { sendId } = await freeze(store, listId)
  let isMended = false
  await root.engine({
    onRecipient: (address) =>
      !isMended && /^reader\d*[369]@gmail\.com$/.test(address)
        ? { code: 550, text: '5.7.26 This mail has been blocked because the sender is unauthenticated' }
        : null,
  })

  const reason = await untilStopped(sendId)

  expect(reason).toMatch(
    /^\d+ of the last \d+ replies in the lane gmail refused us by policy \(“550 5\.7\.26 /,
  )
  expect(reason).toContain(`pressrun resume ${sendId}`)
  await expectNobodyBlamed()
  await expectSound(sendId)
  isMended = true
  await resume(sendId)
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 400 })
  expect(new Set(root.ledger().map(({ to }) => to)).size).toBe(400)
  expect(root.ledger()).toHaveLength(400)
  await expectSound(sendId)
})

test('a Send whose last messages are refused together, at their end, is stopped too, and nobody has failed', async () => {
  const listId = await subscribe(store, 'weekly', people(12, 'example.org'))
  const { sendId } = await freeze(store, listId)
  let refusal: Act | null = { say: ['554 5.7.1 Spam message rejected'] }
  const relay = await startScriptedSmtp({ act: ({ phase }) => (phase === 'DOT' ? refusal : null) })
  await root.engine({ env: { SMTP_URL: relay.url, PRESSRUN_SECRET: localSecret() } })

  const reason = await untilStopped(sendId)

  expect(reason).toMatch(/ in the lane other refused the content \(“554 5\.7\.1 Spam message rejected”\)/)
  await expectNobodyBlamed()
  await expectSound(sendId)
  refusal = null
  await resume(sendId)
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 12 })
  await expectSound(sendId)
  await relay.stop()
})

test('resumed though nothing was mended, those refused before are tried once more and then have failed', async () => {
  const listId = await subscribe(store, 'weekly', [...people(5, 'gmail.com'), ...people(20, 'example.org')])
  const { sendId } = await freeze(store, listId)
  await root.engine({
    onRecipient: (address) => (address.endsWith('@gmail.com') ? { code: 550, text: '5.7.1 Blocked' } : null),
  })
  await untilStopped(sendId)

  await resume(sendId)
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 20, failed: 5 })
  const tries = await store.db.query
    .selectFrom('delivery')
    .select(['reason', 'attempt'])
    .where('state', '=', 'failed')
    .execute()
  expect(tries).toEqual(Array.from({ length: 5 }, () => ({ reason: 'refused by policy', attempt: 2 })))
  await expectNobodyBlamed()
  await expectSound(sendId)
})

test('a list whose addresses do not exist stops its Send; those that bounced stay bounced', async () => {
  const listId = await subscribe(store, 'weekly', people(1_000, 'example.org'))
  const { sendId } = await freeze(store, listId)
  await root.engine({
    onRecipient: (address) => (/[02468]@/.test(address) ? { code: 550, text: '5.1.1 No such user' } : null),
  })

  const reason = await untilStopped(sendId)

  expect(reason).toMatch(/^\d+ of the last 100 replies in the lane other say that there is no such address/)
  const { bounced = 0, queued = 0 } = await countStates(store, sendId)
  expect(bounced).toBeGreaterThanOrEqual(30)
  expect(queued).toBeGreaterThan(500)
  await expectSound(sendId)
})

test('a wrong password pauses the Send after three tries, and uses up nobody’s Attempt', async () => {
  const listId = await subscribe(store, 'weekly', people(40, 'example.org'))
  const { sendId } = await freeze(store, listId)
  let isWrong = true
  const relay = await startScriptedSmtp({
    extensions: ['PIPELINING', 'AUTH PLAIN'],
    act: ({ phase }) => (phase === 'AUTH' && isWrong ? { say: ['535 5.7.8 bad credentials'] } : null),
  })
  const url = relay.url.replace('smtp://', 'smtp://desk:geheim-7@')
  await root.engine({ env: { SMTP_URL: url, PRESSRUN_SECRET: localSecret(), LOG_LEVEL: 'silent' } })

  const reason = await untilStopped(sendId)

  expect(reason).toMatch(
    /refuses our login \(535 5\.7\.8 bad credentials\), time after time; mend .*SMTP_URL.*resume/,
  )
  expect(reason).not.toContain('geheim')
  expect(await countStates(store, sendId)).toEqual({ queued: 40 })
  expect(await store.db.query.selectFrom('attempt').selectAll().execute()).toEqual([])
  await expectNobodyBlamed()
  isWrong = false
  await resume(sendId)
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 40 })
  await relay.stop()
})

test('a relay that refuses our sender pauses the Send and harms nobody on the list', async () => {
  const listId = await subscribe(store, 'weekly', people(40, 'example.org'))
  const { sendId } = await freeze(store, listId)
  let refusal: Act | null = { say: ['550 5.1.1 <editor@example.com>: unknown user'] }
  const relay = await startScriptedSmtp({ act: ({ phase }) => (phase === 'MAIL' ? refusal : null) })
  await root.engine({ env: { SMTP_URL: relay.url, PRESSRUN_SECRET: localSecret() } })

  const reason = await untilStopped(sendId)

  expect(reason).toMatch(
    /refuses our sender \(550 5\.1\.1 .*let the relay accept this sender, then pressrun resume/,
  )
  expect(await countStates(store, sendId)).toEqual({ queued: 40 })
  await expectNobodyBlamed()
  refusal = null
  await resume(sendId)
  await untilFinished(store, sendId)
  expect(await countStates(store, sendId)).toEqual({ sent: 40 })
  await relay.stop()
})

const DMARC: Trip = {
  sendId: 0,
  lane: 'other',
  cause: 'refused by policy',
  count: 5,
  of: 50,
  example: '550 5.7.26 unauthenticated',
}

test.each([
  ['sending', 'paused', { deferred: 1, failed: 1, bounced: 1, sent: 1 }],
  ['finished', 'paused', { deferred: 1, failed: 1, bounced: 1, sent: 1 }],
  ['paused', 'paused', { deferred: 1, failed: 1, bounced: 1, sent: 1 }],
  ['cancelled', 'cancelled', { failed: 2, bounced: 1, sent: 1 }],
] as const)(
  'a Trip of a Send that is %s leaves it %s; only who was refused for its cause is due again',
  async (before, after, states) => {
    const { sendId } = await seedSend(store.db.query, {
      state: before,
      deliveries: [
        { who: 'alice' },
        { who: 'bob', state: 'bounced' },
        { who: 'dora', state: 'failed', reason: 'refused by policy' },
        { who: 'erin', state: 'failed', reason: 'expired' },
      ],
    })

    const isFirst = await tripSend({ ...DMARC, sendId }, { query: store.db.query, now: () => 5 })

    expect(isFirst).toBe(before === 'sending' || before === 'finished')
    expect(await countStates(store, sendId)).toEqual(states)
    const send = await store.db.query
      .selectFrom('send')
      .selectAll()
      .where('id', '=', sendId)
      .executeTakeFirstOrThrow()
    expect(send).toMatchObject({ state: after, finished_at: null })
  },
)

test('who is refused for the cause after the Trip is taken back too, until the Send goes on', async () => {
  const refused = { state: 'failed', reason: 'refused by policy' } as const
  const { sendId, deliveries } = await seedSend(store.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora', ...refused }],
  })
  const { query } = store.db
  const context = { query, now: () => 5 }
  const refuse = (who: string) =>
    query
      .updateTable('delivery')
      .set(refused)
      .where('id', '=', deliveries[who] ?? 0)
      .execute()
  await tripSend({ ...DMARC, sendId }, context)

  await refuse('alice')
  expect(await takeBackLateRefusals(context)).toBe(1)
  expect(await countStates(store, sendId)).toEqual({ deferred: 2 })

  await resume(sendId)
  await takeBackLateRefusals(context)
  await refuse('alice')
  expect(await takeBackLateRefusals(context)).toBe(0)
  expect(await countStates(store, sendId)).toEqual({ deferred: 1, failed: 1 })
})

function localSecret(): string {
  return readFileSync(`${root.config.dataDir}/secret`, 'utf8').trim()
}
