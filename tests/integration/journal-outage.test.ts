/** A Journal whose database fails it: a connection that breaks, a commit that gets no answer, a worker that stands still. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import type { Query } from '../../src/db/db.js'
import { openLog } from '../../src/log.js'
import { forgottenBatches } from '../../src/send/batch.js'
import { makeBreaker } from '../../src/send/breaker.js'
import { deliverBatch } from '../../src/send/deliver.js'
import { pauseSend } from '../../src/send/life.js'
import { openMemory } from '../../src/send/memory.js'
import { keepPreparedSends } from '../../src/send/prepared-sends.js'
import type { Relays } from '../../src/send/relays.js'
import { expireLeases } from '../../src/send/takeover.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot } from '../rig/engine.js'
import { freePace } from '../rig/pace.js'
import { claimSlowly, intendSlowly, openSlowJournal, RELAY } from '../rig/slow-worker.js'

const ACCEPTED = { kind: 'sent', code: 250, text: '250 2.0.0 Ok' } as const

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

test.each([
  ['two broken connections', [1, 2]],
  ['two broken connections, and then an outage', [1, 2, ...range(5, 12)]],
])('no outcome is lost to %s', async (_, broken) => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(store, listId)
  const { journal, batch } = await claimSlowly(store, 'worker')
  for (const delivery of batch.deliveries) await journal.intend(batch, delivery, RELAY)
  // The group fails, then its first entry alone, and the others pass.
  const flaky = openSlowJournal(store, 'worker', failing(store.db.query, broken))

  await Promise.allSettled(
    batch.deliveries.map((delivery) => flaky.record({ batch, delivery, outcome: ACCEPTED })),
  )

  expect(await countStates(store, sendId)).toEqual({ sent: 3 })
})

test('an outcome that the database refuses, though it takes others, is not tried for ever', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  await freeze(store, listId)
  const { record } = await intendSlowly(store, 'worker')

  // Nothing that the types allow.
  await expect(record({ kind: 'nonsense' } as never)).rejects.toThrow()
})

test('an intent whose commit got no answer, in a Send that is paused before it is asked about, is withdrawn', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const { sendId } = await freeze(store, listId)
  const { batch } = await claimSlowly(store, 'worker')
  // The group is committed, the answer is lost; whoever asks again finds the Send paused.
  const deaf = openSlowJournal(
    store,
    'worker',
    deafOnce(store.db.query, async () => {
      await pauseSend(sendId, { query: store.db.query, reason: 'a word from the editor' })
    }),
  )

  const verdicts = await Promise.all(batch.deliveries.map((delivery) => deaf.intend(batch, delivery, RELAY)))

  expect(verdicts).toEqual(['notOurs', 'notOurs'])
  expect(await countStates(store, sendId)).toEqual({ deferred: 2 })
  expect(await findings(sendId)).toEqual([])
})

test('a worker that stood still after its intent, and was taken over meanwhile, does not end the message', async () => {
  const listId = await subscribe(store, 'weekly', ['alice'])
  const { sendId } = await freeze(store, listId)
  const { query } = store.db
  const lease = { query, owner: 'worker', leaseMs: 300, now: store.now }
  const journal = openSlowJournal(store, 'worker')
  const mayEnd: boolean[] = []
  const relays: Relays = {
    concurrency: 1,
    concurrencyFor: () => 1,
    isOpen: () => true,
    refusals: () => null,
    close: async () => {},
    async send(_, { beforeEnd }) {
      mayEnd.push(await beforeEnd(RELAY))
      return mayEnd.at(-1)
        ? { kind: 'endedWithoutReply', cause: 'connection closed', relay: RELAY }
        : { kind: 'notEnded', cause: 'not to be ended', scope: 'message', relay: RELAY }
    },
  }

  const [bell] = await forgottenBatches(lease)
  await deliverBatch(bell?.id ?? 0, {
    ...lease,
    relays,
    journal: {
      ...journal,
      async intend(batch, delivery, relay) {
        const verdict = await journal.intend(batch, delivery, relay)
        await sql`update batch set lease_until = 1`.execute(query)
        await expireLeases({ query, now: store.now, isDead: () => false })
        // As SIGSTOP does it: nothing of this process runs for longer than its lease.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
        return verdict
      },
    },
    pace: freePace(),
    breaker: makeBreaker(),
    sign: async (message) => message,
    gate: { isOpen: () => true, suspect: () => {} },
    prepared: keepPreparedSends(query),
    keys: store.keys,
    memory: openMemory(),
    log: openLog('silent'),
    stop: new AbortController().signal,
  })

  expect(mayEnd).toEqual([false])
  expect(await countStates(store, sendId)).toEqual({ deferred: 1 })
  expect(await findings(sendId)).toEqual([])
})

async function findings(sendId: number) {
  return (await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings
}

/** The database, but some of the writes that it is asked for fail; `broken`: which, from 1. */
function failing(query: Query, broken: readonly number[]): Query {
  let asked = 0
  return new Proxy(query, {
    get(target, name) {
      if (/^(transaction|connection|insertInto)$/.test(String(name)) && broken.includes(++asked))
        throw new Error('the connection is lost')
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

/** The database, but the answer to its next commit is lost; `meanwhile` happens before anyone asks again. */
function deafOnce(query: Query, meanwhile: () => Promise<void>): Query {
  let isDeaf = true
  return new Proxy(query, {
    get(target, name) {
      if ((name === 'transaction' || name === 'connection') && isDeaf) {
        isDeaf = false
        return () => ({
          execute: async (work: (trx: Query) => Promise<unknown>) => {
            await target[name]().execute(work)
            await meanwhile()
            throw new Error('no answer to the commit')
          },
        })
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
