/**
 * Crowd: whom a Send is for, the List, a Segment of it, or certain people of an earlier Send. It is read in windows of subscriber ids,
 * each in the order of addresses: so the index on addresses and those on ids are both written in few places at a time,
 * which is most of what a freeze costs.
 */

import { type RawBuilder, sql } from 'kysely'
import { selectSegment } from '../audience/segment/segment.js'
import { hashAddresses } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import { linesOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import type { Keys } from '../link/token.js'
import { findSend, type SendFacts } from './send.js'

/** At 500,000 people a step then touches about as many pages of the one index as of the others. */
const WINDOW = 32_000

/** Addresses hashed in one step. */
const HASH_AT_ONCE = 2_000

export interface Crowd extends Pick<SendFacts, 'of' | 'segment' | 'asOf' | 'calendar'> {
  readonly list: { readonly id: number }
}

export interface Person {
  readonly id: number
  readonly addressKey: string
}

/** People in a chunk of a window. */
export const CHUNK = 500

/** As text until they are placed: half a million of them as objects would stay in memory long after. */
interface Chunk {
  /** One a line, in the order of address keys. */
  readonly ids: string
  readonly addressKeys: string
  readonly lastKey: string
}

/** Those of a crowd whose subscriber ids are above `from` and up to `until`, by address key. */
export interface Window {
  readonly from: number
  readonly until: number
  /** Only those after this address key; null: all of them. */
  readonly after: string | null
  readonly chunks: readonly Chunk[]
}

export function peopleOf(chunks: readonly Chunk[]): readonly Person[] {
  return chunks.flatMap(({ ids, addressKeys }) => {
    const keys = addressKeys.split('\n')
    return ids.split('\n').map((id, index) => ({ id: Number(id), addressKey: keys[index] ?? '' }))
  })
}

/** The next window after a subscriber id; null at the end. */
export async function readWindow(query: Query, crowd: Crowd, after: number): Promise<Window | null> {
  const ids = await idsOfCrowd(query, crowd)
  const until = await endOfWindow(query, ids, after)
  return until === null
    ? null
    : { from: after, until, after: null, chunks: await readChunks(query, ids, { from: after, until }) }
}

/** What is left of a window after an address key. */
export async function readRest(
  query: Query,
  crowd: Crowd,
  { from, until, after }: { readonly from: number; readonly until: number; readonly after: string },
): Promise<Window> {
  const ids = await idsOfCrowd(query, crowd)
  return { from, until, after, chunks: await readChunks(query, ids, { from, until, after }) }
}

type Ids = RawBuilder<{ subscriber_id: number }>

/** `select subscriber_id …`, each one once. */
async function idsOfCrowd(query: Query, crowd: Crowd): Promise<Ids> {
  const { list, of, segment, asOf } = crowd
  if (of === null)
    return segment === null
      ? sql<{ subscriber_id: number }>`select subscriber_id from subscription where list_id = ${list.id}`
      : idsOfSegment(query, crowd)
  // Expressions, so that SQLite walks by subscriber and does not sort all of a state for each window.
  const placed = sql<{
    subscriber_id: number
  }>`select subscriber_id from delivery where send_id = ${of.sendId}`
  if (of.which === 'failed') return sql`${placed} and case state when 'failed' then 1 else 0 end = 1`
  const swept = sql<{ subscriber_id: number }>`
    ${placed} and case state when 'excluded' then reason else '' end = 'cancelled'`
  const earlier = await findSend(query, of.sendId)
  if (earlier.startedAt !== null) return swept
  // It was cancelled while people were being placed: the rest of its own crowd is due too.
  const all = earlier.freezeKey === null ? earlier.freezeCursor : earlier.freezeFrom
  return sql`${swept} union all select subscriber_id from (${await idsOfCrowd(query, { ...earlier, asOf: earlier.asOf ?? asOf })}) as rest
    where subscriber_id > ${all} and not exists (
      select 1 from delivery where send_id = ${of.sendId} and delivery.subscriber_id = rest.subscriber_id
    )`
}

function idsOfSegment(query: Query, { list, segment, asOf, calendar }: Crowd): Promise<Ids> {
  if (segment === null || asOf === null) throw new Error('a Segment is read as of when its freeze began')
  return selectSegment(query, segment, { listId: list.id, asOf, zone: calendar })
}

async function endOfWindow(query: Query, ids: Ids, after: number): Promise<number | null> {
  const next = sql<{ subscriber_id: number }>`(
    select subscriber_id from (${ids}) as crowd where subscriber_id > ${after}
    order by subscriber_id limit ${sql.lit(WINDOW)}
  )`
  const row = await query
    .selectFrom(next.as('next'))
    .select(({ fn }) => fn.max('next.subscriber_id').as('last'))
    .executeTakeFirst()
  return row?.last ?? null
}

async function readChunks(
  query: Query,
  ids: Ids,
  { from, until, after = '' }: { readonly from: number; readonly until: number; readonly after?: string },
): Promise<readonly Chunk[]> {
  const people = query
    .selectFrom(sql<{ subscriber_id: number }>`(${ids})`.as('crowd'))
    .innerJoin('subscriber', 'subscriber.id', 'crowd.subscriber_id')
    .select([
      'subscriber.id',
      'subscriber.address_key',
      sql<number>`(row_number() over (order by subscriber.address_key) - 1) / ${sql.lit(CHUNK)}`.as('chunk'),
    ])
    .where('crowd.subscriber_id', '>', from)
    .where('crowd.subscriber_id', '<=', until)
    .where('subscriber.address_key', '>', after)
  const [id, key] = [sql.ref('people.id'), sql.ref('people.address_key')]
  return query
    .selectFrom(people.as('people'))
    .select(({ fn }) => [
      linesOf(query, id, key).as('ids'),
      linesOf(query, key).as('addressKeys'),
      fn.max('people.address_key').as('lastKey'),
    ])
    .groupBy('people.chunk')
    .orderBy('people.chunk')
    .execute()
}

/** Subscribers from before hashes were kept get theirs: here and not when placed, since in the order of ids it is quick. */
export async function hashWindow(
  query: Query,
  { from, until }: Pick<Window, 'from' | 'until'>,
  keys: Keys,
): Promise<void> {
  for (let after = from; ; ) {
    const unhashed = await query
      .selectFrom('subscriber')
      .select('id')
      .where('id', '>', after)
      .where('id', '<=', until)
      .where('address_hash', 'is', null)
      .orderBy('id')
      .limit(HASH_AT_ONCE)
      .execute()
    const ids = unhashed.map(({ id }) => id)
    if (ids.length === 0) return
    await transact(query, 'hash', (trx) => hashAddresses(trx, ids, keys))
    after = ids.at(-1) ?? until
  }
}
