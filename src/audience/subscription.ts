/** Subscription: one Subscriber on one List, and whether they want its Messages. */

import { engineOf, type Query } from '../db/db.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { type Preferences, parsePreferences } from './preferences.js'

export interface Subscription {
  readonly id: number
  readonly subscriberId: number
  readonly list: { readonly id: number; readonly name: string; readonly title: string }
  readonly status: SubscriptionStatus
  readonly preferences: Preferences
  /** Gets nothing before; null: not paused. */
  readonly pausedUntil: number | null
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

/** Who ends it. What an editor ended, an import may take up again; what the person ended, only they. */
export type EndedBy = 'person' | 'editor'

/**
 * → `unsubscribed`; returns what it was. Null: it had ended already. A person's word weighs more than an editor's, so
 * theirs is put down even where an editor's stood; said once more it is noted by its time alone, so that no undo of
 * whatever had said it before takes it back.
 */
export async function endSubscription(
  trx: Query,
  { id, by, now }: { readonly id: number; readonly by: EndedBy; readonly now: number },
): Promise<SubscriptionStatus | null> {
  let current = trx.selectFrom('subscription').select(['status', 'left_by']).where('id', '=', id)
  if (engineOf(trx) === 'postgres') current = current.forUpdate()
  const before = await current.executeTakeFirst()
  if (before === undefined) return null
  const isOver = before.status === 'unsubscribed' && (by === 'editor' || before.left_by !== 'editor')
  if (isOver && by === 'editor') return null
  await trx
    .updateTable('subscription')
    .set({ status: 'unsubscribed', left_by: by, changed_at: now })
    .where('id', '=', id)
    .execute()
  return isOver ? null : before.status
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
      'subscription.preferences',
      'subscription.paused_until',
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
    preferences: parsePreferences(row.preferences),
    pausedUntil: row.paused_until,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}
