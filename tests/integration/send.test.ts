/** From freeze to finish, over a real queue and real SMTP: every one of the audience comes to its right end. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { canonicalJson } from '../../src/compile/canonical.js'
import { transact } from '../../src/db/transact.js'
import { hashAddress } from '../../src/link/token.js'
import { createSend } from '../../src/send/create.js'
import { excludeDeliveries } from '../../src/send/exclude.js'
import { freezeSend } from '../../src/send/freeze.js'
import { verifySend } from '../../src/send/verify.js'
import { openInbox } from '../../src/smtp/inbox.js'
import {
  compilation,
  countStates,
  freeze,
  openTestRoot,
  subscribe,
  type TestRoot,
  untilFinished,
} from '../rig/engine.js'

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

const readers = Array.from({ length: 1_200 }, (_, index) => `reader${index}`)

/** What a receiver does with the cast: Bob's address is gone, Dora is greylisted twice. */
function castRefusals(address: string, timesSeen: number) {
  if (address.startsWith('bob@')) return { code: 550, text: '5.1.1 No such user here' }
  if (address.startsWith('dora@') && timesSeen < 3)
    return { code: 451, text: '4.7.1 Greylisted, try again later' }
  return null
}

test('the cast and 1,200 readers: everyone comes to the right end, once, and the receiver agrees', async () => {
  const listId = await subscribe(store, 'weekly', [
    'alice',
    'bob',
    'charlie',
    'dora',
    'frank',
    'gus@gmail.com',
    ...readers,
  ])
  await store.db.query
    .updateTable('subscription')
    .set({ status: 'unsubscribed' })
    .where('subscriber_id', 'in', (subscriber) =>
      subscriber.selectFrom('subscriber').select('id').where('address', '=', 'charlie@example.org'),
    )
    .execute()
  await store.db.query
    .insertInto('suppression')
    .values({
      address_hash: hashAddress(store.keys, 'frank@example.org'),
      reason: 'complained',
      created_at: 1,
    })
    .execute()

  const { sendId } = await freeze(store, listId)
  await root.engine({ onRecipient: castRefusals })
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 1_203, bounced: 1, excluded: 2 })
  const reasons = await store.db.query
    .selectFrom('delivery')
    .select(['address', 'reason', 'attempt'])
    .where('address', 'in', ['charlie@example.org', 'frank@example.org', 'dora@example.org'])
    .orderBy('address')
    .execute()
  expect(reasons).toEqual([
    { address: 'charlie@example.org', reason: 'unsubscribed', attempt: 0 },
    { address: 'dora@example.org', reason: null, attempt: 3 },
    { address: 'frank@example.org', reason: 'suppressed', attempt: 0 },
  ])
  const ledger = root.ledger()
  expect(new Set(ledger.map(({ to }) => to)).size).toBe(ledger.length)
  expect(
    await verifySend(sendId, { query: store.db.query, keys: store.keys, ledger: () => ledger }),
  ).toMatchObject({
    isClean: true,
    findings: [],
    audience: 1_206,
  })
})

test('Bob, who bounced hard, is suppressed and left out of the next Send', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'bob'])
  await root.engine({ onRecipient: castRefusals })

  const first = await freeze(store, listId, compilation('2026-01-05-first'))
  await untilFinished(store, first.sendId)
  const second = await freeze(store, listId, compilation('2026-01-19-second'))
  await untilFinished(store, second.sendId)

  expect(await countStates(store, first.sendId)).toEqual({ sent: 1, bounced: 1 })
  expect(await countStates(store, second.sendId)).toEqual({ sent: 1, excluded: 1 })
})

test('the same issue to the same list is one Send; to a second list it goes to those who lack it', async () => {
  const weekly = await subscribe(store, 'weekly', ['alice', 'dora'])
  const extra = await subscribe(store, 'extra', ['alice', 'erin'])
  await root.engine()

  const first = await freeze(store, weekly)
  const again = await freeze(store, weekly)
  const other = await freeze(store, extra)
  await untilFinished(store, first.sendId)
  await untilFinished(store, other.sendId)

  expect(again).toMatchObject({ kind: 'exists', sendId: first.sendId })
  expect(await countStates(store, other.sendId)).toEqual({ sent: 1, excluded: 1 })
  const { reason } = await store.db.query
    .selectFrom('delivery')
    .select('reason')
    .where('send_id', '=', other.sendId)
    .where('state', '=', 'excluded')
    .executeTakeFirstOrThrow()
  expect(reason).toBe(`already received in Send ${first.sendId}`)
  expect(
    root
      .ledger()
      .map(({ to }) => to)
      .sort(),
  ).toEqual(['alice@example.org', 'dora@example.org', 'erin@example.org'])
})

test('two freezes of one Send at the same time place everyone once', async () => {
  const listId = await subscribe(
    store,
    'weekly',
    Array.from({ length: 9_000 }, (_, index) => `r${index}`),
  )

  await Promise.all([freeze(store, listId), freeze(store, listId)])
  const other = await root.engine()
  const { id } = await store.db.query.selectFrom('send').select('id').executeTakeFirstOrThrow()
  await vi.waitFor(async () => {
    const { state } = await other.store.db.query.selectFrom('send').select('state').executeTakeFirstOrThrow()
    expect(['sending', 'finished']).toContain(state)
  })

  const counts = Object.values(await countStates(store, id)).reduce((sum, count) => sum + count, 0)
  expect(counts).toBe(9_000)
  expect((await verifySend(id, { query: store.db.query, keys: store.keys })).findings).toEqual([])
})

