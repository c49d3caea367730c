/** The Journal's two ways into the database leave the same rows and give the same verdicts. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db, Query } from '../../src/db/db.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import type { DeliveryState } from '../../src/db/schema.js'
import { makeKeys } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { type Entry, openJournal } from '../../src/send/journal.js'
import { commitEntries, type JournalContext } from '../../src/send/journal-commit.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const RELAY = 'smtp://relay.example.org'

const NOW = Date.now()
const ACCEPTED = { kind: 'sent', code: 250, text: '250 2.0.0 kept' } as const
const PEOPLE = 8
const STATES: readonly DeliveryState[] = [
  'queued',
  'sending',
  'uncertain',
  'deferred',
  'sent',
  'bounced',
  'failed',
  'excluded',
]
const BATCHES = {
  ours: { owner: 'me', fence: 3, leaseUntil: NOW + 600_000 },
  'under an older fence': { owner: 'me', fence: 4, leaseUntil: NOW + 600_000 },
  'another’s': { owner: 'another', fence: 3, leaseUntil: NOW + 600_000 },
  'run out': { owner: 'me', fence: 3, leaseUntil: NOW - 600_000 },
} as const

let short: Db
let long: Db

beforeEach(async () => {
  short = await openTestDb()
  long = await openTestDb()
})

afterEach(async () => {
  await short.close()
  await long.close()
})

test.each(Object.entries(BATCHES))(
  'intents of a Batch that is %s, and acceptances, for people in every state',
  async (_, batch) => {
    const entries = await seed(short.query, batch)
    expect(await seed(long.query, batch)).toEqual(entries)

    const verdicts = await commitShort(entries)

    expect(verdicts).toEqual(await commitEntries(entries, { ...contextOf(long), again: false }))
    expect(await rows(short.query)).toEqual(await rows(long.query))
    const stands = verdicts.filter((verdict, at) => entries[at]?.kind === 'intent' && verdict === 'stands')
    expect(stands).toHaveLength(batch === BATCHES.ours ? PEOPLE : 0)
  },
)

test('intents of a Send that is paused', async () => {
  const entries = await seed(short.query, BATCHES.ours)
  await seed(long.query, BATCHES.ours)
  for (const { query } of [short, long]) await query.updateTable('send').set({ state: 'paused' }).execute()

  const verdicts = await commitShort(entries)

  expect(verdicts).toEqual(await commitEntries(entries, { ...contextOf(long), again: false }))
  expect(await rows(short.query)).toEqual(await rows(long.query))
  expect(verdicts).toContain('notOurs')
})

/** All at once, so that they are one group. */
async function commitShort(entries: readonly Entry[]) {
  const context = contextOf(short)
  const journal = openJournal({
    ...context,
    log: openLog('silent'),
    file: { append: async () => false, clear: async () => {} },
    probe: () => probeCommit(short.query, context.now),
  })
  const verdicts = entries.map(async (entry) => {
    if (entry.kind === 'intent') return journal.intend(entry.batch, entry.delivery, entry.relay)
    if (entry.kind === 'outcome') await journal.record(entry)
    return 'stands'
  })
  return Promise.all(verdicts)
}

function contextOf({ query }: Db): JournalContext {
  return {
    query,
    keys: makeKeys(['a secret of the tests, thirty-two signs']),
    owner: 'me',
    retry: { scheduleMs: [60_000], random: () => 0 },
    now: () => NOW,
  }
}

/** An intent and an acceptance for people in each state; for some the Attempt that is spoken of is not the last. */
async function seed(query: Query, batch: (typeof BATCHES)[keyof typeof BATCHES]): Promise<readonly Entry[]> {
  const people = STATES.flatMap((state) =>
    Array.from({ length: PEOPLE }, (_, at) => ({ who: `${state}${at}`, state })),
  )
  const { sendId, deliveries } = await seedSend(query, { deliveries: people })
  const { id } = await query
    .insertInto('batch')
    .values({
      send_id: sendId,
      lane: 'other',
      fence: batch.fence,
      lease_owner: batch.owner,
      lease_until: batch.leaseUntil,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const entries: Entry[] = []
  for (const [at, { who, state }] of people.entries()) {
    const deliveryId = deliveries[who] ?? 0
    const attempt = at % 2
    await query.updateTable('delivery').set({ attempt, batch_id: id }).where('id', '=', deliveryId).execute()
    if (attempt > 0) await seedAttempt(query, { deliveryId, sendId, state })
    const delivery = { deliveryId, subscriberId: at + 1, addressKey: `${who}@example.com` }
    const claimed = { id, fence: 3, sendId }
    // Of every four, one speaks of an Attempt that is not the last.
    const number = at % 4 === 3 ? attempt + 1 : attempt
    if (state === 'queued')
      entries.push({ kind: 'intent', batch: claimed, delivery: { ...delivery, attempt }, relay: RELAY })
    else
      entries.push({
        kind: 'outcome',
        batch: claimed,
        delivery: { ...delivery, attempt: number - 1 },
        outcome: ACCEPTED,
      })
  }
  return entries
}

async function seedAttempt(
  query: Query,
  { deliveryId, sendId, state }: { deliveryId: number; sendId: number; state: DeliveryState },
): Promise<void> {
  const code = { sent: 250, bounced: 550, deferred: 451, failed: 554 }[state as string] ?? null
  await query
    .insertInto('attempt')
    .values({
      delivery_id: deliveryId,
      number: 1,
      send_id: sendId,
      relay: RELAY,
      fence: 3,
      owner: 'me',
      intended_at: NOW - 1_000,
      outcome: state === 'sending' || state === 'queued' ? null : state,
      code,
      text: code === null ? null : `${code} a reply`,
      replied_at: code === null ? null : NOW - 500,
    })
    .execute()
}

/** All that is in them but times, which on Postgres are the database's own. */
async function rows(query: Query) {
  const attempts = await query
    .selectFrom('attempt')
    .selectAll()
    .orderBy('delivery_id')
    .orderBy('number')
    .execute()
  const deliveries = await query.selectFrom('delivery').selectAll().orderBy('id').execute()
  return {
    attempts: attempts.map(({ intended_at, ...row }) => row),
    deliveries: deliveries.map(({ not_before, ...row }) => row),
  }
}
