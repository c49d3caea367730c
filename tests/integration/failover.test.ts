/** A Send over two relays, of which one fails in its middle: everyone accounted for, nobody twice, nothing used up. */

import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { checkAccounts } from '../rig/accounts.js'
import { type ChaosOptions, type ChaosSmtp, startChaosSmtp } from '../rig/chaos.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { people } from '../rig/life.js'
import { startScriptedSmtp } from '../rig/scripted-smtp.js'

const PRESSRUN_SECRET = 'the secret of this test alone and long enough'

let root: TestRoot
let store: Store
const smtp: ChaosSmtp[] = []

beforeEach(async () => {
  root = await openTestRoot({ PRESSRUN_SECRET, LOG_LEVEL: 'silent' })
  store = await root.store()
})

afterEach(async () => {
  await root.close()
  for (const one of smtp.splice(0)) await one.stop()
})

async function receiver(options: Partial<ChaosOptions> = {}): Promise<ChaosSmtp> {
  const ledger = path.join(root.config.root, `chaos-${smtp.length}.jsonl`)
  const one = await startChaosSmtp({ ledger, ...options })
  smtp.push(one)
  return one
}

function start(...urls: readonly string[]) {
  return root.engine({ env: { SMTP_URL: urls.join('\n') } })
}

async function violations(sendId: number, audience: number, maxUncertain = 0) {
  const ledger = smtp.flatMap((one) => one.ledger())
  return checkAccounts(store, { sendId, audience, maxUncertain, ledger })
}

async function attemptsByRelay(): Promise<Record<string, number>> {
  const rows = await store.db.query
    .selectFrom('attempt')
    .select(({ fn }) => ['relay', fn.countAll<number>().as('count')])
    .groupBy('relay')
    .execute()
  return Object.fromEntries(rows.map(({ relay, count }) => [relay, count]))
}

async function sendTo(count: number): Promise<number> {
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', people(count)))
  return sendId
}

test('each Attempt names the relay that had the message', async () => {
  const [one, two] = [await receiver(), await receiver()]
  const sendId = await sendTo(40)

  await start(`${one.url}?weight=3`, two.url)
  await untilFinished(store, sendId)

  expect(await attemptsByRelay()).toEqual({ [one.url]: one.ledger().length, [two.url]: two.ledger().length })
  expect([one.ledger().length, two.ledger().length]).toEqual([30, 10])
  expect(await violations(sendId, 40)).toEqual([])
})

test('a relay that goes away in the middle: the other takes the rest, the books are in order, nobody gets it twice', async () => {
  const [one, two] = [await receiver({ delayMs: 5 }), await receiver({ delayMs: 5 })]
  const sendId = await sendTo(400)
  await start(one.url, two.url)
  await vi.waitFor(() => expect(one.ledger().length).toBeGreaterThan(40), { timeout: 30_000, interval: 5 })

  await one.stop()
  await untilFinished(store, sendId)

  const { sent = 0, uncertain = 0 } = await countStates(store, sendId)
  expect(sent + uncertain).toBe(400)
  // In flight when it went away, at most: those whose end had left.
  expect(await violations(sendId, 400, 5)).toEqual([])
  expect(two.ledger().length).toBeGreaterThan(300)
})

test('messages whose end a dying relay had are uncertain; the other does not get them', async () => {
  const [one, two] = [await receiver(), await receiver()]
  const names = Array.from({ length: 6 }, (_, index) => `cut-reply-${index}`)
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', [...people(60), ...names]))

  await start(one.url, two.url)
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 60, uncertain: 6 })
  expect(await violations(sendId, 66, 6)).toEqual([])
})

test('both down: everyone stays queued, no Attempt is made, and all goes out when one is back', async () => {
  const [one, two] = [await receiver(), await receiver()]
  await one.stop()
  await two.stop()
  const sendId = await sendTo(30)

  await start(one.url, two.url)
  await vi.waitFor(
    async () => {
      const { reason } = await store.db.query.selectFrom('send').select('reason').executeTakeFirstOrThrow()
      expect(reason).toContain(`${one.url} takes no messages`)
      expect(reason).toContain(`${two.url} takes no messages`)
    },
    { timeout: 20_000 },
  )
  expect(await countStates(store, sendId)).toEqual({ queued: 30 })
  expect(await attemptsByRelay()).toEqual({})

  const back = await receiver({ port: two.port })
  await untilFinished(store, sendId)
  expect(back.ledger()).toHaveLength(30)
  expect(await attemptsByRelay()).toEqual({ [two.url]: 30 })
  expect(await violations(sendId, 30)).toEqual([])
})

test('a login that one relay refuses stops nothing while the other takes all', async () => {
  const two = await receiver()
  const one = await startScriptedSmtp({
    extensions: ['PIPELINING', 'AUTH PLAIN'],
    act: ({ phase }) => (phase === 'AUTH' ? { say: ['535 5.7.8 bad credentials'] } : null),
  })
  const sendId = await sendTo(100)

  await start(one.url.replace('smtp://', 'smtp://desk:geheim-7@'), two.url)
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 100 })
  expect(await attemptsByRelay()).toEqual({ [two.url]: 100 })
  expect(await violations(sendId, 100)).toEqual([])
  await one.stop()
})
