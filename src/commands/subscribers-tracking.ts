/** `pressrun subscribers tracking`: whether anything is kept of what one person opens and clicks, as they asked by letter. */

import { findSubscriber } from '../audience/subscriber.js'
import type { Db } from '../db/db.js'
import { transact } from '../db/transact.js'
import { InputError } from '../errors.js'
import { setTracking } from '../track/tracking.js'
import { readAddress } from './subscribers-show.js'

export interface TrackingAnswer {
  readonly address: string
  readonly tracking: 'on' | 'off'
  /** False: it was so already. */
  readonly changed: boolean
  readonly by: string
}

/** Throws InputError when the text is no address, or nobody has it. */
export async function trackAddress({
  address: text,
  tracking,
  by,
  db,
  now,
}: {
  readonly address: string
  readonly tracking: 'on' | 'off'
  readonly by: string
  readonly db: Pick<Db, 'query'>
  readonly now: () => number
}): Promise<TrackingAnswer> {
  const { address, key } = readAddress(text)
  const subscriber = await findSubscriber(db.query, key)
  if (subscriber === null)
    throw new InputError(`there is no subscriber ${address}; pressrun subscribers list names those there are`)
  const changed = await transact(db.query, 'tracking', (trx) =>
    setTracking(trx, subscriber.id, {
      isUntracked: tracking === 'off',
      act: { how: 'command', by },
      now: now(),
    }),
  )
  return { address: subscriber.address, tracking, changed, by }
}

export function printTracking({ address, tracking, changed }: TrackingAnswer): string {
  if (!changed) return `${address}: tracking is ${tracking} already\n`
  return tracking === 'off'
    ? `${address}: from now on nothing is kept of what they open and click, in all they were ever sent; what was kept before stays until they are erased\n`
    : `${address}: opens and clicks are kept again, from the next issue on\n`
}
