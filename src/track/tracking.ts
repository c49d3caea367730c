/**
 * Tracking of one person: whether anything is kept of what they open and click. Each Delivery says it, copied at freeze, so
 * that a Hit is judged without asking who they are; whoever switches it off is untracked in all that they were ever sent.
 */

import { idsOfPerson } from '../audience/merged.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { insertEvents } from '../event/event.js'
import { type Act, readAct } from './unsubscribe.js'

/** What was kept before stays: erasure takes that out. Switched on again, it is so from the next freeze on. */
export interface TrackingWish {
  readonly isUntracked: boolean
  readonly act: Act
  readonly now: number
}

/** Run it in a transaction of its own. False: it is so already, and nothing is recorded. */
export async function setTracking(
  trx: Query,
  subscriberId: number,
  { isUntracked, act, now }: TrackingWish,
): Promise<boolean> {
  // Whoever places them at this moment commits first, and that Delivery is found below; or sees the wish.
  await takeLock(trx, 'people')
  const { numUpdatedRows } = await trx
    .updateTable('subscriber')
    .set({ is_untracked: isUntracked ? 1 : 0, changed_at: now })
    .where('id', '=', subscriberId)
    .where('is_untracked', '=', isUntracked ? 0 : 1)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  if (isUntracked) await untrackDeliveries(trx, subscriberId)
  const detail = { ...readAct(act), tracking: isUntracked ? 'off' : 'on' }
  await insertEvents(trx, [{ kind: 'preferred', at: now, subscriberId, detail }])
  return true
}

/** All that they were sent, under each id they ever had. */
export async function untrackDeliveries(trx: Query, subscriberId: number): Promise<void> {
  await trx
    .updateTable('delivery')
    .set({ is_untracked: 1 })
    .where('subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('is_untracked', '=', 0)
    .execute()
}
