/** Tag: a word that an editor puts on a Subscriber, in the whole publication. In small letters, so that each is there once. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, rowsOf } from '../db/rows.js'
import { cleanValue } from './field.js'

/** `ok` is the tag in its one form; `problem` is a clause that says what would be right. */
export type TagReading = { readonly ok: string } | { readonly problem: string }

const MAX_TAG = 60

/** Commas part tags in files, quotes end them in filters. */
const PARTS = /[,"]/

export function readTag(text: string): TagReading {
  const tag = cleanValue(text).toLowerCase().normalize('NFC')
  const shown = JSON.stringify(tag.length > MAX_TAG ? `${tag.slice(0, MAX_TAG)}…` : tag)
  if (tag === '') return { problem: `${shown} is no tag; write a word or a few` }
  if (tag.length > MAX_TAG)
    return { problem: `${shown} has ${tag.length} characters; ${MAX_TAG} are the most of a tag` }
  if (PARTS.test(tag)) return { problem: `${shown} is no tag; leave the commas and quotes out` }
  return { ok: tag }
}

/** One Subscriber and one tag, in its one form. */
export interface TagOf {
  readonly subscriberId: number
  readonly name: string
}

/** Returns those that were not there before. */
export async function addTags(query: Query, tags: readonly TagOf[]): Promise<readonly TagOf[]> {
  if (tags.length === 0) return []
  // In one order everywhere, so that two at once don't wait for each other in a circle.
  const { rows } = await sql<{ subscriber_id: number; name: string }>`
    insert into tag (subscriber_id, name)
    select distinct subscriber_id, name from ${givenTags(query, tags)} where true order by subscriber_id, name
    on conflict do nothing returning subscriber_id, name`.execute(query)
  return rows.map(toTag)
}

/** Returns those that were there. */
export async function removeTags(query: Query, tags: readonly TagOf[]): Promise<readonly TagOf[]> {
  if (tags.length === 0) return []
  const { rows } = await sql<{ subscriber_id: number; name: string }>`
    delete from tag where exists (select 1 from ${givenTags(query, tags)}
      where given.subscriber_id = tag.subscriber_id and given.name = tag.name)
    returning subscriber_id, name`.execute(query)
  return rows.map(toTag)
}

/** Of each Subscriber who has any, in the order of the alphabet. */
export async function findTags(
  query: Query,
  subscriberIds: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await query
    .selectFrom('tag')
    .select(['subscriber_id', 'name'])
    .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(query, subscriberIds)})`)
    .execute()
  const found = new Map<number, string[]>()
  for (const { subscriber_id, name } of rows)
    found.set(subscriber_id, [...(found.get(subscriber_id) ?? []), name])
  // Each database has an alphabet of its own.
  for (const names of found.values()) names.sort((a, b) => (a < b ? -1 : 1))
  return found
}

function givenTags(query: Query, tags: readonly TagOf[]) {
  const rows = tags.map(({ subscriberId, name }) => ({ subscriber_id: subscriberId, name }))
  return rowsOf(query, { subscriber_id: 'integer', name: 'text' }, rows)
}

function toTag(row: { readonly subscriber_id: number; readonly name: string }): TagOf {
  return { subscriberId: row.subscriber_id, name: row.name }
}
