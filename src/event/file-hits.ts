/**
 * Filing: puts Hits into the indexes by which those of a Delivery and of a network are found. Whoever looks for them there
 * says `hit.is_filed = 1`, as the indexes do. Who has to see all that there are files first, or, to write nothing, asks
 * for `isHitOf`.
 */

import { type Expression, type RawBuilder, sql } from 'kysely'
import { moveCursor, readCursor } from '../db/cursor.js'
import { engineOf, type Query } from '../db/db.js'
import { idsOf, readRows } from '../db/rows.js'

/** Up to this id all are filed. */
const CURSOR = 'filed.cursor'
/** Twenty milliseconds of the writer where each touches pages of its own, as those of many networks in millions do. */
const PAGE = 500

/** All that were committed before. Safe to run twice, at once, and after a crash. */
export async function fileHits(query: Query): Promise<void> {
  if (engineOf(query) === 'postgres') return
  // As far as this and no further: in a flood there is no last one.
  const last = await readLast(query)
  let after = await readFiled(query)
  while (after < last) {
    const upTo = Math.min(after + PAGE, last)
    await query
      .updateTable('hit')
      .set({ is_filed: 1 })
      .where('id', '>', after)
      .where('id', '<=', upTo)
      .where('is_filed', '=', 0)
      .execute()
    await moveCursor(query, CURSOR, upTo)
    after = upTo
  }
}

/** On SQLite: up to this id all are filed. Above it some are, too: a form comes in filed. */
export function readFiled(query: Query): Promise<number> {
  return readCursor(query, CURSOR)
}

/** Ids are committed in their order, and leave no gaps. */
async function readLast(query: Query): Promise<number> {
  const { last } = await query
    .selectFrom('hit')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  return Number(last ?? 0)
}

/**
 * Of a row of `hit`: it is of one of these Deliveries (a select of ids), filed or not. A full disk or whoever holds the
 * writer keeps nobody from looking.
 */
export function isHitOf(query: Query, deliveries: Expression<unknown>): RawBuilder<boolean> {
  if (engineOf(query) === 'postgres') return sql`hit.delivery_id in ${deliveries}`
  // In one statement, so that none is filed between the two halves of it.
  return sql`hit.id in (
    select hit.id from hit where hit.is_filed = 1 and hit.delivery_id in ${deliveries}
    union all
    select hit.id from hit where hit.is_filed = 0 and hit.delivery_id in ${deliveries}
      and hit.id > (select cast(value as integer) from meta where key = ${CURSOR})
  )`
}

/** As far back as this; that is a millisecond of reading; more lie there in a flood, or while nobody files. */
const MOST_UNFILED = 5_000

/** By Delivery: how many of those that came `since` (ms since 1970) are not filed yet. */
export async function countUnfiled(
  query: Query,
  { deliveryIds, since }: { readonly deliveryIds: readonly number[]; readonly since: number },
): Promise<ReadonlyMap<number, number>> {
  if (engineOf(query) === 'postgres') return new Map()
  const filed = await readFiled(query)
  const rows = await readRows(
    query,
    sql<{ id: number; hits: number }>`
    select hit.delivery_id as id, count(*) as hits from hit
    where hit.id > max(${filed}, (select max(id) from hit) - ${sql.lit(MOST_UNFILED)}) and hit.is_filed = 0
      and hit.at >= ${since} and hit.delivery_id in (select given.id from ${idsOf(query, deliveryIds)})
    group by hit.delivery_id`,
  )
  return new Map(rows.map(({ id, hits }) => [id, hits]))
}
