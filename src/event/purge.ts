/**
 * Purge: of a Hit that is old enough, who asked goes: network, user agent and headers. The Hit stays with its time and Link,
 * and its classification with it, so that no number changes. Rules of later versions leave a purged one as it is.
 */

import { moveCursor, readCursor } from '../db/cursor.js'
import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'

/** Up to this id nothing is left to purge. */
const CURSOR = 'purge.cursor'
/** Some ten milliseconds of the writer. */
const PAGE = 1_000

/** The columns of a Hit that could name whoever asked, as they stand in one that is purged or whose person is erased. */
export const PURGED = { network: '', user_agent: '', headers: '{"purged":"1"}' } as const

/**
 * A step: the next Hits from before `before`, in ms. Returns how many it has gone through; 0: there are no more. Safe to run
 * twice, at once, and after a crash. What the rules have not seen yet is not purged, and what comes after it waits.
 */
export async function purgeHits(query: Query, before: number): Promise<number> {
  return transact(query, 'purge', async (trx) => {
    const cursor = await readCursor(trx, CURSOR)
    const page = await readPage(trx, cursor)
    const end = page.findIndex(({ at, known }) => at >= before || known === null)
    const old = end === -1 ? page : page.slice(0, end)
    const last = old.at(-1)
    if (last === undefined) return 0
    await trx
      .updateTable('hit')
      .set(PURGED)
      .where('id', '>', cursor)
      .where('id', '<=', last.id)
      .where('headers', '!=', PURGED.headers)
      .execute()
    await moveCursor(trx, CURSOR, last.id)
    return old.length
  })
}

/** Ids grow with time, but for as long as a database was away: what comes late is purged that much later. */
function readPage(query: Query, after: number) {
  return query
    .selectFrom('hit')
    .leftJoin('classification as known', 'known.hit_id', 'hit.id')
    .select(['hit.id', 'hit.at', 'known.hit_id as known'])
    .where('hit.id', '>', after)
    .orderBy('hit.id')
    .limit(PAGE)
    .execute()
}
