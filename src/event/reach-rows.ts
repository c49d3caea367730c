/** The rows of `reach`: changed by sums, compared with those that were made anew. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import type { Share } from './reach.js'

type ReachRows = 'reach' | 'reach_anew'

/** Rows that come to nothing are gone, so that what is kept and what is made anew are the same rows. */
export async function addToReach(
  trx: Query,
  table: ReachRows,
  sendId: number,
  shares: readonly Share[],
): Promise<void> {
  if (shares.length === 0) return
  const rows = sql.raw(table)
  await sql`
    insert into ${rows} (send_id, kind, sorted, key, verdict, hits, deliveries)
    select ${sql.lit(sendId)}, kind, sorted, key, verdict, hits, deliveries
    from ${rowsOf(trx, SHARE_COLUMNS, shares.map(toRow))} where true
    on conflict (send_id, kind, sorted, key, verdict) do update
    set hits = ${rows}.hits + excluded.hits, deliveries = ${rows}.deliveries + excluded.deliveries`.execute(
    trx,
  )
  const less = shares.filter(({ hits, deliveries }) => hits < 0 || deliveries < 0)
  if (less.length === 0) return
  await sql`
    delete from ${rows} where send_id = ${sendId} and hits = 0 and deliveries = 0
      and (kind, sorted, key, verdict) in (
        select kind, sorted, key, verdict from ${rowsOf(trx, SHARE_COLUMNS, less.map(toRow))}
      )`.execute(trx)
}

const SHARE_COLUMNS = {
  kind: 'text',
  sorted: 'text',
  key: 'text',
  verdict: 'text',
  hits: 'integer',
  deliveries: 'integer',
} as const

function toRow({ kind, sorted, key, verdict, hits, deliveries }: Share) {
  return { kind, sorted, key, verdict, hits, deliveries }
}

/** How many rows differ; then what was made anew is what stands. */
export async function replaceReach(trx: Query, sendId: number): Promise<number> {
  const columns = sql`select kind, sorted, key, verdict, hits, deliveries`
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select kind, sorted, key, verdict from (
        ${columns} from reach where send_id = ${sendId} except ${columns} from reach_anew where send_id = ${sendId}
      ) as less
      union
      select kind, sorted, key, verdict from (
        ${columns} from reach_anew where send_id = ${sendId} except ${columns} from reach where send_id = ${sendId}
      ) as more
    ) as differing`.execute(trx)
  await trx.deleteFrom('reach').where('send_id', '=', sendId).execute()
  await sql`
    insert into reach (send_id, kind, sorted, key, verdict, hits, deliveries)
    select send_id, kind, sorted, key, verdict, hits, deliveries
    from reach_anew where send_id = ${sendId}`.execute(trx)
  await trx.deleteFrom('reach_anew').where('send_id', '=', sendId).execute()
  return rows[0]?.count ?? 0
}
