/** Takes a person out of Sends under way: an opt-out wins up to the intent (invariant 6). */

import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'

export interface Exclusion {
  readonly subscriberId: number
  /** Only Sends to this List; null: every Send. */
  readonly listId: number | null
  /** `unsubscribed`, `suppressed`, … */
  readonly reason: string
  readonly now: number
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
    .set({ state: 'excluded', reason, address_key: null, changed_at: now })
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['queued', 'deferred'])
  if (listId !== null)
    update = update.where('send_id', 'in', (send) =>
      send.selectFrom('send').select('send.id').where('send.list_id', '=', listId),
    )
  const { numUpdatedRows } = await update.executeTakeFirst()
  return Number(numUpdatedRows)
}
