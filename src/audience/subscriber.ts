/** Subscriber: one normalised address in the publication, with a name and attributes. */

import type { Query } from '../db/db.js'
import type { SubscriptionStatus } from '../db/schema.js'

export interface Subscriber {
  readonly id: number
  readonly address: string
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Language that they chose; null: none chosen. */
  readonly lang: string | null
  readonly isUntracked: boolean
  readonly createdAt: number
}

/** `addressKey` is the `key` of a parsed Address. */
export async function findSubscriber(query: Query, addressKey: string): Promise<Subscriber | null> {
  const row = await query
    .selectFrom('subscriber')
    .select(['id', 'address', 'name', 'attributes', 'lang', 'is_untracked', 'created_at'])
    .where('address_key', '=', addressKey)
    .executeTakeFirst()
  return row === undefined
    ? null
    : {
        id: row.id,
        address: row.address,
        name: row.name,
        attributes: parseAttributes(row.attributes),
        lang: row.lang,
        isUntracked: row.is_untracked === 1,
        createdAt: row.created_at,
      }
}

/** Someone on a List; a Subscriber on three Lists is three of these. */
export interface ListedSubscriber {
  readonly subscriptionId: number
  readonly address: string
  readonly addressKey: string
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly list: string
  readonly status: SubscriptionStatus
}

export interface SubscriberFilter {
  readonly listId: number | null
  readonly status: SubscriptionStatus | null
  /** Subscription id of the last one seen; 0 to begin. */
  readonly after: number
  readonly limit: number
}

/** One page, in the order in which people came. */
export async function pageSubscribers(
  query: Query,
  { listId, status, after, limit }: SubscriberFilter,
): Promise<readonly ListedSubscriber[]> {
  let select = query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .innerJoin('list', 'list.id', 'subscription.list_id')
    .select([
      'subscription.id',
      'subscriber.address',
      'subscriber.address_key',
      'subscriber.name',
      'subscriber.attributes',
      'list.name as list',
      'subscription.status',
    ])
    .where('subscription.id', '>', after)
    .orderBy('subscription.id')
    .limit(limit)
  if (listId !== null) select = select.where('subscription.list_id', '=', listId)
  if (status !== null) select = select.where('subscription.status', '=', status)
  const rows = await select.execute()
  return rows.map((row) => ({
    subscriptionId: row.id,
    address: row.address,
    addressKey: row.address_key,
    name: row.name,
    attributes: parseAttributes(row.attributes),
    list: row.list,
    status: row.status,
  }))
}

export function parseAttributes(json: string): Readonly<Record<string, string>> {
  // Written by the import from strings alone.
  return JSON.parse(json) as Record<string, string>
}
