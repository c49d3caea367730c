/** Surplus: what names no Message of ours. Anyone may write it without end, so only so much of it leaves a trace. */

import type { Query } from '../../db/db.js'

/** Of one verdict. An old mailbox that is read for the first time holds some, a flood any number. */
export const MAX_OF_NOBODY = 2_000
const WITHIN_MS = 86_400_000

/** Were there more than that within a day, the one just noted among them? */
export async function isSurplus(
  trx: Query,
  { verdict, now }: { readonly verdict: string; readonly now: number },
): Promise<boolean> {
  const before = await trx
    .selectFrom('feedback')
    .select('at')
    .where('verdict', '=', verdict)
    .where('delivery_id', 'is', null)
    .orderBy('id', 'desc')
    .offset(MAX_OF_NOBODY)
    .limit(1)
    .executeTakeFirst()
  return before !== undefined && before.at > now - WITHIN_MS
}
