/** The checker itself is tested: one that sees nothing would prove nothing. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { messageIdLeft } from '../../src/link/token.js'
import { type AccountsRequest, checkAccounts } from '../rig/accounts.js'
import type { LedgerLine } from '../rig/chaos.js'
import { freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'

const PEOPLE = ['alice', 'dora', 'erin']

let root: TestRoot
let store: Store
let request: AccountsRequest

/** A Send to three that is finished and in order. */
beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', PEOPLE))
  await root.engine()
  await untilFinished(store, sendId)
  const ledger = root.ledger().map((line) => ({ ...line, began: 1_000, at: 1_001 }))
  request = { sendId, audience: PEOPLE.length, maxUncertain: 0, ledger }
})

afterEach(() => root.close())

/** The names of the invariants that a changed request breaks. */
async function broken(changed: Partial<AccountsRequest> = {}): Promise<readonly string[]> {
  const said = await checkAccounts(store, { ...request, ...changed })
  return [...new Set(said.map((sentence) => sentence.split(':')[0] ?? ''))]
}

function lineOf(who: string): LedgerLine {
  const line = request.ledger.find(({ to }) => to === `${who}@example.org`)
  if (line === undefined) throw new Error(`no line of ${who}`)
  return line
}

async function setState(who: string, state: 'bounced' | 'queued' | 'uncertain'): Promise<void> {
  await store.db.query
    .updateTable('delivery')
    .set({ state })
    .where('address', '=', `${who}@example.org`)
    .execute()
}

async function setPolicy(policy: 'hold' | 'resend'): Promise<void> {
  await store.db.query.updateTable('send').set({ uncertain_policy: policy }).execute()
}

test('a Send in order breaks nothing, under either policy', async () => {
  expect(await broken()).toEqual([])

  await setPolicy('resend')
  expect(await broken()).toEqual([])
})

test('I1: someone is missing from the books', async () => {
  expect(await broken({ audience: 4 })).toEqual(['I1'])
})

test('I2: sent, and no receiver has it', async () => {
  const ledger = request.ledger.filter((line) => line !== lineOf('alice'))

  expect(await broken({ ledger })).toContain('I2')
})

test('I3: bounced, and a receiver has it', async () => {
  await setState('alice', 'bounced')

  expect(await broken()).toContain('I3')
})

test('I4, I5: twice is a violation under hold, and under resend when no fault explains it', async () => {
  const ledger = [...request.ledger, lineOf('alice')]

  expect(await broken({ ledger })).toContain('I4')
  await setPolicy('resend')
  expect(await broken({ ledger })).toContain('I5')
  expect(await broken({ ledger, maxUncertain: 1 })).not.toContain('I5')
})

test('I5: under resend nobody may be left uncertain without having it', async () => {
  await setPolicy('resend')
  await setState('alice', 'uncertain')
  const ledger = request.ledger.filter((line) => line !== lineOf('alice'))

  expect(await broken({ ledger })).toContain('I5')
})

test('I6: more without a reply than were in flight', async () => {
  await store.db.query.updateTable('attempt').set({ outcome: null }).execute()

  expect(await broken({ maxUncertain: 2 })).toContain('I6')
  expect(await broken({ maxUncertain: 3 })).not.toContain('I6')
})

test('I7: a message that begins after its reader has left', async () => {
  expect(await broken({ optOuts: new Map([['alice@example.org', 999]]) })).toEqual(['I7'])
  expect(await broken({ optOuts: new Map([['alice@example.org', 1_000]]) })).toEqual([])
})

test('I8: finished, and someone is still to be mailed', async () => {
  await setState('alice', 'queued')

  expect(await broken()).toContain('I8')
})

test('I9: two Deliveries with one Message-ID, or one with two', async () => {
  const { messageId } = lineOf('dora')
  const swapped = request.ledger.map((line) => (line === lineOf('alice') ? { ...line, messageId } : line))
  expect(await broken({ ledger: swapped })).toContain('I9')

  const other = `<${messageIdLeft(store.keys, 4_711)}@example.com>`
  const ledger = [...request.ledger, { ...lineOf('alice'), messageId: other }]
  expect(await broken({ ledger, maxUncertain: 1 })).toContain('I9')
})
