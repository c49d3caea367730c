/** Many Subscriptions of a List written at once, as a file has them. */

import { sql } from 'kysely'
import { engineOf, type Query } from '../db/db.js'
import { idsOf, rowsOf } from '../db/rows.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { Overtaken } from '../db/transact.js'
import type { Person } from './person.js'
import type { Known, Standing } from './standing.js'

export interface JudgedSubscription {
  readonly subscriberId: number
  readonly person: Pick<Person, 'said'>
  /** What they were judged by. */
  readonly known: Known | undefined
  readonly standing: Standing
}

interface Place {
  readonly listId: number
  readonly at: number
}

export function statusAfter({ standing }: Pick<JudgedSubscription, 'standing'>): SubscriptionStatus {
  return standing === 'cameUnsubscribed' ? 'unsubscribed' : standing === 'camePending' ? 'pending' : 'active'
}

/** In the order of the file: it becomes the order of the List. */
export async function insertSubscriptions(
  trx: Query,
  placed: readonly JudgedSubscription[],
  { listId, at }: Place,
): Promise<void> {
  if (placed.length === 0) return
  const isPlain = placed.every(
    ({ standing, person: { said } }) =>
      standing === 'added' && said.joinedAt === null && said.wishes === null,
  )
  const ids = placed.map(({ subscriberId }) => subscriberId)
  const rows = isPlain
    ? sql`select id, 'active', cast(null as text), ${sql.lit(at)}, '{}', cast(null as bigint)
        from ${idsOf(trx, ids)} where true`
    : sql`select subscriber_id, status, left_by, joined_at, preferences, paused_until
        from ${givenSubscriptions(trx, placed, at)} where true order by place`
  const { numAffectedRows } = await sql`
    insert into subscription
      (list_id, changed_at, subscriber_id, status, left_by, created_at, preferences, paused_until)
    select ${sql.lit(listId)}, ${sql.lit(at)}, wanted.* from (${rows}) as wanted where true
    on conflict (list_id, subscriber_id) do nothing`.execute(trx)
  if (Number(numAffectedRows) !== placed.length) throw new Overtaken('a Subscription')
}

function givenSubscriptions(trx: Query, placed: readonly JudgedSubscription[], at: number) {
  const columns = {
    place: 'integer',
    subscriber_id: 'integer',
    status: 'text',
    left_by: 'text',
    joined_at: 'integer',
    preferences: 'text',
    paused_until: 'integer',
  } as const
  const rows = placed.map((one, place) => {
    const { said } = one.person
    return {
      place,
      subscriber_id: one.subscriberId,
      status: statusAfter(one),
      left_by: one.standing === 'cameUnsubscribed' ? said.leftBy : null,
      joined_at: said.joinedAt ?? at,
      preferences: said.wishes?.preferences ?? '{}',
      paused_until: said.wishes?.pausedUntil ?? null,
    }
  })
  return rowsOf(trx, columns, rows)
}

/** Throws Overtaken when one of them is no longer as they were judged: a person's own word of meanwhile stands. */
export async function changeStatuses(
  trx: Query,
  placed: readonly JudgedSubscription[],
  { listId, at }: Place,
): Promise<void> {
  if (placed.length === 0) return
  await holdAsKnown(trx, placed, listId)
  for (const status of ['active', 'unsubscribed'] as const) {
    const ids = placed.filter((one) => statusAfter(one) === status).map(({ subscriberId }) => subscriberId)
    if (ids.length === 0) continue
    await trx
      .updateTable('subscription')
      .set({ status, left_by: status === 'unsubscribed' ? 'person' : null, changed_at: at })
      .where('list_id', '=', listId)
      .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(trx, ids)})`)
      .execute()
  }
}

/** Nobody else changes them until the transaction ends. */
async function holdAsKnown(trx: Query, placed: readonly JudgedSubscription[], listId: number): Promise<void> {
  if (engineOf(trx) === 'sqlite') return
  const known = new Map(placed.map((one) => [one.subscriberId, one.known]))
  const rows = await trx
    .selectFrom('subscription')
    .select(['subscriber_id', 'status', 'left_by'])
    .where('list_id', '=', listId)
    .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(trx, [...known.keys()])})`)
    .orderBy('subscriber_id')
    .forUpdate()
    .execute()
  const same = rows.filter(({ subscriber_id, status, left_by }) => {
    const was = known.get(subscriber_id)
    return was?.status === status && was.leftBy === left_by
  })
  if (same.length !== placed.length) throw new Overtaken('a Subscription')
}
