/** A look at the people of a Segment: the first few, and attributes that nobody of the List has. */

import { sql } from 'kysely'
import type { Query } from '../../db/db.js'
import { textUnder } from '../../db/json.js'
import type { SubscriptionStatus } from '../../db/schema.js'
import { type Condition, everyCondition } from './condition.js'
import type { Moment } from './moment.js'
import { type Segment, selectSegment } from './segment.js'

export interface SegmentPerson {
  readonly address: string
  readonly name: string
  readonly status: SubscriptionStatus
}

/** Up to `count`, in the order in which they became Subscribers. */
export async function firstOfSegment(
  query: Query,
  segment: Pick<Segment, 'where'>,
  { count, ...moment }: Moment & { readonly listId: number; readonly count: number },
): Promise<readonly SegmentPerson[]> {
  const ids = await selectSegment(query, segment, moment)
  return query
    .selectFrom(sql<{ subscriber_id: number }>`(${ids})`.as('chosen'))
    .innerJoin('subscriber', 'subscriber.id', 'chosen.subscriber_id')
    .innerJoin('subscription', (join) =>
      join
        .onRef('subscription.subscriber_id', '=', 'subscriber.id')
        .on('subscription.list_id', '=', moment.listId),
    )
    .select(['subscriber.address', 'subscriber.name', 'subscription.status'])
    .orderBy('subscriber.id')
    .limit(count)
    .execute()
}

/** How many of a List are in which status. */
export type Statuses = Readonly<Record<SubscriptionStatus, number>>

/** Everyone on the List. */
export async function countOnList(query: Query, listId: number): Promise<Statuses> {
  const rows = await query
    .selectFrom('subscription')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('list_id', '=', listId)
    .groupBy('status')
    .execute()
  return sumUp(rows)
}

/** Those of them whom the filter is true of. */
export async function countMatching(
  query: Query,
  segment: Pick<Segment, 'where'>,
  moment: Moment & { readonly listId: number },
): Promise<Statuses> {
  const rows = await query
    .selectFrom('subscription')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('list_id', '=', moment.listId)
    .where(sql<boolean>`subscriber_id in (${await selectSegment(query, segment, moment)})`)
    .groupBy('status')
    .execute()
  return sumUp(rows)
}

function sumUp(rows: readonly { readonly status: SubscriptionStatus; readonly count: number }[]): Statuses {
  const counts = { active: 0, pending: 0, unsubscribed: 0 }
  for (const { status, count } of rows) counts[status] = count
  return counts
}

/** Names that the Condition asks for and nobody on the List has: most often they are mistyped. */
export async function attributesOfNobody(
  query: Query,
  { where }: Pick<Segment, 'where'>,
  listId: number,
): Promise<readonly string[]> {
  const missing: string[] = []
  for (const name of new Set([...everyCondition(where)].flatMap(attributeOf))) {
    const anyone = await query
      .selectFrom('subscription')
      .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
      .select('subscriber.id')
      .where('subscription.list_id', '=', listId)
      .where(textUnder(query, sql`subscriber.attributes`, name), 'is not', null)
      .limit(1)
      .executeTakeFirst()
    if (anyone === undefined) missing.push(name)
  }
  return missing
}

function attributeOf(condition: Condition): readonly string[] {
  if ('attribute' in condition) return [condition.attribute]
  return 'field' in condition && typeof condition.field === 'object' ? [condition.field.attribute] : []
}
