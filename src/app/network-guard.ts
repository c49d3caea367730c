/**
 * Keeps what others have written, a link or the address of a certificate, from leading a request into this network. It is decided
 * where the connection is made, from the address it is made to: between two look-ups a name may change.
 */

import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

export interface NetworkGuard {
  /** Whether this address may be connected to. */
  readonly mayConnect: (ip: string) => boolean
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>
}

export class InnerAddress extends Error {}

/** For `lookup` of a request: the connection goes to what is answered here, so that what was judged is what is connected to. */
export function guardedLookup({ resolve, mayConnect }: NetworkGuard): LookupFunction {
  return (host, options, answer) => {
    resolve(host).then(
      (addresses) => {
        const inner = addresses.find(({ address }) => !mayConnect(address))
        const [first] = addresses
        if (inner !== undefined || first === undefined)
          answer(new InnerAddress(`it leads to ${inner?.address ?? host}, which is in this network`), '', 0)
        else if (options.all) answer(null, [...addresses])
        else answer(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => answer(error, '', 0),
    )
  }
}

/** An address that stands in the URL itself, in any notation, is never looked up. Null: nothing is against it. */
export function refuseInner(url: string, { mayConnect }: Pick<NetworkGuard, 'mayConnect'>): string | null {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !mayConnect(host) ? `it leads to ${host}, which is in this network` : null
}
