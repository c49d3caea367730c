/**
 * Person: whom a Token in a link speaks of. A `leave` Token stands for the Delivery it came with; a Notice speaks of a
 * person when it told them of their own Subscription.
 */

import type { Query } from '../db/db.js'
import { type Keys, verifyToken } from '../link/token.js'
import { findNotice } from '../send/notice/notice.js'

export interface PersonOfToken {
  readonly subscriberId: number
  /** The Subscription that the message was about; null when it was about none. */
  readonly subscriptionId: number | null
  /** Null when it came with a Notice. */
  readonly deliveryId: number | null
  readonly noticeId: number | null
}

/** Null: it is no Token of ours for this, it has run out, or its person is erased. */
export async function findPerson(
  query: Query,
  keys: Keys,
  token: string,
  now: number,
): Promise<PersonOfToken | null> {
  const deliveryId = verifyToken(keys, 'leave', token)
  if (deliveryId !== null) return personOfDelivery(query, deliveryId)
  const noticeId = verifyToken(keys, 'notice', token)
  return noticeId === null ? null : personOfNotice(query, noticeId, now)
}

/** By way of the Subscription: who has become one with another Subscriber is that one now. */
async function personOfDelivery(query: Query, deliveryId: number): Promise<PersonOfToken | null> {
  const row = await query
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .select(['subscription.id', 'subscription.subscriber_id'])
    .where('delivery.id', '=', deliveryId)
    .executeTakeFirst()
  return row === undefined
    ? null
    : { subscriberId: row.subscriber_id, subscriptionId: row.id, deliveryId, noticeId: null }
}

/** `known` says that they are on the List; a `confirm` that was used has put them there. */
async function personOfNotice(query: Query, noticeId: number, now: number): Promise<PersonOfToken | null> {
  const notice = await findNotice(query, noticeId, now)
  const speaks = notice?.kind === 'known' || (notice?.kind === 'confirm' && notice.used_at !== null)
  if (notice === null || !speaks || notice.subscriber_id === null) return null
  const subscriber = await query
    .selectFrom('subscriber')
    .select('id')
    .where('id', '=', notice.subscriber_id)
    .executeTakeFirst()
  if (subscriber === undefined) return null
  const subscription = await query
    .selectFrom('subscription')
    .select('id')
    .where('subscriber_id', '=', subscriber.id)
    .where('list_id', '=', notice.list_id ?? 0)
    .executeTakeFirst()
  return {
    subscriberId: subscriber.id,
    subscriptionId: subscription?.id ?? null,
    deliveryId: null,
    noticeId,
  }
}
