/**
 * Aftermath: what came after a Message. Of each of the few Deliveries whose person left by it, complained, or did not get it after
 * all, one row beside the Events that it follows from, so that a Report counts them without reading Events.
 */

import { sql } from 'kysely'
import { engineOf, type Query } from '../db/db.js'
import { textUnder } from '../db/json.js'
import { idsOf, readRows, rowsOf } from '../db/rows.js'
import type { NewEvent } from './event.js'

/**
 * Whether the person, or an editor who undid a burst, has taken this unsubscribing back: then it is no leaving. One that they
 * did later is another, and so is what they took back of that. Of a row of `event` in the same FROM.
 */
export const IS_TAKEN_BACK = sql<boolean>`(event.kind = 'unsubscribed' and (
  select next.kind from event as next where next.subscriber_id = event.subscriber_id and next.list_id = event.list_id
    and next.kind in ('unsubscribed', 'restored') and next.id > event.id
  order by next.id limit 1) is not distinct from 'restored')`

/** Deliveries in one statement. */
const PAGE = 1_000

/** What these Events, just inserted in this transaction, change of it. */
export async function keepAftermath(trx: Query, events: readonly NewEvent[]): Promise<void> {
  const after = events.flatMap((event) => (saysWhatCame(event) ? [event.deliveryId] : []))
  const before = await readLeftBefore(trx, events)
  const ids = [...new Set([...after, ...before])].sort((one, other) => one - other)
  for (let from = 0; from < ids.length; from += PAGE) await write(trx, ids.slice(from, from + PAGE))
}

/** A refusal at once is a state of the Delivery. */
function saysWhatCame(event: NewEvent): event is NewEvent & { readonly deliveryId: number } {
  if (typeof event.deliveryId !== 'number') return false
  return (
    event.kind === 'unsubscribed' ||
    event.kind === 'complained' ||
    (event.kind === 'bounced' && event.detail.how !== 'reply')
  )
}

/** By which Messages those have left who now came back. */
async function readLeftBefore(trx: Query, events: readonly NewEvent[]): Promise<readonly number[]> {
  const back = events
    .filter(({ kind }) => kind === 'restored')
    .map(({ subscriberId, listId }) => ({ subscriber_id: subscriberId ?? null, list_id: listId ?? null }))
  if (back.length === 0) return []
  const columns = { subscriber_id: 'integer', list_id: 'integer' } as const
  const rows = await readRows(
    trx,
    sql<{ id: number }>`
    select event.delivery_id as id from ${rowsOf(trx, columns, back)}
    join event on event.subscriber_id = given.subscriber_id and event.list_id = given.list_id
    where event.kind = 'unsubscribed' and event.delivery_id is not null`,
  )
  return rows.map(({ id }) => id)
}

/** From all that is known of these Deliveries. */
async function write(trx: Query, ids: readonly number[]): Promise<void> {
  const under = (name: string) => sql`coalesce(${textUnder(trx, sql<string>`event.detail`, name)}, '')`
  const isOptOut = sql`event.kind = 'complained' and ${under('type')} = 'opt-out'`
  const fault = sql`case ${under('fault')} when 'hard' then 1 when 'soft' then 2 else 3 end`
  // Held before it is looked at: of two who write about one Delivery the second sees what the first has written.
  const held = engineOf(trx) === 'postgres' ? sql`for share of delivery` : sql``
  await sql`
    insert into aftermath (delivery_id, send_id)
    select delivery.id, delivery.send_id from ${idsOf(trx, ids)} join delivery on delivery.id = given.id
    where true order by delivery.id ${held}
    on conflict (delivery_id) do update set send_id = excluded.send_id`.execute(trx)
  await sql`
    update aftermath set has_left = came.has_left, has_complained = came.has_complained, fault = came.fault,
      is_bounced = came.is_bounced
    from (
      select delivery.id, max(case when event.kind = 'unsubscribed' or (${isOptOut}) then 1 else 0 end) as has_left,
        max(case when event.kind = 'complained' and not (${isOptOut}) then 1 else 0 end) as has_complained,
        coalesce(min(case when event.kind = 'bounced' and ${under('how')} <> 'reply' then ${fault} end), 0) as fault,
        max(case when delivery.state = 'bounced' then 1 else 0 end) as is_bounced
      from ${idsOf(trx, ids)} join delivery on delivery.id = given.id
      left join event on event.delivery_id = delivery.id and event.kind in ('unsubscribed', 'complained', 'bounced')
        and not ${IS_TAKEN_BACK}
      group by delivery.id
    ) as came where came.id = aftermath.delivery_id`.execute(trx)
}

/** Made anew from the Events of a Send, in the caller's transaction. Returns how many Deliveries had come to something else. */
export async function remakeAftermath(trx: Query, sendId: number): Promise<number> {
  const rows = await readRows(
    trx,
    sql<{ id: number }>`
    select delivery_id as id from aftermath where send_id = ${sendId}
    union
    select delivery_id from event where send_id = ${sendId} and kind in ('unsubscribed', 'complained', 'bounced')
      and delivery_id is not null`,
  )
  const ids = rows.map(({ id }) => id).sort((one, other) => one - other)
  let differing = 0
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = ids.slice(from, from + PAGE)
    const before = await readKept(trx, page)
    await write(trx, page)
    const now = await readKept(trx, page)
    differing += page.filter((id) => (before.get(id) ?? NOTHING) !== (now.get(id) ?? NOTHING)).length
  }
  return differing
}

const NOTHING = '0 0 0'

async function readKept(trx: Query, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await trx
    .selectFrom('aftermath')
    .select(['delivery_id', 'has_left', 'has_complained', 'fault', 'is_bounced'])
    .where('delivery_id', 'in', ids)
    .execute()
  return new Map(
    rows.map((row) => [
      row.delivery_id,
      `${row.has_left} ${row.has_complained} ${row.is_bounced === 1 ? 0 : row.fault}`,
    ]),
  )
}
