/**
 * Takeover: what becomes of a Batch whose holder is gone. Its lease ends, its fence grows, and what the holder had meant
 * to end without a word since is `uncertain` (invariant 4).
 */

import { sql } from 'kysely'
import { clock, engineOf, type Query } from '../db/db.js'
import type { DeliveryState } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { type LeaseContext, stateByContents } from './batch.js'

const EXPIRE_AT_ONCE = 1_000

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
  await giveUpOrphans({ query, now })
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

/**
 * Intents in Batches that nobody holds: one whose commit got no answer may take effect after its worker has withdrawn
 * it in vain and gone on.
 */
async function giveUpOrphans({ query, now }: Pick<ExpireContext, 'query' | 'now'>): Promise<void> {
  // In this order, by the index on (Send, state): those sending are few, the Batches of a large Send are not.
  const begun = await query
    .selectFrom('delivery')
    .select('batch_id')
    .distinct()
    .where('state', '=', 'sending')
    .where('send_id', 'in', (send) =>
      send.selectFrom('send').select('send.id').where('send.state', 'in', ['sending', 'paused', 'cancelled']),
    )
    .execute()
  if (begun.length === 0) return
  const orphans = await query
    .selectFrom('batch')
    .select('id')
    .where(
      'id',
      'in',
      begun.map(({ batch_id }) => batch_id ?? 0),
    )
    .where('lease_until', 'is', null)
    .limit(EXPIRE_AT_ONCE)
    .execute()
  if (orphans.length === 0) return
  await transact(query, 'expire', async (trx) => {
    const ids = orphans.map(({ id }) => id)
    const unheld = trx
      .selectFrom('batch')
      .select('id')
      .where('id', 'in', ids)
      .where('lease_until', 'is', null)
    const rows = await (engineOf(trx) === 'postgres' ? unheld.forUpdate() : unheld).execute()
    if (rows.length === 0) return
    const left = rows.map(({ id }) => id)
    await giveUpUnanswered(trx, left, now())
    await trx.updateTable('batch').set({ state: stateByContents }).where('id', 'in', left).execute()
  })
}

/** An intent whose process is gone and no reply on record: nobody can know (invariant 4). */
async function giveUpUnanswered(trx: Query, batchIds: readonly number[], now: number): Promise<void> {
  // An earlier Attempt, of one that was resent, may turn out to have been accepted.
  const isAccepted = sql<boolean>`exists (select 1 from attempt where attempt.delivery_id = delivery.id
    and attempt.code between 200 and 299)`
  // Whoever writes an acceptance down at this moment commits first, or sees them as we leave them.
  if (engineOf(trx) === 'postgres')
    await trx
      .selectFrom('delivery')
      .select('id')
      .where('batch_id', 'in', batchIds)
      .where('state', '=', 'sending')
      .orderBy('id')
      .forNoKeyUpdate()
      .execute()
  await trx
    .updateTable('delivery')
    .set({
      state: sql<DeliveryState>`case when ${isAccepted} then 'sent' else 'uncertain' end`,
      reason: 'no reply on record',
      changed_at: now,
    })
    .where('batch_id', 'in', batchIds)
    .where('state', '=', 'sending')
    .execute()
}
