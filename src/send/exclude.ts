/** Takes a person out of Sends under way: an opt-out wins up to the intent (invariant 6). */

import { sql } from 'kysely'
import { idsOfPeople, idsOfPerson } from '../audience/merged.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import type { DeliveryState } from '../db/schema.js'

export interface Exclusion {
  readonly subscriberId: number
  /** Only Sends to this List; null: every Send. */
  readonly listId: number | null
  /** `unsubscribed`, `suppressed`, … */
  readonly reason: string
  readonly now: number
}

/** Of a Delivery in an UPDATE: an earlier message, of which a resend was decided, may have arrived. */
export const mayHaveIt = sql<boolean>`exists (select 1 from attempt where attempt.delivery_id = delivery.id
  and (attempt.outcome is null or attempt.outcome = 'uncertain'))`

/**
 * For an UPDATE of Deliveries, queued or deferred, that are not to go out. Who may have got an earlier message, of which
 * a resend was decided, is uncertain again: nobody knows, and no other Send may place him.
 */
export function leftOut(reason: string) {
  return {
    state: sql<DeliveryState>`case when ${mayHaveIt} then 'uncertain' else 'excluded' end`,
    reason: sql<string>`case when ${mayHaveIt} then 'no reply on record' else ${reason} end`,
    address_key: sql<string | null>`case when ${mayHaveIt} then address_key end`,
  }
}

/**
 * Moves the person's queued and deferred Deliveries to excluded(reason); returns how many. Run it in the transaction
 * that records the opt-out: it meets the intent on the same row, so the row decides which came first.
 */
export async function excludeDeliveries(query: Query, exclusion: Exclusion): Promise<number> {
  const { subscriberId, listId, reason, now } = exclusion
  await takeLock(query, 'optOut', 'shared')
  let update = query
    .updateTable('delivery')
    .set({ ...leftOut(reason), changed_at: now })
    .where('subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('state', 'in', ['queued', 'deferred'])
  if (listId !== null)
    update = update.where('send_id', 'in', (send) =>
      send.selectFrom('send').select('send.id').where('send.list_id', '=', listId),
    )
  const { numUpdatedRows } = await update.executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Many people at once, as `excludeDeliveries` does with one. */
export async function excludePeople(
  query: Query,
  {
    subscriberIds,
    ...exclusion
  }: Omit<Exclusion, 'subscriberId'> & { readonly subscriberIds: readonly number[] },
): Promise<number> {
  const { listId, reason, now } = exclusion
  await takeLock(query, 'optOut', 'shared')
  if (subscriberIds.length === 0) return 0
  let update = query
    .updateTable('delivery')
    .set({ ...leftOut(reason), changed_at: now })
    .where('subscriber_id', 'in', idsOfPeople(query, subscriberIds))
    .where('state', 'in', ['queued', 'deferred'])
  if (listId !== null)
    update = update.where('send_id', 'in', (send) =>
      send.selectFrom('send').select('send.id').where('send.list_id', '=', listId),
    )
  const { numUpdatedRows } = await update.executeTakeFirst()
  return Number(numUpdatedRows)
}
