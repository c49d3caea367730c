/**
 * Weigh: what Feedback as a whole says of one Delivery. A report may speak of several recipients, since an address of ours can
 * stand for many at its receiver; one of them that is gone is not the address.
 */

import { parseAddress } from '../../address.js'
import type { Claim, Fault, Feedback } from './feedback.js'

/** The less it says against the address, the earlier. */
const MILDEST: readonly Fault[] = ['content', 'policy', 'soft', 'hard']

/** Null: no claim could be read. `address`: the Delivery's, '' when it is not known. */
export function weighFeedback({ claims }: Feedback, address: string): Claim | null {
  const own = claims.filter((claim) => claim.kind !== 'nothing' && isAddress(claim.recipient, address))
  const complaint = claims.find(({ kind }) => kind === 'complained')
  if (complaint) return complaint
  if (own.length > 0) return mildest(own)
  const [first] = claims
  if (first === undefined) return null
  if (claims.length === 1 && !isAnother(first, address)) return first
  // Each is somebody behind the address. Where one of them is well, or not lost for good, so is the address; and who is reported
  // alone need not be all of them.
  const mild = mildest(claims)
  if (mild.kind === 'bounced' && mild.fault === 'hard') return { ...mild, fault: 'soft' }
  return mild
}

/** Is all that it says about addresses that are not this one? */
export function isOfOthers({ claims }: Feedback, address: string): boolean {
  return claims.length > 0 && claims.every((claim) => isAnother(claim, address))
}

function mildest(claims: readonly Claim[]): Claim {
  const [first] = claims
  if (first === undefined) throw new Error('there is no claim to choose from')
  return claims.reduce((best, claim) => (harm(claim) < harm(best) ? claim : best), first)
}

function harm(claim: Claim): number {
  return claim.kind === 'bounced' ? 1 + MILDEST.indexOf(claim.fault) : 0
}

function isAddress(recipient: string | null, address: string): boolean {
  const key = keyOf(recipient)
  return key !== null && key === keyOf(address)
}

/** Of one that was redacted, or is no address, nobody can say. */
function isAnother(claim: Claim, address: string): boolean {
  if (claim.kind === 'nothing') return false
  const [theirs, ours] = [keyOf(claim.recipient), keyOf(address)]
  return theirs !== null && ours !== null && theirs !== ours
}

function keyOf(address: string | null): string | null {
  const parsed = parseAddress(address ?? '')
  return parsed.kind === 'address' ? parsed.key : null
}
