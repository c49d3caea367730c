/**
 * Place: the next people of a window become Deliveries, in Batches of one lane each; whoever can't be mailed is born
 * excluded with the reason. One durable step, together with how far the freeze has come: of two processes that would
 * take the same step, one takes it.
 */

import { sql } from 'kysely'
import { takeIssueLock, takeListLock, takeLock } from '../db/advisory-lock.js'
import { readByIndex } from '../db/by-index.js'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { groupBy } from '../group.js'
import type { Keys } from '../link/token.js'
import { judgeCandidates } from './candidate.js'
import type { SendFacts } from './send.js'

/** Deliveries in a Batch, the unit of the queue. */
export const BATCH_SIZE = 500

export interface Placement {
  /** By address key. */
  readonly people: readonly { readonly id: number; readonly lane: string }[]
  /** Where the freeze is when they are placed. */
  readonly reached: Pick<SendFacts, 'freezeFrom' | 'freezeCursor' | 'freezeKey'>
  /** Batches that this freeze has begun and not filled, by lane. */
  readonly begun: BegunBatches
}

export type BegunBatches = ReadonlyMap<string, { readonly id: number; readonly room: number }>

interface PlaceContext {
  readonly query: Query
  readonly keys: Keys
  readonly now: () => number
}

/** Returns the Batches that still have room; null: the Send is not where it was, and nobody was placed. */
export async function placeNext(
  send: SendFacts,
  { people, reached, begun }: Placement,
  { query, keys, now }: PlaceContext,
): Promise<BegunBatches | null> {
  const place = async (trx: Query) => {
    // Another Send of the same Issue, under another copy, must see whom this one places.
    await takeIssueLock(trx, send.issueId)
    // And another Issue to the List: who wants one a month gets one of two.
    await takeListLock(trx, send.list.id)
    // Nobody is erased, or becomes one with another, between our look and our word.
    await takeLock(trx, 'people', 'shared')
    if (!(await moveOn(trx, send, reached))) return null
    await readByIndex(trx)
    const ids = people.map(({ id }) => id)
    const at = now()
    const { issueId, id: sendId, list, copy, topics, asOf, calendar } = send
    const context = { issueId, sendId, listId: list.id, copy, topics, asOf: asOf ?? at, calendar, keys }
    const reasons = await judgeCandidates(trx, ids, context)
    const excluded = groupBy(
      people.filter(({ id }) => reasons.has(id)),
      ({ id, lane }) => `${lane} ${reasons.get(id)}`,
    )
    for (const [first, ...others] of excluded.values()) {
      const fate = { batchId: null, lane: first.lane, reason: reasons.get(first.id) ?? '', at }
      await insertDeliveries(trx, [first, ...others], { send, ...fate })
    }
    const still = new Map(begun)
    for (const [lane, members] of groupBy(
      people.filter(({ id }) => !reasons.has(id)),
      (person) => person.lane,
    )) {
      for (let from = 0; from < members.length; ) {
        const batch = still.get(lane) ?? { id: await insertBatch(trx, send.id, lane), room: BATCH_SIZE }
        const some = members.slice(from, from + batch.room)
        await insertDeliveries(trx, some, { send, batchId: batch.id, lane, reason: null, at })
        from += some.length
        if (some.length < batch.room) still.set(lane, { id: batch.id, room: batch.room - some.length })
        else still.delete(lane)
      }
    }
    return still
  }
  // The unique index is the last word; run again, we see the row it met.
  return transact(query, 'freeze', place, { onConflict: 'again' })
}

/** False: another process was here first, or the Send is not `preparing` any more. */
async function moveOn(trx: Query, send: SendFacts, reached: Placement['reached']): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('send')
    .set({
      freeze_from: reached.freezeFrom,
      freeze_cursor: reached.freezeCursor,
      freeze_key: reached.freezeKey,
      reason: null,
    })
    .where('id', '=', send.id)
    .where('state', '=', 'preparing')
    .where('freeze_cursor', '=', send.freezeCursor)
    .where('freeze_key', send.freezeKey === null ? 'is' : '=', send.freezeKey)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function insertBatch(trx: Query, sendId: number, lane: string): Promise<number> {
  const { id } = await trx
    .insertInto('batch')
    .values({ send_id: sendId, lane })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

interface Fate {
  readonly send: SendFacts
  readonly batchId: number | null
  readonly lane: string
  /** Why they are excluded; null: they are queued. */
  readonly reason: string | null
  readonly at: number
}

async function insertDeliveries(
  trx: Query,
  people: readonly { readonly id: number }[],
  { send, batchId, lane, reason, at }: Fate,
): Promise<void> {
  const ids = people.map(({ id }) => id)
  const key = reason === null ? sql`subscriber.address_key` : sql`null`
  await sql`
    insert into delivery (send_id, issue_id, copy, subscriber_id, subscription_id, batch_id, lane, address, address_key,
      name, attributes, state, reason, is_untracked, changed_at)
    select ${sql.lit(send.id)}, ${sql.lit(send.issueId)}, ${sql.lit(send.copy)}, subscriber.id, subscription.id,
      cast(${batchId} as bigint), cast(${lane} as text), subscriber.address, ${key}, subscriber.name,
      subscriber.attributes, ${sql.lit(reason === null ? 'queued' : 'excluded')}, cast(${reason} as text),
      subscriber.is_untracked, cast(${at} as bigint)
    from ${idsOf(trx, ids)}
    join subscriber on subscriber.id = given.id
    join subscription on subscription.list_id = ${sql.lit(send.list.id)} and subscription.subscriber_id = given.id
    where true
    on conflict (send_id, subscriber_id) do nothing`.execute(trx)
}