test('one issue to two lists that share everyone, frozen at the same moment: nobody gets it twice', async () => {
  const people = Array.from({ length: 3_000 }, (_, index) => `r${index}`)
  const weekly = await subscribe(store, 'weekly', people)
  const extra = await subscribe(store, 'extra', [...people].reverse())

  const [one, other] = await Promise.all([freeze(store, weekly), freeze(store, extra)])
  const counts = [await countStates(store, one.sendId), await countStates(store, other.sendId)]

  expect(counts.reduce((sum, { queued = 0 }) => sum + queued, 0)).toBe(3_000)
  expect(counts.reduce((sum, { excluded = 0 }) => sum + excluded, 0)).toBe(3_000)
})

test('hundreds of opt-outs while the journal commits: each is excluded or sent, none is both, nothing is lost', async () => {
  const people = Array.from({ length: 1_000 }, (_, index) => `r${index}`)
  const listId = await subscribe(store, 'weekly', people)
  const { sendId } = await freeze(store, listId)
  const subscribers = await store.db.query
    .selectFrom('subscriber')
    .select(['id', 'address'])
    .orderBy('id', 'desc')
    .execute()
  await root.engine()

  for (const { id } of subscribers.slice(0, 400))
    await transact(store.db.query, 'unsubscribe', (trx) =>
      excludeDeliveries(trx, { subscriberId: id, listId, reason: 'unsubscribed', now: store.now() }),
    )
  await untilFinished(store, sendId)

  const states = await countStates(store, sendId)
  expect((states.sent ?? 0) + (states.excluded ?? 0)).toBe(1_000)
  expect(root.ledger()).toHaveLength(states.sent ?? 0)
  const ledger = root.ledger()
  expect(
    (await verifySend(sendId, { query: store.db.query, keys: store.keys, ledger: () => ledger })).findings,
  ).toEqual([])
})

test('who leaves between the reading of the list and the flip is swept out by the flip', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'charlie', 'frank'])
  const { query } = store.db
  const issue = compilation()
  const content = canonicalJson(issue.compiled)
  const created = await createSend(query, { compilation: issue, content, listId, now: store.now() })

  const stop = new AbortController()
  const context = { query, keys: store.keys, now: store.now }
  await freezeSend(created.sendId, { ...context, stop: stop.signal, onProgress: () => stop.abort() })
  // As when an opt-out commits after the List was read and before these Deliveries were there to be taken out.
  await sql`update subscription set status = 'unsubscribed' where subscriber_id = (
    select id from subscriber where address = 'charlie@example.org')`.execute(query)
  await sql`insert into suppression (address_hash, reason, created_at) values
    (${hashAddress(store.keys, 'frank@example.org')}, 'complained', ${sql.lit(store.now())})`.execute(query)
  await freezeSend(created.sendId, context)

  const excluded = await query
    .selectFrom('delivery')
    .select(['address', 'reason'])
    .where('state', '=', 'excluded')
    .orderBy('address')
    .execute()
  expect(excluded).toEqual([
    { address: 'charlie@example.org', reason: 'unsubscribed' },
    { address: 'frank@example.org', reason: 'suppressed' },
  ])
})

test('who unsubscribes while queued gets nothing', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'charlie'])
  const { sendId } = await freeze(store, listId)
  const charlie = await store.db.query
    .selectFrom('subscriber')
    .select('id')
    .where('address', '=', 'charlie@example.org')
    .executeTakeFirstOrThrow()

  await excludeDeliveries(store.db.query, {
    subscriberId: charlie.id,
    listId,
    reason: 'unsubscribed',
    now: 2,
  })
  await root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: 1, excluded: 1 })
  expect(root.ledger().map(({ to }) => to)).toEqual(['alice@example.org'])
})

test('V31: a greylisting that outlasts the schedule ends as failed(expired)', async () => {
  const listId = await subscribe(store, 'weekly', ['alice', 'dora'])
  const { sendId } = await freeze(store, listId)
  await root.engine({
    onRecipient: (address) => (address.startsWith('dora') ? { code: 451, text: '4.7.1 Later' } : null),
  })
  await untilFinished(store, sendId)

  const dora = await store.db.query
    .selectFrom('delivery')
    .select(['state', 'reason', 'attempt', 'reply_code'])
    .where('address', '=', 'dora@example.org')
    .executeTakeFirstOrThrow()
  expect(dora).toEqual({ state: 'failed', reason: 'expired', attempt: 3, reply_code: 451 })
})

test('a relay that is away uses up nobody’s Attempt, says why, and the Send goes on when it is back', async () => {
  const listId = await subscribe(store, 'weekly', readers.slice(0, 50))
  const { sendId } = await freeze(store, listId)
  const folder = `${root.config.dataDir}/inbox`
  const gone = await openInbox({ folder })
  await gone.close()
  await root.engine({ env: { SMTP_URL: gone.url, PRESSRUN_SECRET: await localSecret() } })
  await vi.waitFor(
    async () => {
      const { reason } = await store.db.query.selectFrom('send').select('reason').executeTakeFirstOrThrow()
      expect(reason).toMatch(/takes no messages.*tried again by itself/)
    },
    { timeout: 20_000 },
  )
  expect(await countStates(store, sendId)).toEqual({ queued: 50 })

  const back = await openInbox({ folder, port: Number(new URL(gone.url).port) })
  await untilFinished(store, sendId)
  await back.close()

  const attempts = await store.db.query.selectFrom('attempt').select('number').execute()
  expect(attempts).toEqual(Array.from({ length: 50 }, () => ({ number: 1 })))
  expect(await countStates(store, sendId)).toEqual({ sent: 50 })
})

async function localSecret(): Promise<string> {
  const { readFileSync } = await import('node:fs')
  return readFileSync(`${root.config.dataDir}/secret`, 'utf8').trim()
}
