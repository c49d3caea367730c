/** Erasure in the middle of a Send: whatever is under way at that moment, no address stays anywhere; the numbers do. */

import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readReport } from '../../src/report/report.js'
import { replayLines } from '../../src/send/outcome-line.js'
import { verifySend } from '../../src/send/verify.js'
import { eraseRest } from '../../src/track/erase-rest.js'
import { countStates, freeze, subscribe, untilFinished } from '../rig/engine.js'
import { type ErasePlace, openErasePlace } from '../rig/erasure.js'
import { people } from '../rig/people.js'
import { type Moment, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'
import { filesWith, tablesWith } from '../rig/traces.js'

let place: ErasePlace
let relay: ScriptedSmtp | null = null

beforeEach(async () => {
  place = await openErasePlace()
})

afterEach(async () => {
  await place.close()
  await relay?.stop()
  relay = null
})

const gone = ['zerafina@example.org', 'bobolink@example.org', 'doramunde@example.org', 'waitling@example.org']

const [held, bounced, deferred, waiting] = gone as [string, string, string, string]

/** Names whoever it refuses; keeps the first one waiting until the gate opens. */
async function startRelay(gate: Promise<void>): Promise<{ readonly isHeld: () => boolean }> {
  const on = new Map<number, string>()
  let isHeld = false
  const act = ({ phase, line, connection }: Moment) => {
    if (phase === 'RCPT') on.set(connection, /<([^>]*)>/.exec(line)?.[1] ?? '')
    const to = on.get(connection) ?? ''
    if (phase !== 'DOT') return null
    if (to === held) {
      isHeld = true
      return { say: [`550 5.1.6 <${to}> has moved on`], after: gate }
    }
    if (to === bounced) return { say: [`550 5.1.1 <${to}> is not known here`] }
    if (to === deferred) return { say: [`451 4.2.0 <${to}> greylisted`] }
    return { say: [`250 2.0.0 kept for ${to}`] }
  }
  relay = await startScriptedSmtp({ act })
  return { isHeld: () => isHeld }
}

test('no address stays in tables, files, Redis or the log, nor after a restart; the numbers do', async () => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const { isHeld } = await startRelay(gate)
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const listId = await subscribe(place.store, 'news', [...gone.slice(0, 3), ...people(12)])
  const created = await freeze(place.store, listId)
  if (created.kind !== 'created') throw new Error(created.kind)
  const { sendId } = created
  const env = {
    SMTP_URL: `${relay?.url}/?maxConnections=3`,
    PUBLIC_URL: 'http://127.0.0.1:4321',
    RETRY_SCHEDULE: '1h',
  }
  const engine = await place.root.engine({ log, env })
  await vi.waitFor(
    async () => {
      expect(isHeld()).toBe(true)
      expect(await countStates(place.store, sendId)).toMatchObject({
        sending: 1,
        bounced: 1,
        deferred: 1,
        sent: 12,
      })
    },
    { timeout: 30_000 },
  )
  // Another one, who waits for their first Issue, has asked for things and is known from a file.
  await subscribe(place.store, 'news', [waiting])
  const before = await readReport(place.store.db.query, sendId)

  for (const address of gone) expect(await place.forget(await place.idOf(address))).not.toBeNull()
  open()
  await untilFinished(place.store, sendId)
  await vi.waitFor(
    async () => {
      const rows = await place.store.db.query.selectFrom('erasure').select('done_at').execute()
      expect(rows).toHaveLength(4)
      expect(rows.every(({ done_at }) => done_at !== null)).toBe(true)
    },
    { timeout: 20_000 },
  )

  const expectNoTrace = async () => {
    for (const address of gone) {
      const name = address.slice(0, address.indexOf('@'))
      expect([name, await tablesWith(place.store.db.query, name)]).toEqual([name, []])
      expect([name, filesWith(place.root.config.dataDir, name)]).toEqual([name, []])
      expect([name, logged.filter((line) => line.includes(name))]).toEqual([name, []])
    }
  }
  await expectNoTrace()
  expect(await countStates(place.store, sendId)).toEqual({ sent: 12, bounced: 2, excluded: 1 })
  const after = await readReport(place.store.db.query, sendId)
  expect(after.audience).toBe(before.audience)
  expect(after.reasons).toContainEqual({ state: 'bounced', reason: '550 5.1.1', count: 1 })
  expect(after.reasons).toContainEqual({ state: 'bounced', reason: '550 5.1.6', count: 1 })
  expect(after.reasons).toContainEqual({ state: 'excluded', reason: 'erased', count: 1 })
  expect(await verifySend(sendId, { query: place.store.db.query, keys: place.store.keys })).toMatchObject({
    isClean: true,
  })
  expect((await place.suppressions()).map(({ reason }) => reason)).toEqual([
    'bounced',
    'erased',
    'erased',
    'erased',
  ])

  await engine.close()
  await place.root.engine({ log, env })
  await expectNoTrace()
}, 60_000)

test('an outcome that an engine left in its file says nothing of them any more', async () => {
  const listId = await subscribe(place.store, 'news', [held])
  const created = await freeze(place.store, listId)
  if (created.kind !== 'created') throw new Error(created.kind)
  const { query } = place.store.db
  const { id } = await query.selectFrom('delivery').select('id').executeTakeFirstOrThrow()
  await query
    .updateTable('delivery')
    .set({ state: 'uncertain', attempt: 1, reason: 'no reply on record' })
    .execute()
  await query
    .insertInto('attempt')
    .values({
      delivery_id: id,
      number: 1,
      send_id: created.sendId,
      relay: 'smtp://relay',
      fence: 1,
      owner: 'gone',
      intended_at: Date.now() - 86_400_000,
    } as never)
    .execute()
  await place.forget(await place.idOf(held))
  await eraseRest({ query, now: Date.now, wireTimeoutMs: 60_000 })
  const outcomes = [
    { kind: 'uncertain', text: `nothing of ${held}` },
    { kind: 'bounced', code: 550, text: `550 5.1.1 <${held}> is not known` },
  ]

  for (const outcome of outcomes) {
    const line = JSON.stringify({ send: created.sendId, delivery: id, attempt: 1, outcome })
    const retry = { scheduleMs: [1_000], random: () => 0 }
    const context = { query, keys: place.store.keys, owner: 'next', retry, now: Date.now }
    expect(await replayLines([line], context)).toEqual({ committed: 1, unreadable: 0 })
    expect(await tablesWith(query, 'zerafina')).toEqual([])
  }

  expect(await query.selectFrom('delivery').select(['state', 'reply_text']).execute()).toEqual([
    { state: 'bounced', reply_text: '550 5.1.1' },
  ])
})
