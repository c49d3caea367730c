/** Purge: the bytes of old Feedback that nobody has understood, and who sent it. The row stays, so that the same bytes are never taken twice. */

import type { Query } from '../../db/db.js'

/** 64 KB each. */
const AT_ONCE = 50

/** A step: some from before `before`, in ms. Returns how many; 0: there are no more. */
export async function purgeFeedback(query: Query, before: number): Promise<number> {
  const { numUpdatedRows } = await query
    .updateTable('feedback')
    .set({ bytes: null, detail: '{}' })
    .where('id', 'in', (old) =>
      old
        .selectFrom('feedback')
        .select('id')
        // No other has any; by the index on verdicts.
        .where('verdict', '=', 'unknown')
        .where('bytes', 'is not', null)
        .where('at', '<', before)
        .orderBy('id')
        .limit(AT_ONCE),
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
