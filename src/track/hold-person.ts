/**
 * Holds a person for one transaction of an act of theirs: another act waits, and they are neither erased nor given another
 * address between its look and its word.
 */

import { takeLock } from '../db/advisory-lock.js'
import { engineOf, type Query } from '../db/db.js'

/** The key of the address they have; null: there is no such person any more. */
export async function holdPerson(trx: Query, subscriberId: number): Promise<string | null> {
  // Before their row, as everyone takes the two.
  await takeLock(trx, 'people', 'shared')
  let person = trx.selectFrom('subscriber').select('address_key').where('id', '=', subscriberId)
  if (engineOf(trx) === 'postgres') person = person.forUpdate()
  return (await person.executeTakeFirst())?.address_key ?? null
}
