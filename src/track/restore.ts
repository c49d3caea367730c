/**
 * Restore: takes back a mistaken unsubscribe. Only what the person ended themselves, not long ago, and had been active;
 * Deliveries that it took out of Sends stay out, so that nobody is counted twice.
 */

import { findSuppressions } from '../audience/suppression.js'
import { engineOf, type Query } from '../db/db.js'
import type { EventKind } from '../db/schema.js'
import { insertEvents } from '../event/event.js'
import { hashAddress, type Keys } from '../link/token.js'

/** How long a person may take back what they did; after it they subscribe anew. */
const RESTORE_MS = 30 * 86_400_000

/** What is done of someone's own will about a List, or by those who may decide for them. */
const WILL: readonly EventKind[] = ['subscribed', 'unsubscribed', 'restored']

export interface Restore {
  readonly subscriptionId: number
  /** Only this Event `unsubscribed` is taken back; not given: their last one. */
  readonly eventId?: number
  /** How, from where or by whom, for the Event. */
  readonly detail: Readonly<Record<string, string | number>>
  readonly keys: Keys
  readonly now: number
}

/** Run it in a transaction. False: there is nothing that may be taken back. */
export async function restoreSubscription(trx: Query, request: Restore): Promise<boolean> {
  const { subscriptionId, detail, now } = request
  let locked = trx.selectFrom('subscription').select('id').where('id', '=', subscriptionId)
  if (engineOf(trx) === 'postgres') locked = locked.forUpdate()
  await locked.execute()
  const left = await findRestorable(trx, request)
  if (left === null) return false
  await trx
    .updateTable('subscription')
    .set({ status: 'active', left_by: null, changed_at: now })
    .where('id', '=', subscriptionId)
    .execute()
  const { subscriberId, listId } = left
  await insertEvents(trx, [{ kind: 'restored', at: now, subscriberId, listId, detail }])
  return true
}

/** What would be taken back; null: nothing. */
export async function findRestorable(
  query: Query,
  { subscriptionId, eventId, keys, now }: Omit<Restore, 'detail'>,
): Promise<{ readonly subscriberId: number; readonly listId: number } | null> {
  const row = await query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select(['subscription.subscriber_id', 'subscription.list_id', 'subscriber.address_key'])
    .where('subscription.id', '=', subscriptionId)
    .where('subscription.status', '=', 'unsubscribed')
    .where('subscription.left_by', '=', 'person')
    .executeTakeFirst()
  if (row === undefined) return null
  const last = await query
    .selectFrom('event')
    .select(['id', 'kind', 'at', 'detail'])
    .where('subscriber_id', '=', row.subscriber_id)
    .where('list_id', '=', row.list_id)
    .where('kind', 'in', WILL)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const isMistake =
    last?.kind === 'unsubscribed' &&
    last.id === (eventId ?? last.id) &&
    last.at > now - RESTORE_MS &&
    isOwnStep(last.detail)
  if (!isMistake) return null
  const hash = hashAddress(keys, row.address_key)
  if ((await findSuppressions(query, [hash])).size > 0) return null
  return { subscriberId: row.subscriber_id, listId: row.list_id }
}

/** `was`: they had not been active, so there is no consent to go back to. `import`: a file said it, of elsewhere. */
function isOwnStep(json: string): boolean {
  // Written by insertEvents from a flat object.
  const detail = JSON.parse(json) as Readonly<Record<string, unknown>>
  return !('was' in detail) && !('import' in detail)
}
