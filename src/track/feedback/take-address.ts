/**
 * What a provider is proven to have said of an address, without a signature of ours that shows of which Message: the address is
 * not mailed any more, and that is all. No Delivery, Send, rate or soft bounce counts it.
 */

import type { Query } from '../../db/db.js'
import { BOUNCED } from './bounce.js'
import { COMPLAINED } from './complaint.js'
import type { Claim } from './feedback.js'
import { letGo } from './let-go.js'
import type { Mailed } from './subject.js'
import type { Act, TakeRequest } from './take.js'

export async function takeOfAddress(
  trx: Query,
  claim: Claim,
  { mailed, request: { keys, now } }: { readonly mailed: Mailed; readonly request: TakeRequest },
): Promise<Act> {
  const why = whyLetGo(claim)
  if (why === null) return { isNews: false, isSuppressed: false }
  const isSuppressed = await letGo(trx, mailed, { addressKey: mailed.addressKey, ...why, keys, now })
  return { isNews: isSuppressed, isSuppressed }
}

/** Null: it is no reason. */
function whyLetGo(claim: Claim): { readonly reason: string; readonly by: string } | null {
  if (claim.kind === 'complained') return { reason: COMPLAINED, by: 'a complaint' }
  return claim.kind === 'bounced' && claim.fault === 'hard'
    ? { reason: BOUNCED, by: 'a bounce report' }
    : null
}
