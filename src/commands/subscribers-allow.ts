/** `pressrun subscribers allow`: an address that was never to be mailed again may be. */

import { findSubscriber } from '../audience/subscriber.js'
import { listSubscriptions } from '../audience/subscription.js'
import type { Db } from '../db/db.js'
import { InputError } from '../errors.js'
import type { Keys } from '../link/token.js'
import { allow } from '../track/allow.js'
import { readAddress } from './subscribers-show.js'

export interface AllowAnswer {
  readonly address: string
  /** Null: it was not suppressed. */
  readonly reason: string | null
  readonly by: string
  /** Lists that would mail it now; what was left stays left. */
  readonly activeOn: readonly string[]
}

/** Throws InputError when the text is no address, or its person is erased. */
export async function allowAddress({
  address: text,
  by,
  db,
  keys,
  now,
}: {
  readonly address: string
  readonly by: string
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly now: () => number
}): Promise<AllowAnswer> {
  const { address, key } = readAddress(text)
  const allowed = await allow(db, { addressKey: key, by, keys, now: now() })
  if (allowed.kind === 'erased')
    throw new InputError(
      `${address} was erased at its person's wish, so no editor lifts it; they may come back by signing up and confirming it, unless it had bounced, complained or been suppressed by hand`,
    )
  const subscriber = await findSubscriber(db.query, key)
  const subscriptions = subscriber === null ? [] : await listSubscriptions(db.query, subscriber.id)
  const activeOn = subscriptions.filter(({ status }) => status === 'active').map(({ list }) => list.name)
  return { address, reason: allowed.kind === 'allowed' ? allowed.reason : null, by, activeOn }
}

export function printAllowed({ address, reason, activeOn }: AllowAnswer): string {
  if (reason === null) return `${address} was not suppressed\n`
  const lists = activeOn.length === 0 ? 'it is on no list' : `it is on ${activeOn.join(', ')}`
  return `${address} may be mailed again (it was suppressed: ${reason}); ${lists}\n`
}
