/** What is there now of the people whom an import has changed, as its undo judges them. */

import { sql } from 'kysely'
import { engineOf, type Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import type { ChangeNote } from './import-change.js'
import type { Present } from './undo-judge.js'

/** Of a page of changes: who leaves meanwhile waits, or is seen to have left. */
export async function holdPresent(
  trx: Query,
  {
    importId,
    listId,
    after,
    limit,
  }: { readonly importId: number; readonly listId: number; readonly after: number; readonly limit: number },
): Promise<void> {
  if (engineOf(trx) === 'sqlite') return
  await sql`select id from subscription where list_id = ${listId} and subscriber_id in (
      select subscriber_id from import_change where import_id = ${importId} and subscriber_id > ${after}
      order by subscriber_id limit ${limit})
    order by subscriber_id for update`.execute(trx)
}

interface PresentRow {
  readonly id: number
  readonly name: string
  readonly attributes: string
  readonly subscriber_changed_at: number
  readonly subscription_id: number | null
  readonly status: 'pending' | 'active' | 'unsubscribed' | null
  readonly left_by: 'person' | 'editor' | null
  readonly changed_at: number | null
  readonly was_sent_to: number
  readonly is_needed: number
}

export async function readPresent(
  query: Query,
  notes: readonly ChangeNote[],
  listId: number,
): Promise<ReadonlyMap<number, Present>> {
  if (notes.length === 0) return new Map()
  const ids = idsOf(
    query,
    notes.map(({ subscriberId }) => subscriberId),
  )
  // While people are being placed, whoever is on the List counts as placed.
  const placing = await query
    .selectFrom('send')
    .select('id')
    .where('list_id', '=', listId)
    .where('state', '=', 'preparing')
    .limit(1)
    .executeTakeFirst()
  const { rows } = await sql<PresentRow>`
    select subscriber.id, subscriber.name, subscriber.attributes, subscriber.changed_at as subscriber_changed_at,
      own.id as subscription_id, own.status, own.left_by, own.changed_at,
      case when exists (select 1 from delivery where delivery.subscriber_id = subscriber.id
        and delivery.subscription_id = own.id) then 1 else 0 end as was_sent_to,
      case when exists (select 1 from delivery where delivery.subscriber_id = subscriber.id)
        or exists (select 1 from subscription where subscription.subscriber_id = subscriber.id
          and subscription.list_id <> ${sql.lit(listId)})
        or exists (select 1 from merged where merged.into_id = subscriber.id)
        or exists (select 1 from notice where notice.subscriber_id = subscriber.id)
        or exists (select 1 from comment where comment.subscriber_id = subscriber.id)
        then 1 else 0 end as is_needed
    from ${ids} join subscriber on subscriber.id = given.id
    left join subscription as own on own.subscriber_id = subscriber.id and own.list_id = ${sql.lit(listId)}`.execute(
    query,
  )
  return new Map(rows.map((row) => [row.id, toPresent(row, placing !== undefined)]))
}

function toPresent(row: PresentRow, isPlacing: boolean): Present {
  const { subscription_id: id, status, left_by: leftBy, changed_at: changedAt } = row
  return {
    name: row.name,
    attributes: row.attributes,
    subscriberChangedAt: row.subscriber_changed_at,
    subscription:
      id === null || status === null || changedAt === null
        ? null
        : { id, status, leftBy, changedAt, isNeeded: isPlacing || row.was_sent_to === 1 },
    isNeeded: isPlacing || row.is_needed === 1,
  }
}
