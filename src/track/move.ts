/**
 * Move: a person's messages go to another address from now on, or they become one with the Subscriber who has it
 * already. What was frozen for a Send keeps the address it was frozen with.
 */

import type { Address } from '../address.js'
import { readIdsOfPerson } from '../audience/merged.js'
import { addSuppression, findSuppressions, MOVED } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { insertEvents } from '../event/event.js'
import { hashAddress, type Keys } from '../link/token.js'
import { endNotices } from '../send/notice/notice.js'
import { merge } from './merge.js'
import { type Act, readAct } from './unsubscribe.js'

export interface Move {
  readonly subscriberId: number
  /** Hash of the address they had when they asked: who has moved since by another way does not move once more. */
  readonly fromHash: string
  readonly to: Address
  readonly act: Act
  readonly keys: Keys
  readonly now: number
}

/** Run it in a transaction. False: one of the addresses is suppressed, or the person is gone or has moved since. */
export async function movePerson(trx: Query, move: Move): Promise<boolean> {
  const { subscriberId, fromHash, to, act, keys, now } = move
  await takeLock(trx, 'people')
  const person = await findByAddress(trx, 'id', subscriberId)
  if (person === null || hashAddress(keys, person.address_key) !== fromHash) return false
  const toHash = hashAddress(keys, to.key)
  // Who moves back may.
  await trx.deleteFrom('suppression').where('address_hash', '=', toHash).where('reason', '=', MOVED).execute()
  if ((await findSuppressions(trx, [fromHash, toHash])).size > 0) return false
  const other = await findByAddress(trx, 'address_key', to.key)
  if (other !== null && other.id !== subscriberId)
    await merge(trx, { gone: other.id, into: subscriberId, act, now })
  await trx
    .updateTable('subscriber')
    .set({ address: to.address, address_key: to.key, address_hash: toHash, changed_at: now })
    .where('id', '=', subscriberId)
    .execute()
  if (toHash !== fromHash) await addSuppression(trx, { hash: fromHash, reason: MOVED, now })
  // Whoever still reads the old mailbox can't take their data, nor erase them, by what was asked before.
  await endNotices(trx, { addressHash: fromHash, now })
  const others = (await readIdsOfPerson(trx, subscriberId)).slice(1)
  const detail = { ...readAct(act), ...(others.length > 0 ? { with: others.join(',') } : {}) }
  await insertEvents(trx, [{ kind: 'moved', at: now, subscriberId, detail }])
  return true
}

async function findByAddress(trx: Query, by: 'id' | 'address_key', value: number | string) {
  const row = await trx
    .selectFrom('subscriber')
    .select(['id', 'address_key'])
    .where(by, '=', value)
    .executeTakeFirst()
  return row ?? null
}
