/** Who leaves in the middle of a Send: whatever had not begun for them does not go out, and is not tried again either. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { signToken } from '../../src/link/token.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { people } from '../rig/people.js'
import { type Moment, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'

let root: TestRoot
let store: Store
let relay: ScriptedSmtp

beforeEach(async () => {
  root = await openTestRoot({ PRESSRUN_SECRET: 'a secret of the opt-out test with 32 characters' })
  store = await root.store()
})

afterEach(async () => {
  await root.close()
  await relay.stop()
})

/** `answer` is asked at each message's end; null: accepted. */
async function start(
  answer: (to: string) => { readonly say: readonly string[]; readonly after?: Promise<unknown> } | null,
) {
  const on = new Map<number, string>()
  const act = ({ phase, line, connection }: Moment) => {
    if (phase === 'RCPT') on.set(connection, /<([^>]*)>/.exec(line)?.[1] ?? '')
    return phase === 'DOT' ? answer(on.get(connection) ?? '') : null
  }
  relay = await startScriptedSmtp({ act })
  return root.engine({
    env: {
      SMTP_URL: `${relay.url}/?maxConnections=2`,
      PUBLIC_URL: 'http://127.0.0.1:4321',
      RETRY_SCHEDULE: '50ms,50ms',
    },
  })
}

async function freezeFor(names: readonly string[]): Promise<number> {
  const created = await freeze(store, await subscribe(store, 'news', names))
  if (created.kind !== 'created') throw new Error(created.kind)
  return created.sendId
}

async function linkOf(address: string): Promise<string> {
  const { id } = await store.db.query
    .selectFrom('delivery')
    .select('id')
    .where('address', '=', address)
    .executeTakeFirstOrThrow()
  return `/u/${signToken(store.keys, 'leave', id)}`
}

const oneClick = (url: string) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })

test('V09: who unsubscribes while 500 wait gets no later 250', async () => {
  const sendId = await freezeFor(people(500))
  const last = 'reader499@example.org'
  const engine = await start(() => null)
  await vi.waitFor(() => expect(relay.messages.length).toBeGreaterThan(5), { timeout: 20_000, interval: 5 })

  const answer = await oneClick(`${engine.url}${await linkOf(last)}`)
  await untilFinished(store, sendId)

  expect(answer.status).toBe(200)
  expect(relay.messages.flatMap(({ to }) => to)).not.toContain(last)
  expect(await countStates(store, sendId)).toEqual({ sent: 499, excluded: 1 })
})

test('who unsubscribes while their message is under way is not tried again when it is answered "not now"', async () => {
  const alice = 'alice@example.org'
  const sendId = await freezeFor(['alice', 'dora'])
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const asked: string[] = []
  const engine = await start((to) => {
    asked.push(to)
    const isFirst = asked.filter((one) => one === to).length === 1
    if (!isFirst) return null
    return { say: ['451 4.2.0 greylisted'], ...(to === alice ? { after: gate } : {}) }
  })
  await vi.waitFor(() => expect(asked).toContain(alice), { timeout: 20_000 })

  await oneClick(`${engine.url}${await linkOf(alice)}`)
  open()
  await untilFinished(store, sendId)

  expect(asked.filter((to) => to === alice)).toHaveLength(1)
  expect(asked.filter((to) => to === 'dora@example.org')).toHaveLength(2)
  expect(await countStates(store, sendId)).toEqual({ sent: 1, excluded: 1 })
  expect(await verifySend(sendId, { query: store.db.query, keys: store.keys })).toMatchObject({
    isClean: true,
  })
})
