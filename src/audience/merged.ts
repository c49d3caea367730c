/**
 * Merged: two Subscribers who became one when the one moved to the other's address. Deliveries and Events keep the id
 * that they were made with, since the set of a Send is for ever; whoever asks about a person asks by all their ids.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'

/** `(select … )`, for use after IN: the person's id and those that have become one with it. */
export function idsOfPerson(subscriberId: number): RawBuilder<number> {
  return sql<number>`(select cast(${subscriberId} as bigint) union all
    select subscriber_id from merged where into_id = ${subscriberId})`
}

/** … of many. */
export function idsOfPeople(query: Query, subscriberIds: readonly number[]): RawBuilder<number> {
  const given = idsOf(query, subscriberIds)
  return sql<number>`(select given.id from ${given} union all
    select merged.subscriber_id from ${given} join merged on merged.into_id = given.id)`
}

/** The same as numbers; the present one first. */
export async function readIdsOfPerson(query: Query, subscriberId: number): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('merged')
    .select('subscriber_id')
    .where('into_id', '=', subscriberId)
    .orderBy('subscriber_id')
    .execute()
  return [subscriberId, ...rows.map(({ subscriber_id }) => subscriber_id)]
}

/** From now on `gone` is `into`, and so is whoever had become one with it. */
export async function noteMerged(
  trx: Query,
  { gone, into }: { readonly gone: number; readonly into: number },
): Promise<void> {
  await trx.updateTable('merged').set({ into_id: into }).where('into_id', '=', gone).execute()
  await trx.insertInto('merged').values({ subscriber_id: gone, into_id: into }).execute()
}
