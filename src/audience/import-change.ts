/**
 * ImportChange: what an import has changed about one Subscriber, so that it can be undone. Each value is noted as it was
 * and as it was left; what is different by now was changed by someone else, and is theirs. Erased by track/erase.ts.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, rowsOf } from '../db/rows.js'
import type { SubscriptionStatus } from '../db/schema.js'
import type { Change } from './standing.js'

export interface StatusChange {
  readonly status: readonly [SubscriptionStatus, SubscriptionStatus]
  readonly leftBy: readonly ['person' | 'editor' | null, 'person' | 'editor' | null]
}

export interface ChangeNote {
  readonly subscriberId: number
  /** `made`: there was no such Subscriber. */
  readonly subscriber: Change | 'made' | null
  /** `made`: there was no such Subscription. */
  readonly subscription: StatusChange | 'made' | null
}

const MADE = '{}'

/** One a Subscriber and import. */
export async function noteChanges(trx: Query, importId: number, notes: readonly ChangeNote[]): Promise<void> {
  const isMade = ({ subscriber, subscription }: ChangeNote) =>
    subscriber === 'made' && subscription === 'made'
  await noteMade(
    trx,
    importId,
    notes.filter(isMade).map(({ subscriberId }) => subscriberId),
  )
  const others = notes.filter((note) => !isMade(note))
  if (others.length === 0) return
  const rows = others.map(({ subscriberId, subscriber, subscription }) => ({
    id: subscriberId,
    subscriber: write(subscriber),
    subscription: write(subscription),
  }))
  const given = rowsOf(trx, { id: 'integer', subscriber: 'text', subscription: 'text' }, rows)
  await sql`
    insert into import_change (import_id, subscriber_id, subscriber_before, subscription_before)
    select ${sql.lit(importId)}, id, subscriber, subscription from ${given} where true order by id
    on conflict do nothing`.execute(trx)
}

async function noteMade(trx: Query, importId: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    insert into import_change (import_id, subscriber_id, subscriber_before, subscription_before)
    select ${sql.lit(importId)}, id, ${sql.lit(MADE)}, ${sql.lit(MADE)} from ${idsOf(trx, ids)} where true order by id
    on conflict do nothing`.execute(trx)
}

function write(change: object | 'made' | null): string | null {
  return change === 'made' ? MADE : change === null ? null : JSON.stringify(change)
}

/** A page of them, in the order of Subscribers. */
export async function readChanges(
  query: Query,
  importId: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly ChangeNote[]> {
  const rows = await query
    .selectFrom('import_change')
    .select(['subscriber_id', 'subscriber_before', 'subscription_before'])
    .where('import_id', '=', importId)
    .where('subscriber_id', '>', after)
    .orderBy('subscriber_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    subscriberId: row.subscriber_id,
    // Written by noteChanges alone.
    subscriber: read(row.subscriber_before) as ChangeNote['subscriber'],
    subscription: read(row.subscription_before) as ChangeNote['subscription'],
  }))
}

function read(text: string | null): unknown {
  return text === MADE ? 'made' : text === null ? null : JSON.parse(text)
}
