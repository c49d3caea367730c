/** The set of a Send: everyone it was frozen for, as one count and one digest (invariant 1). */

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { linesOf } from '../db/rows.js'

const DIGEST_PAGE = 20_000

/** SHA-256 over the sorted subscriber ids of a Send's Deliveries, one decimal id a line; and their count. */
export async function digestSet(query: Query, sendId: number): Promise<{ audience: number; digest: string }> {
  const digest = createHash('sha256')
  let audience = 0
  for await (const { after, until } of pagesOfSet(query, sendId, DIGEST_PAGE)) {
    const page = query
      .selectFrom('delivery')
      .select('subscriber_id')
      .where('send_id', '=', sendId)
      .where('subscriber_id', '>', after)
      .where('subscriber_id', '<=', until)
    const { count, lines } = await query
      .selectFrom(page.as('page'))
      .select(({ fn }) => [
        fn.countAll<number>().as('count'),
        linesOf(query, sql.ref('page.subscriber_id')).as('lines'),
      ])
      .executeTakeFirstOrThrow()
    digest.update(`${lines}\n`)
    audience += count
  }
  return { audience, digest: digest.digest('hex') }
}

/** Subscriber ids above `after` and up to `until`. */
export interface SetPage {
  readonly after: number
  readonly until: number
}

/** The set in pages of up to `size` Deliveries, each soon read; in the order of subscriber ids. */
export async function* pagesOfSet(query: Query, sendId: number, size: number): AsyncGenerator<SetPage> {
  for (let after = 0; ; ) {
    const next = query
      .selectFrom('delivery')
      .select('subscriber_id')
      .where('send_id', '=', sendId)
      .where('subscriber_id', '>', after)
      .orderBy('subscriber_id')
      .limit(size)
    const { last: until } = await query
      .selectFrom(next.as('next'))
      .select(({ fn }) => fn.max<number | null>('next.subscriber_id').as('last'))
      .executeTakeFirstOrThrow()
    if (until === null) return
    yield { after, until }
    after = until
  }
}
