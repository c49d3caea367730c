/** Unsubscribe: a person leaves a List, at once and for the Sends under way (invariant 6). */

import { endSubscription, findSubscription, type Subscription } from '../audience/subscription.js'
import type { Db, Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { insertEvents } from '../event/event.js'
import { excludeDeliveries } from '../send/exclude.js'

/** What the person came from: a Message (its Delivery) or the Subscription itself. */
export type LeavePoint = { readonly deliveryId: number } | { readonly subscriptionId: number }

/** How and from where a person acted, for the Event. */
export interface Act {
  /** `one-click` (RFC 8058), `page`, … */
  readonly how: string
  /** As `readRequester` gives them; not given: none is known. */
  readonly network?: string
  readonly agent?: string
  /** The editor who did it in their stead. */
  readonly by?: string
}

export type UnsubscribeRequest = LeavePoint &
  Act & {
    readonly hitId?: number
    readonly now: number
    /** Aborted: whoever asked has been told that it is not done, and it is not begun any more. */
    readonly signal?: AbortSignal
  }

/** Names the List but never the person: whoever a Message was forwarded to may see it. */
export type Unsubscribed =
  | { readonly kind: 'unsubscribed' | 'already'; readonly subscriptionId: number; readonly listTitle: string }
  | { readonly kind: 'unknown' }

interface Leaving {
  readonly subscription: Subscription
  /** Null where the person did not come from a Message. */
  readonly deliveryId: number | null
  readonly sendId: number | null
}

/** In one transaction; `already` the second time, without a new Event. */
export async function unsubscribe(db: Pick<Db, 'query'>, request: UnsubscribeRequest): Promise<Unsubscribed> {
  const { hitId = null, now, signal } = request
  const work = async (trx: Query): Promise<Unsubscribed> => {
    const leaving = await findLeaving(trx, request)
    if (leaving === null) return { kind: 'unknown' }
    const { subscription, deliveryId, sendId } = leaving
    const isFirst = await leave(trx, subscription, { act: request, deliveryId, sendId, hitId, now })
    return {
      kind: isFirst ? 'unsubscribed' : 'already',
      subscriptionId: subscription.id,
      listTitle: subscription.list.title,
    }
  }
  return transact(db.query, 'unsubscribe', work, { signal })
}

export interface Leave {
  readonly act: Act
  readonly deliveryId?: number | null
  readonly sendId?: number | null
  readonly hitId?: number | null
  readonly now: number
}

/** Run it in a transaction. False: they had left already, and nothing is recorded. */
export async function leave(
  trx: Query,
  { id, subscriberId, list }: Pick<Subscription, 'id' | 'subscriberId' | 'list'>,
  { act, deliveryId = null, sendId = null, hitId = null, now }: Leave,
): Promise<boolean> {
  const before = await endSubscription(trx, { id, by: 'person', now })
  if (before === null) return false
  await excludeDeliveries(trx, { subscriberId, listId: list.id, reason: 'unsubscribed', now })
  await insertEvents(trx, [
    {
      kind: 'unsubscribed',
      at: now,
      subscriberId,
      listId: list.id,
      sendId,
      deliveryId,
      hitId,
      // Who had not been active has nothing to go back to: track/restore.ts.
      detail: before === 'active' ? readAct(act) : { ...readAct(act), was: before },
    },
  ])
  return true
}

/** What is known of it; the Act alone, whatever stands beside it. */
export function readAct({ how, network, agent, by }: Act): Readonly<Record<string, string>> {
  return {
    how,
    ...(network ? { network } : {}),
    ...(agent ? { agent } : {}),
    ...(by ? { by } : {}),
  }
}

/** What there is to leave, without leaving it; null when it is gone. */
export async function findLeaving(query: Query, from: LeavePoint): Promise<Leaving | null> {
  if ('subscriptionId' in from) {
    const subscription = await findSubscription(query, from.subscriptionId)
    return subscription && { subscription, deliveryId: null, sendId: null }
  }
  const delivery = await query
    .selectFrom('delivery')
    .select(['send_id', 'subscription_id'])
    .where('id', '=', from.deliveryId)
    .executeTakeFirst()
  const subscription = delivery ? await findSubscription(query, delivery.subscription_id) : null
  return subscription && { subscription, deliveryId: from.deliveryId, sendId: delivery?.send_id ?? null }
}
