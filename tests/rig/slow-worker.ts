/** A worker in slow motion: what deliverBatch does, one step at a time, on the database of a test's root. */

import { expect } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { openLog } from '../../src/log.js'
import { type ClaimedBatch, claimBatch, forgottenBatches, type LeaseContext } from '../../src/send/batch.js'
import { type Journal, openJournal } from '../../src/send/journal.js'

export const RELAY = 'smtp://relay.example.org'

/** A deferred one is due again after a minute. */
export const A_MINUTE_LATER = { scheduleMs: [60_000], random: () => 0 }

export interface SlowWorker {
  readonly lease: LeaseContext
  readonly journal: Journal
  readonly batch: ClaimedBatch
}

/** The first Batch that nobody has is his. */
export async function claimSlowly(store: Store, owner: string): Promise<SlowWorker> {
  const lease = { query: store.db.query, owner, leaseMs: 60_000, now: store.now }
  const [bell] = await forgottenBatches(lease)
  const batch = await claimBatch(bell?.id ?? 0, lease)
  return { lease, journal: openSlowJournal(store, owner), batch: batch ?? missing() }
}

/** Whose intent for the first of them stands; `record` is what becomes of it. */
export async function intendSlowly(store: Store, owner: string) {
  const { journal, batch } = await claimSlowly(store, owner)
  const [delivery = missing()] = batch.deliveries
  expect(await journal.intend(batch, delivery, RELAY)).toBe('stands')
  const record = (outcome: Parameters<Journal['record']>[0]['outcome']) =>
    journal.record({ batch, delivery, outcome })
  return { delivery, record }
}

/** It has no file for what the database does not take; `query` may be a database that fails. */
export function openSlowJournal(store: Store, owner: string, query = store.db.query): Journal {
  return openJournal({
    query,
    keys: store.keys,
    owner,
    retry: A_MINUTE_LATER,
    now: store.now,
    log: openLog('silent'),
    file: { append: async () => false, clear: async () => {} },
    probe: () => probeCommit(query, store.now),
  })
}

export function missing(): never {
  throw new Error('nobody is there')
}
