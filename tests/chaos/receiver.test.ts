/** What a receiver does to us, from nothing at all to lines cut anywhere: the accounts hold under both policies. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CompiledIssue } from '../../src/compile/compiled.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { compilation } from '../rig/engine.js'
import { people } from '../rig/people.js'
import { seededRandom } from '../rig/random.js'
import { openScene, type Scene, type SceneOptions } from '../rig/scene.js'

let scene: Scene

afterEach(() => scene.close())

async function open(options: SceneOptions = {}): Promise<Scene> {
  scene = await openScene(options)
  return scene
}

test('V01: 1,000 recipients and a healthy receiver: each has it once, and the accounts hold', async () => {
  await open()
  const sendId = await scene.startSend({ people: people(1_000) })

  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.states(sendId)).toEqual({ sent: 1_000 })
  expect(scene.smtp.ledger()).toHaveLength(1_000)
  expect(await scene.violations({ sendId, audience: 1_000, maxUncertain: 0 })).toEqual([])
})

test('V04: a line cut after the dot, under hold: uncertain, and not sent again', async () => {
  await open()
  const sendId = await scene.startSend({ people: [...people(20), 'cut-reply-1', 'cut-dot-1'] })

  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.states(sendId)).toEqual({ sent: 20, uncertain: 2 })
  expect(await scene.violations({ sendId, audience: 22, maxUncertain: 2 })).toEqual([])
})

test('V04: a line cut after the dot, under resend: sent again with the same Message-ID', async () => {
  await open()
  const sendId = await scene.startSend({
    people: [...people(20), 'cut-reply-1', 'cut-dot-1'],
    policy: 'resend',
  })

  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.states(sendId)).toEqual({ sent: 22 })
  const ledger = scene.smtp.ledger()
  expect(ledger.filter(({ to }) => to.startsWith('cut-reply-1@'))).toHaveLength(2)
  expect(ledger.filter(({ to }) => to.startsWith('cut-dot-1@'))).toHaveLength(1)
  expect(await scene.violations({ sendId, audience: 22, maxUncertain: 2 })).toEqual([])
})

test('V05: lines cut at CONNECT, EHLO, MAIL, RCPT and DATA: tried again, never uncertain', async () => {
  await open({ smtp: { cutFirst: 'connect:1,ehlo:1,mail:1' }, connections: 2 })
  const sendId = await scene.startSend({ people: [...people(20), 'cut-rcpt-1', 'cut-data-1'] })

  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.states(sendId)).toEqual({ sent: 22 })
  expect(await scene.violations({ sendId, audience: 22, maxUncertain: 0 })).toEqual([])
})

test('a receiver that stalls, garbles, closes early and cuts anywhere, a tenth of the time', async () => {
  const shares = { drop: 0.06, defer: 0.05, refuse: 0.01, stall: 0.01, busy: 0.02, garble: 0.01 }
  await open({ smtp: { ...shares, seed: 11 }, connections: 16, relay: '&socketTimeout=1500' })
  const sendId = await scene.startSend({ people: people(600) })

  await scene.engine()
  await scene.until(sendId, 'finished', 100_000)

  const { uncertain = 0, sent = 0 } = await scene.states(sendId)
  expect(sent).toBeGreaterThan(500)
  // A fifth of the cuts come at the dot, a fifth after it.
  expect(uncertain).toBeGreaterThan(0)
  expect(await scene.violations({ sendId, audience: 600, maxUncertain: 60 })).toEqual([])
})

test('V09: people who unsubscribe while 500 wait get no message that begins later', async () => {
  await open({ smtp: { delayMs: 100 } })
  const sendId = await scene.startSend({ people: people(500) })
  const { query } = scene.store.db
  const random = seededRandom(9)
  await scene.engine()
  await scene.untilKept(60)

  const optOuts = new Map<string, number>()
  for (let count = 0; count < 60; count++) {
    const { address, subscription_id } = await query
      .selectFrom('delivery')
      .select(['address', 'subscription_id'])
      .where('address', '=', `reader${random.between(0, 499)}@example.org`)
      .executeTakeFirstOrThrow()
    await unsubscribe(scene.store.db, { subscriptionId: subscription_id, how: 'page', now: Date.now() })
    if (!optOuts.has(address)) optOuts.set(address, Date.now())
  }
  await scene.until(sendId, 'finished')

  const { excluded = 0, sent = 0 } = await scene.states(sendId)
  expect(excluded + sent).toBe(500)
  expect(excluded).toBeGreaterThan(20)
  expect(await scene.violations({ sendId, audience: 500, maxUncertain: 0, optOuts })).toEqual([])
})

test('V13: 200 recipients, fifty at once: no message holds what is another’s', async () => {
  const saveDir = mkdtempSync(path.join(tmpdir(), 'pressrun-canaries-'))
  await open({ smtp: { saveDir }, connections: 50 })
  const canary = { kind: 'person', name: 'canary', fallback: 'none' } as const
  const plain = compilation()
  const compiled: CompiledIssue = {
    ...plain.compiled,
    subject: ['For ', canary],
    html: ['<p>', canary, '</p>'],
    text: ['Yours: ', canary, '\n'],
  }
  const frozen = await scene.startSend({ people: people(200), issue: { ...plain, compiled }, frozen: false })
  for (let index = 0; index < 200; index++)
    await scene.store.db.query
      .updateTable('subscriber')
      .set({ attributes: JSON.stringify({ canary: `canary-${index}-end` }) })
      .where('address', '=', `reader${index}@example.org`)
      .execute()

  await scene.engine()
  await scene.until(frozen, 'finished')

  const files = readdirSync(saveDir).map((name) => readFileSync(path.join(saveDir, name), 'utf8'))
  expect(files).toHaveLength(200)
  const tokens = new Map<string, string>()
  for (const file of files) {
    const [to = ''] = /reader\d+(?=@example\.org)/.exec(file) ?? []
    const index = to.slice('reader'.length)
    expect(new Set(file.match(/reader\d+(?=@example\.org)/g))).toEqual(new Set([to]))
    expect(new Set(file.match(/canary-\d+-end/g))).toEqual(new Set([`canary-${index}-end`]))
    const [, token = ''] = /^List-Unsubscribe:\s+<http:\/\/[^/]+\/(\S+)>/m.exec(file) ?? []
    expect(token.length).toBeGreaterThan(10)
    expect(tokens.get(token)).toBeUndefined()
    tokens.set(token, to)
  }
  rmSync(saveDir, { recursive: true })
})
