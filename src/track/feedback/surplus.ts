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
  // Ids grow with time, so no more is read than came within the day: of ours there may be any number from before.
  const old = await trx
    .selectFrom('feedback')
    .select('id')
    .where('verdict', '=', verdict)
    .where('at', '<=', now - WITHIN_MS)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const beyond = await trx
    .selectFrom('feedback')
    .select('id')
    .where('verdict', '=', verdict)
    .where('id', '>', old?.id ?? 0)
    .where('delivery_id', 'is', null)
    .orderBy('id', 'desc')
    .offset(MAX_OF_NOBODY)
    .limit(1)
    .executeTakeFirst()
  return beyond !== undefined
}
