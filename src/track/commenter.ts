/** Commenter: whom the link in a copy of an Issue speaks for, when they want to say something under it. */

import type { Query } from '../db/db.js'
import type { Keys } from '../link/token.js'
import { findRecipient } from './person.js'

export interface Commenter {
  readonly subscriberId: number
  readonly deliveryId: number
  readonly listId: number
  readonly address: string
  readonly addressKey: string
  /** The Subscriber's own, for a Notice; never shown. */
  readonly name: string
  /** BCP 47 tag that they chose. */
  readonly lang: string | null
  /** Whether the List that the copy went to still has them. */
  readonly isSubscribed: boolean
  /**
   * The name that a comment of theirs is shown under, '' for none. One that is not shown stays unsaid: the link may be in
   * a stranger's hands.
   */
  readonly shownName: string
}

/** Null: the Token is none of ours, for something else, or came with another Issue; or its person is erased. */
export async function findCommenter(
  query: Query,
  { keys, token, issueId }: { readonly keys: Keys; readonly token: string; readonly issueId: number },
): Promise<Commenter | null> {
  const recipient = await findRecipient(query, keys, token)
  if (recipient === null || recipient.issueId !== issueId) return null
  const { subscriptionId, deliveryId } = recipient
  const row = await query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select(['subscriber.id', 'subscriber.address', 'subscriber.address_key', 'subscriber.name'])
    .select(['subscriber.lang', 'subscription.status', 'subscription.list_id'])
    .where('subscription.id', '=', subscriptionId)
    .where('subscriber.address', '!=', '')
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    subscriberId: row.id,
    deliveryId,
    listId: row.list_id,
    address: row.address,
    addressKey: row.address_key,
    name: row.name,
    lang: row.lang,
    isSubscribed: row.status === 'active',
    shownName: await findShownName(query, row.id),
  }
}

async function findShownName(query: Query, subscriberId: number): Promise<string> {
  const row = await query
    .selectFrom('comment')
    .select('name')
    .where('subscriber_id', '=', subscriberId)
    .where('state', '=', 'shown')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.name ?? ''
}
