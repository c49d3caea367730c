/** Surplus: what names no Message of ours. Anyone may write it without end, so only so much of it leaves a trace. */

import { networkOf } from '../../address-range.js'
import type { Query } from '../../db/db.js'
import type { Keys } from '../../link/token.js'
import { capKey, takeCap } from '../cap.js'

/** Of one verdict. An old mailbox that is read for the first time holds some, a flood any number. */
export const MAX_OF_NOBODY = 2_000
/** From one network, by SMTP: so that no machine alone takes up the room of all. */
const MAX_OF_NETWORK = 200
const WITHIN_MS = 86_400_000

export interface OfNobody {
  readonly verdict: string
  /** The IP address that it came from by SMTP; null: it came another way. */
  readonly client: string | null
  readonly keys: Keys
  readonly now: number
}

/** Were there more than that within a day, the one just noted among them? */
export async function isSurplus(trx: Query, { verdict, client, keys, now }: OfNobody): Promise<boolean> {
  if (client !== null) {
    const key = capKey(keys, 'letters', networkOf(client))
    if (!(await takeCap(trx, { key, limit: MAX_OF_NETWORK, windowMs: WITHIN_MS, now }))) return true
  }
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
