/** Forgets whom Notices went to, some time after they ran out. What became of them stays, as a number. */

import type { Query } from '../../db/db.js'

/** Long enough to answer whoever asks what they were sent. */
const KEPT_MS = 30 * 24 * 3_600_000

/** Returns how many. */
export async function forgetNotices(query: Query, now: number): Promise<number> {
  const { numUpdatedRows } = await query
    .updateTable('notice')
    .set({ address: '', name: '', detail: '{}', reply_text: null, subscriber_id: null })
    .where('expires_at', '<', now - KEPT_MS)
    .where('address', '!=', '')
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
