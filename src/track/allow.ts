/** Allow: a Suppression is lifted, by an editor who is named. What it had ended stays ended: nobody is put back on a List. */

import { findSubscriber } from '../audience/subscriber.js'
import { removeSuppression } from '../audience/suppression.js'
import type { Db } from '../db/db.js'
import { transact } from '../db/transact.js'
import { insertEvents } from '../event/event.js'
import { hashAddress, type Keys } from '../link/token.js'

export interface AllowRequest {
  /** `key` of the parsed Address. */
  readonly addressKey: string
  /** Who decides it. */
  readonly by: string
  readonly keys: Keys
  readonly now: number
}

export type Allowed =
  /** `reason`: why it was suppressed. */
  | { readonly kind: 'allowed'; readonly reason: string }
  | { readonly kind: 'notSuppressed' }
  | { readonly kind: 'erased' }

/** In one transaction, and idempotent: the second time there is no new Event. */
export async function allow(
  db: Pick<Db, 'query'>,
  { addressKey, by, keys, now }: AllowRequest,
): Promise<Allowed> {
  return transact(db.query, 'allow', async (trx) => {
    const removed = await removeSuppression(trx, hashAddress(keys, addressKey))
    if (removed.kind !== 'removed') return { kind: removed.kind === 'kept' ? 'erased' : 'notSuppressed' }
    const { reason } = removed
    const subscriberId = (await findSubscriber(trx, addressKey))?.id ?? null
    await insertEvents(trx, [
      { kind: 'allowed', at: now, subscriberId, detail: { how: 'command', by, reason } },
    ])
    return { kind: 'allowed', reason }
  })
}
