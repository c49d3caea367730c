/**
 * How many mails strangers can make us send by typing addresses: to one mailbox, from one network, to one domain, in all.
 * A page that is talked about on a stage stays well below them.
 */

import type { Address } from '../address.js'
import type { Keys } from '../link/token.js'
import { laneOf, OTHER } from '../send/lane.js'
import { type Cap, capKey } from './cap.js'
import { foldAddress } from './fold.js'
import { isTelling } from './telling.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** For one List one an hour, which answers who has lost the first; for all of them together four a day. */
const ADDRESS_HOUR = 1
const ADDRESS_DAY = 4
/** A school or an office is one network. */
const NETWORK_HOUR = 40
const NETWORK_DAY = 200
/** Of one domain; the large providers' have millions, and are not counted. */
const DOMAIN_HOUR = 60
const DOMAIN_DAY = 300
/** All together. */
const ALL_HOUR = 2_000

export interface SignUpSource {
  readonly listId: number
  readonly address: Address
  /** '' when not known. */
  readonly network: string
}

export function signUpCaps(
  { listId, address, network }: SignUpSource,
  { keys, now }: { readonly keys: Keys; readonly now: number },
): readonly Cap[] {
  const cap = (what: string, whose: string, limit: number, windowMs: number): Cap => ({
    key: capKey(keys, `sign-up ${what}`, whose),
    limit,
    windowMs,
    now,
  })
  const folded = foldAddress(address)
  const { domain } = address
  return [
    cap('address hour', `${listId} ${folded}`, ADDRESS_HOUR, HOUR_MS),
    cap('address day', folded, ADDRESS_DAY, DAY_MS),
    ...(isTelling(network)
      ? [
          cap('network hour', network, NETWORK_HOUR, HOUR_MS),
          cap('network day', network, NETWORK_DAY, DAY_MS),
        ]
      : []),
    ...(laneOf(domain) === OTHER
      ? [cap('domain hour', domain, DOMAIN_HOUR, HOUR_MS), cap('domain day', domain, DOMAIN_DAY, DAY_MS)]
      : []),
    cap('all hour', 'all', ALL_HOUR, HOUR_MS),
  ]
}
