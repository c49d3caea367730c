/** Suppress: an address is never mailed again, by any List of the publication; Sends under way let go of it. */

import { findSubscriber } from '../audience/subscriber.js'
import { addSuppression } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Db, Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { insertEvents } from '../event/event.js'
import { hashAddress, type Keys } from '../link/token.js'
import { excludeDeliveries } from '../send/exclude.js'

export interface SuppressRequest {
  /** `key` of the parsed Address; nobody needs to be subscribed with it. */
  readonly addressKey: string
  /** `bounced`, `complained`, `reported`, or a person's words. */
  readonly reason: string
  /** Who decided it, an editor's name, or what: `bounce`, … */
  readonly by: string
  readonly keys: Keys
  readonly now: number
}

export interface Suppressed {
  /** `already`: the first reason stays. */
  readonly kind: 'suppressed' | 'already'
  /** Deliveries that were taken out of Sends under way. */
  readonly excluded: number
}

/** In one transaction, and idempotent: the second time there is no new Event. */
export async function suppress(db: Pick<Db, 'query'>, request: SuppressRequest): Promise<Suppressed> {
  return transact(db.query, 'suppress', (trx) => suppressAddress(trx, request))
}

/** The same in a transaction of the caller's. */
export async function suppressAddress(trx: Query, request: SuppressRequest): Promise<Suppressed> {
  const { addressKey, reason, by, keys, now } = request
  // Taken before looking for the Subscriber, so that one who is imported and frozen meanwhile isn't missed: the
  // Send's flip waits for us.
  await takeLock(trx, 'optOut', 'shared')
  const isFirst = await addSuppression(trx, { hash: hashAddress(keys, addressKey), reason, now })
  const subscriber = await findSubscriber(trx, addressKey)
  const subscriberId = subscriber?.id ?? null
  const excluded =
    subscriberId === null
      ? 0
      : await excludeDeliveries(trx, { subscriberId, listId: null, reason: 'suppressed', now })
  if (isFirst)
    await insertEvents(trx, [{ kind: 'suppressed', at: now, subscriberId, detail: { reason, by } }])
  return { kind: isFirst ? 'suppressed' : 'already', excluded }
}
