/** `pressrun subscribers suppress`: an address is never mailed again. */

import { cleanName } from '../audience/field.js'
import { findSubscriber } from '../audience/subscriber.js'
import type { Db } from '../db/db.js'
import type { Keys } from '../link/token.js'
import { formatNumber } from '../report/columns.js'
import { type Suppressed, suppress } from '../track/suppress.js'
import { readAddress } from './subscribers-show.js'

export interface SuppressAnswer extends Suppressed {
  readonly address: string
  /** Is anyone known by this address? A typing mistake most often is not. */
  readonly isSubscriber: boolean
}

/** Throws InputError when the text is no address. Nobody needs to be subscribed with it. */
export async function suppressAddress({
  address: text,
  reason,
  by,
  db,
  keys,
  now,
}: {
  readonly address: string
  /** Null: by hand. */
  readonly reason: string | null
  /** Who decides it. */
  readonly by: string
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly now: () => number
}): Promise<SuppressAnswer> {
  const { address, key } = readAddress(text)
  const words = cleanName(reason ?? '') || 'by hand'
  const isSubscriber = (await findSubscriber(db.query, key)) !== null
  const answer = await suppress(db, { addressKey: key, reason: words, by, keys, now: now() })
  return { address, isSubscriber, ...answer }
}

export function printSuppression({ address, isSubscriber, kind, excluded }: SuppressAnswer): string {
  if (kind === 'already') return `${address} was suppressed already\n`
  if (!isSubscriber)
    return `${address} is suppressed; no subscriber has it, so look whether it is written right\n`
  const messages = excluded === 1 ? 'message' : 'messages'
  return excluded === 0
    ? `${address} is suppressed; no Send will mail it\n`
    : `${address} is suppressed; ${formatNumber(excluded)} ${messages} still to go out will not\n`
}
