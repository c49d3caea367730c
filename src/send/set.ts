/** The set of a Send: everyone it was frozen for, as one count and one digest (invariant 1). */

import { createHash } from 'node:crypto'
import type { Query } from '../db/db.js'

/** SHA-256 over the sorted subscriber ids of a Send's Deliveries, one decimal id a line; and their count. */
export async function digestSet(query: Query, sendId: number): Promise<{ audience: number; digest: string }> {
  const digest = createHash('sha256')
  let audience = 0
  let last = 0
  for (;;) {
    const page = await query
      .selectFrom('delivery')
      .select('subscriber_id')
      .where('send_id', '=', sendId)
      .where('subscriber_id', '>', last)
      .orderBy('subscriber_id')
      .limit(10_000)
      .execute()
    if (page.length === 0) return { audience, digest: digest.digest('hex') }
    for (const { subscriber_id } of page) digest.update(`${subscriber_id}\n`)
    audience += page.length
    last = page.at(-1)?.subscriber_id ?? last
  }
}
