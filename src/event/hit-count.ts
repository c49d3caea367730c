/** Deliveries in pages of so many Hits as memory should hold: most have a few, one that is replayed has thousands. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, readRows } from '../db/rows.js'

const MOST_HITS = 10_000

export async function* pagesByHits(
  query: Query,
  deliveryIds: readonly number[],
): AsyncGenerator<readonly number[], void> {
  if (deliveryIds.length === 0) return
  const rows = await readRows(
    query,
    sql<{ id: number; hits: number }>`
    select given.id, (select count(*) from hit where hit.delivery_id = given.id and hit.is_filed = 1) as hits
    from ${idsOf(query, deliveryIds)}`,
  )
  let page: number[] = []
  let size = 0
  for (const { id, hits } of [...rows].sort((one, other) => one.id - other.id)) {
    if (page.length > 0 && size + hits > MOST_HITS) {
      yield page
      page = []
      size = 0
    }
    page.push(id)
    size += hits
  }
  if (page.length > 0) yield page
}
