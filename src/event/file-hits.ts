/**
 * Filing: puts Hits into the indexes by which those of a Delivery and of a network are found. Whoever looks for them there
 * says `hit.is_filed = 1`, as the indexes do, and files first if it has to see all that there are.
 */

import { sql } from 'kysely'
import { moveCursor, readCursor } from '../db/cursor.js'
import { engineOf, type Query } from '../db/db.js'
import { idsOf, readRows } from '../db/rows.js'

/** Up to this id all are filed. */
const CURSOR = 'filed.cursor'
/** Some ten milliseconds of the writer. */
const PAGE = 2_000

/** All that were committed before. Safe to run twice, at once, and after a crash. */
export async function fileHits(query: Query): Promise<void> {
  if (engineOf(query) === 'postgres') return
  let after = await readCursor(query, CURSOR)
  for (;;) {
    const last = await readLast(query, after)
    if (last === null) return
    await query
      .updateTable('hit')
      .set({ is_filed: 1 })
      .where('id', '>', after)
      .where('id', '<=', last)
      .where('is_filed', '=', 0)
      .execute()
    await moveCursor(query, CURSOR, last)
    after = last
  }
}

/** Of the next page; ids are committed in their order. */
async function readLast(query: Query, after: number): Promise<number | null> {
  const { last } = await query
    .selectFrom((from) =>
      from.selectFrom('hit').select('id').where('id', '>', after).orderBy('id').limit(PAGE).as('page'),
    )
    .select(({ fn }) => fn.max('page.id').as('last'))
    .executeTakeFirstOrThrow()
  return last === null ? null : Number(last)
}

/** As far back as this; that is a millisecond of reading; more lie there in a flood, or while nobody files. */
const MOST_UNFILED = 5_000

/** By Delivery: how many of those that came `since` (ms since 1970) are not filed yet. */
export async function countUnfiled(
  query: Query,
  { deliveryIds, since }: { readonly deliveryIds: readonly number[]; readonly since: number },
): Promise<ReadonlyMap<number, number>> {
  if (engineOf(query) === 'postgres') return new Map()
  const filed = await readCursor(query, CURSOR)
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
