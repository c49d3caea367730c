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

/** Whom a Delivery went to. */
export interface Recipient extends PersonOfToken {
  readonly subscriptionId: number
  readonly deliveryId: number
  readonly issueId: number
}

/** Null: it is no Token of ours for this, it has run out, or its person is erased. */
export async function findPerson(
  query: Query,
  keys: Keys,
  token: string,
  now: number,
): Promise<PersonOfToken | null> {
  const recipient = await findRecipient(query, keys, token)
  if (recipient !== null) {
    const { issueId: _, ...person } = recipient
    return person
  }
  const noticeId = verifyToken(keys, 'notice', token)
  return noticeId === null ? null : personOfNotice(query, noticeId, now)
}

/**
 * By way of the Subscription: who has become one with another Subscriber is that one now. Null: it is no `leave` Token of
 * ours, or its person is erased.
 */
export async function findRecipient(query: Query, keys: Keys, token: string): Promise<Recipient | null> {
  const deliveryId = verifyToken(keys, 'leave', token)
  if (deliveryId === null) return null
  const row = await query
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .select(['subscription.id', 'subscription.subscriber_id', 'delivery.issue_id'])
    .where('delivery.id', '=', deliveryId)
    .executeTakeFirst()
  if (row === undefined) return null
  const { id: subscriptionId, subscriber_id: subscriberId, issue_id: issueId } = row
  return { subscriberId, subscriptionId, deliveryId, issueId, noticeId: null }
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
