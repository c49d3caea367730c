/**
 * Batch: up to 500 Deliveries of one Send and one lane, the unit of the queue. Whoever claims it holds a lease and a
 * fence number; a lease that runs out is taken over, and what its holder had ended without a word is `uncertain`.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import type { Bell } from '../queue/queue.js'
import type { Recipient } from './message.js'

/** Of a lane, in a window: a million recipients are 2,000 Batches, and nobody need hold them all. */
export const RUNG_AT_ONCE = 16

export interface LeaseContext {
  readonly query: Query
  /** This process, as Attempts and leases name it. */
  readonly owner: string
  readonly leaseMs: number
  readonly now: () => number
}

export interface ClaimedDelivery extends Recipient {
  /** Number of the last Attempt. */
  readonly attempt: number
  readonly subscriberId: number
  readonly addressKey: string
  /** What it was last deferred or refused for. */
  readonly lastReason: string | null
}

export interface ClaimedBatch {
  readonly id: number
  readonly sendId: number
  readonly lane: string
  readonly fence: number
  readonly deliveries: readonly ClaimedDelivery[]
}

/**
 * Takes the Batch, or returns null when another holds it, its Send is not sending, or nothing is left in it. A lease
 * that ran out is taken back by `expireLeases` alone.
 */
export async function claimBatch(
  batchId: number,
  { query, owner, leaseMs, now }: LeaseContext,
): Promise<ClaimedBatch | null> {
  return transact(query, 'claim', async (trx) => {
    const time = clock(trx, now)
    const batch = await trx
      .updateTable('batch')
      .set({ fence: sql`fence + 1`, lease_owner: owner, lease_until: sql`${time} + ${leaseMs}` })
      .where('id', '=', batchId)
      .where('state', '=', 'open')
      .where('lease_until', 'is', null)
      .where('send_id', 'in', (send) => send.selectFrom('send').select('id').where('state', '=', 'sending'))
      .returning(['send_id', 'lane', 'fence'])
      .executeTakeFirst()
    if (!batch) return null
    const rows = await trx
      .selectFrom('delivery')
      .select(['id', 'subscriber_id', 'address', 'address_key', 'name', 'attributes', 'attempt', 'reason'])
      .where('batch_id', '=', batchId)
      .where('state', '=', 'queued')
      .where('not_before', '<=', time)
      .orderBy('id')
      .execute()
    return {
      id: batchId,
      sendId: batch.send_id,
      lane: batch.lane,
      fence: batch.fence,
      deliveries: rows.map((row) => ({
        deliveryId: row.id,
        subscriberId: row.subscriber_id,
        address: row.address,
        addressKey: row.address_key ?? row.address,
        name: row.name,
        // Written by the import as an object of strings.
        attributes: JSON.parse(row.attributes) as Record<string, string>,
        attempt: row.attempt,
        lastReason: row.reason,
      })),
    }
  })
}

/** Keeps the lease; false: it is lost. */
export async function renewLease(
  { id, fence }: Pick<ClaimedBatch, 'id' | 'fence'>,
  { query, owner, leaseMs, now }: LeaseContext,
): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable('batch')
    .set({ lease_until: sql`${clock(query, now)} + ${leaseMs}` })
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('lease_owner', '=', owner)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Gives the Batch back, closed when nothing in it is queued or sending any more. */
export async function releaseBatch(
  { id, fence }: Pick<ClaimedBatch, 'id' | 'fence'>,
  { query }: Pick<LeaseContext, 'query'>,
): Promise<void> {
  await transact(query, 'release', (trx) =>
    trx
      .updateTable('batch')
      .set({ lease_owner: null, lease_until: null, state: stateByContents })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .execute(),
  )
}

/** For an UPDATE of Batches: closed when nothing in it is queued or sending any more. */
export const stateByContents = sql<'open' | 'closed'>`case when exists (
  select 1 from delivery where delivery.batch_id = batch.id and delivery.state in ('queued', 'sending')
) then 'open' else 'closed' end`

/** Of each lane the oldest Batches with work that is due and that nobody holds: no lane's Batches hide another's. */
export async function forgottenBatches({
  query,
  now,
}: Pick<LeaseContext, 'query' | 'now'>): Promise<readonly Bell[]> {
  const open = query
    .selectFrom('batch')
    .innerJoin('send', 'send.id', 'batch.send_id')
    .where('send.state', '=', 'sending')
    .where('batch.state', '=', 'open')
    .where('batch.lease_until', 'is', null)
  const lanes = await open.select('batch.lane').distinct().execute()
  const found: Bell[] = []
  for (const { lane } of lanes)
    found.push(
      ...(await open
        .select(['batch.id', 'batch.fence'])
        .where('batch.lane', '=', lane)
        .where((batch) =>
          batch.exists(
            batch
              .selectFrom('delivery')
              .select('delivery.id')
              .whereRef('delivery.batch_id', '=', 'batch.id')
              .where('delivery.state', '=', 'queued')
              .where('delivery.not_before', '<=', clock(query, now)),
          ),
        )
        .orderBy('batch.id')
        .limit(RUNG_AT_ONCE)
        .execute()),
    )
  return found
}

/** The lane of a Batch; null: there is none of that number. */
export async function laneOfBatch(query: Query, batchId: number): Promise<string | null> {
  const row = await query.selectFrom('batch').select('lane').where('id', '=', batchId).executeTakeFirst()
  return row?.lane ?? null
}
