/** `pressrun subscribers data` and `erase`: what a person may ask for, when they ask by letter. */

import { findSubscriber } from '../audience/subscriber.js'
import type { Db } from '../db/db.js'
import { InputError } from '../errors.js'
import type { Keys } from '../link/token.js'
import { formatNumber } from '../report/columns.js'
import { erase, eraseStranger, STRANGER } from '../track/erase.js'
import { eraseRest } from '../track/erase-rest.js'
import { noteExport, type OwnData, readOwnData } from '../track/own-data.js'
import { readAddress } from './subscribers-show.js'

interface RightsOptions {
  readonly address: string
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly now: () => number
}

/** Throws InputError when the text is no address, or nobody has it. */
export async function takeData({ address: text, db: { query }, keys, now }: RightsOptions): Promise<OwnData> {
  const { address, key } = readAddress(text)
  const subscriber = await findSubscriber(query, key)
  const data = subscriber && (await readOwnData(query, subscriber.id, { keys, now: now() }))
  if (subscriber === null || data === null)
    throw new InputError(`there is no subscriber ${address}; pressrun subscribers list names those there are`)
  await noteExport(query, subscriber.id, { detail: { how: 'command' }, now: now() })
  return data
}

export interface EraseAnswer {
  readonly address: string
  readonly isSubscriber: boolean
  /** Messages still to go out that will not. */
  readonly excluded: number
  /** False: something is on its way to them; the engine does the rest when it has ended. */
  readonly isDone: boolean
}

/** Throws InputError when the text is no address. */
export async function eraseAddress({
  address: text,
  wireTimeoutMs,
  db,
  keys,
  now,
}: RightsOptions & { readonly wireTimeoutMs: number }): Promise<EraseAnswer> {
  const { address, key } = readAddress(text)
  const subscriber = await findSubscriber(db.query, key)
  if (subscriber === null) {
    await eraseStranger(db, { addressKey: key, keys, now: now() })
    return { address, isSubscriber: false, excluded: 0, isDone: await finish(STRANGER) }
  }
  const erased = await erase(db, { subscriberId: subscriber.id, how: 'command', keys, now: now() })
  const isDone = await finish(subscriber.id)
  return { address, isSubscriber: true, excluded: erased?.excluded ?? 0, isDone }

  async function finish(subscriberId: number): Promise<boolean> {
    await eraseRest({ query: db.query, now, wireTimeoutMs })
    const open = await db.query
      .selectFrom('erasure')
      .select('subscriber_id')
      .where('subscriber_id', '=', subscriberId)
      .where('done_at', 'is', null)
      .executeTakeFirst()
    return open === undefined
  }
}

export function printErased({ address, isSubscriber, excluded, isDone }: EraseAnswer): string {
  const rest = isDone ? [] : ['something is on its way to it; the engine does the rest when that has ended\n']
  if (!isSubscriber)
    return [
      `no subscriber has ${address}; what it was sent by its own acts is forgotten. Look whether it is written right\n`,
      ...rest,
    ].join('')
  const messages = excluded === 1 ? 'message' : 'messages'
  return [
    `${address} is erased; the hash of a Suppression stays, so that no import brings it back\n`,
    ...(excluded > 0 ? [`${formatNumber(excluded)} ${messages} still to go out will not\n`] : []),
    ...rest,
  ].join('')
}
