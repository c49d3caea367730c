/** Subscription: one Subscriber on one List, and whether they want its Messages. */

import type { Query } from '../db/db.js'
import type { SubscriptionStatus } from '../db/schema.js'

export interface Subscription {
  readonly id: number
  readonly subscriberId: number
  readonly list: { readonly id: number; readonly name: string; readonly title: string }
  readonly status: SubscriptionStatus
  readonly createdAt: number
  readonly changedAt: number
}

export async function findSubscription(query: Query, id: number): Promise<Subscription | null> {
  const row = await selectSubscriptions(query).where('subscription.id', '=', id).executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** All of a Subscriber's, by name of the List. */
export async function listSubscriptions(
  query: Query,
  subscriberId: number,
): Promise<readonly Subscription[]> {
  const rows = await selectSubscriptions(query)
    .where('subscription.subscriber_id', '=', subscriberId)
    .orderBy('list.name')
    .execute()
  return rows.map(fromRow)
}

/** `pending` or `active` → `unsubscribed`; false when it was unsubscribed already. */
export async function endSubscription(
  query: Query,
  { id, now }: { readonly id: number; readonly now: number },
): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable('subscription')
    .set({ status: 'unsubscribed', changed_at: now })
    .where('id', '=', id)
    .where('status', '!=', 'unsubscribed')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

function selectSubscriptions(query: Query) {
  return query
    .selectFrom('subscription')
    .innerJoin('list', 'list.id', 'subscription.list_id')
    .select([
      'subscription.id',
      'subscription.subscriber_id',
      'subscription.list_id',
      'list.name',
      'list.title',
      'subscription.status',
      'subscription.created_at',
      'subscription.changed_at',
    ])
}

type SubscriptionRow = Awaited<ReturnType<ReturnType<typeof selectSubscriptions>['execute']>>[number]

function fromRow(row: SubscriptionRow): Subscription {
  return {
    id: row.id,
    subscriberId: row.subscriber_id,
    list: { id: row.list_id, name: row.name, title: row.title },
    status: row.status,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}
