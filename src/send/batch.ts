/**
 * Batch: up to 500 Deliveries of one Send and one lane, the unit of the queue. Whoever claims it holds a lease and a
 * fence number; a lease that runs out is taken over, and what its holder had ended without a word is `uncertain`.
 */

import { sql } from 'kysely'
import { clock, engineOf, type Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import type { Recipient } from './message.js'

const EXPIRE_AT_ONCE = 1_000

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
      .select(['id', 'subscriber_id', 'address', 'address_key', 'name', 'attributes', 'attempt'])
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

const stateByContents = sql<'open' | 'closed'>`case when exists (
  select 1 from delivery where delivery.batch_id = batch.id and delivery.state in ('queued', 'sending')
) then 'open' else 'closed' end`

export interface ExpireContext extends Pick<LeaseContext, 'query' | 'now'> {
  /** Is the process that holds a lease certainly gone? */
  readonly isDead: (owner: string) => boolean
}

/**
 * Takes back the Batches whose holder gives no sign of life or is dead. What it had meant to end and said nothing of is
 * `uncertain`; of a dead one it is on record that no reply will come any more. Returns how many.
 */
export async function expireLeases({ query, now, isDead }: ExpireContext): Promise<number> {
  const dead = await deadOwners(query, isDead)
  const expired = (source: Query) => {
    const time = clock(source, now)
    return source
      .selectFrom('batch')
      .select(['id', 'lease_owner'])
      .where('lease_until', 'is not', null)
      .where((lease) =>
        lease.or([
          lease('lease_until', '<', time),
          ...(dead.length > 0 ? [lease('lease_owner', 'in', dead)] : []),
        ]),
      )
      .limit(EXPIRE_AT_ONCE)
  }
  // Most often there is none, and then nobody who writes has to be waited for.
  if ((await expired(query).execute()).length === 0) return 0
  return transact(query, 'expire', async (trx) => {
    const chosen = engineOf(trx) === 'postgres' ? expired(trx).forUpdate().skipLocked() : expired(trx)
    const rows = await chosen.execute()
    if (rows.length === 0) return 0
    const ids = rows.map(({ id }) => id)
    const ofDead = rows.filter(({ lease_owner }) => dead.includes(lease_owner ?? '')).map(({ id }) => id)
    await noteDeath(trx, ofDead)
    await giveUpUnanswered(trx, ids, now())
    await trx
      .updateTable('batch')
      .set({ lease_owner: null, lease_until: null, fence: sql`fence + 1`, state: stateByContents })
      .where('id', 'in', ids)
      .execute()
    return ids.length
  })
}

async function deadOwners(query: Query, isDead: ExpireContext['isDead']): Promise<readonly string[]> {
  const rows = await query
    .selectFrom('batch')
    .select('lease_owner')
    .distinct()
    .where('lease_until', 'is not', null)
    .execute()
  return rows.flatMap(({ lease_owner: owner }) => (owner !== null && isDead(owner) ? [owner] : []))
}

/** Nobody will ever say what became of these Attempts. */
async function noteDeath(trx: Query, batchIds: readonly number[]): Promise<void> {
  if (batchIds.length === 0) return
  await sql`
    update attempt set outcome = 'uncertain', text = 'its process died before a reply was on record'
    where outcome is null and (delivery_id, number) in (
      select id, attempt from delivery where state = 'sending' and batch_id in (${sql.join(batchIds)})
    )`.execute(trx)
}

/** An intent whose process is gone and no reply on record: nobody can know (invariant 4). */
async function giveUpUnanswered(trx: Query, batchIds: readonly number[], now: number): Promise<void> {
  await trx
    .updateTable('delivery')
    .set({ state: 'uncertain', reason: 'no reply on record', changed_at: now })
    .where('batch_id', 'in', batchIds)
    .where('state', '=', 'sending')
    .execute()
}

/** Batches with work that is due and that nobody holds, oldest first. */
export async function forgottenBatches(
  { query, now }: Pick<LeaseContext, 'query' | 'now'>,
  limit: number,
): Promise<readonly { readonly id: number; readonly fence: number }[]> {
  const time = clock(query, now)
  return query
    .selectFrom('batch')
    .innerJoin('send', 'send.id', 'batch.send_id')
    .select(['batch.id', 'batch.fence'])
    .where('send.state', '=', 'sending')
    .where('batch.state', '=', 'open')
    .where('batch.lease_until', 'is', null)
    .where((batch) =>
      batch.exists(
        batch
          .selectFrom('delivery')
          .select('delivery.id')
          .whereRef('delivery.batch_id', '=', 'batch.id')
          .where('delivery.state', '=', 'queued')
          .where('delivery.not_before', '<=', time),
      ),
    )
    .orderBy('batch.id')
    .limit(limit)
    .execute()
}
