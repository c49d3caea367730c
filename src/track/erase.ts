/**
 * Erase: a person is forgotten. No address, name or word of theirs stays, only the keyed hash of a Suppression; numbers
 * do, so that every Send still adds up. What is under way to them at that moment ends by itself, and whatever a reply
 * still brings is taken out after it: `erase-rest.ts`.
 */

import { sql } from 'kysely'
import { parseAddress } from '../address.js'
import { readIdsOfPerson } from '../audience/merged.js'
import { addSuppression, ERASED } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Db, Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { insertEvents } from '../event/event.js'
import { fileHits } from '../event/file-hits.js'
import { hashAddress, type Keys } from '../link/token.js'
import { excludeDeliveries } from '../send/exclude.js'
import { NO_REPLY } from '../send/notice/claim.js'
import { forgetLetters } from './feedback/letters.js'
import { scrub } from './scrub.js'

/** Stands in `erasure` for whoever was erased and no Subscriber; ids begin at 1. */
export const STRANGER = 0

export interface Erasure {
  readonly subscriberId: number
  /** `notice`, `command`. */
  readonly how: string
  readonly keys: Keys
  readonly now: number
}

/** Null: there is nobody of that number any more. */
export interface Erased {
  /** Messages of Sends under way that will not go out. */
  readonly excluded: number
}

export async function erase(db: Pick<Db, 'query'>, request: Erasure): Promise<Erased | null> {
  const { subscriberId, how, keys, now } = request
  // What has piled up, page by page: what the scrub still has to file in one go is what comes meanwhile.
  await fileHits(db.query)
  return transact(db.query, 'erase', async (trx) => {
    // Whoever imports or places them at this moment commits first, or sees that they are gone.
    await takeLock(trx, 'people')
    const person = await trx
      .selectFrom('subscriber')
      .select('address_key')
      .where('id', '=', subscriberId)
      .executeTakeFirst()
    if (person === undefined) return null
    const ids = await readIdsOfPerson(trx, subscriberId)
    const addressKeys = [person.address_key, ...(await readEarlierKeys(trx, ids))]
    const hashes = addressKeys.map((key) => hashAddress(keys, key))
    for (const hash of hashes) await addSuppression(trx, { hash, reason: ERASED, now })
    const excluded = await excludeDeliveries(trx, { subscriberId, listId: null, reason: 'erased', now })
    await forgetNotices(trx, { ids, hashes, now })
    await scrub(trx, ids)
    await forgetSignUps(trx, addressKeys)
    await forgetLetters(trx, addressKeys)
    await forgetPerson(trx, ids)
    await insertEvents(trx, [{ kind: 'erased', at: now, subscriberId, detail: { how } }])
    await leaveRest(trx, ids, now)
    return { excluded }
  })
}

/** Of an address that is nobody's: what it was sent and typed is forgotten. No Suppression: they may come of their own. */
export function eraseStranger(
  db: Pick<Db, 'query'>,
  { addressKey, keys, now }: Pick<Erasure, 'keys' | 'now'> & { readonly addressKey: string },
): Promise<void> {
  return transact(db.query, 'erase', async (trx) => {
    await takeLock(trx, 'people')
    await forgetNotices(trx, { ids: [STRANGER], hashes: [hashAddress(keys, addressKey)], now })
    await forgetSignUps(trx, [addressKey])
    await forgetLetters(trx, [addressKey])
    await leaveRest(trx, [STRANGER], now)
  })
}

/** For `erase-rest.ts`. */
async function leaveRest(trx: Query, ids: readonly number[], now: number): Promise<void> {
  await trx
    .insertInto('erasure')
    .values(ids.map((id) => ({ subscriber_id: id, at: now, done_at: null })))
    .onConflict((conflict) =>
      conflict.column('subscriber_id').doUpdateSet({
        // Another than before, whatever the clock says: what is done of the one is not done of the other.
        at: sql`case when erasure.at < ${now} then ${now} else erasure.at + 1 end`,
        done_at: null,
      }),
    )
    .execute()
}

/**
 * Addresses that they had before, as far as nobody else has them now: an old file must not bring them back either.
 */
async function readEarlierKeys(trx: Query, ids: readonly number[]): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('delivery')
    .select('address')
    .distinct()
    .where('subscriber_id', 'in', ids)
    .where('address', '!=', '')
    .execute()
  const keys = rows.flatMap(({ address }) => {
    const parsed = parseAddress(address)
    return parsed.kind === 'address' ? [parsed.key] : []
  })
  const taken = await trx
    .selectFrom('subscriber')
    .select('address_key')
    .where('address_key', 'in', keys.length === 0 ? [''] : keys)
    .execute()
  return keys.filter((key) => !taken.some(({ address_key }) => address_key === key))
}

/** Those that wait are not sent. Their Subscriber stays noted until nothing is under way: a reply may name the address. */
async function forgetNotices(
  trx: Query,
  {
    ids,
    hashes,
    now,
  }: { readonly ids: readonly number[]; readonly hashes: readonly string[]; readonly now: number },
): Promise<void> {
  const [id] = ids
  const theirs = trx
    .updateTable('notice')
    .where((notice) => notice.or([notice('subscriber_id', 'in', ids), notice('address_hash', 'in', hashes)]))
  await theirs
    .set({ state: 'failed', reason: 'erased', changed_at: now })
    .where('state', 'in', ['queued', 'deferred'])
    .execute()
  await theirs
    .set({ address: '', address_hash: '', name: '', detail: '{}', reply_text: null, subscriber_id: id })
    .execute()
  // What was said last, if nobody knows whether it has arrived.
  await theirs.set({ reason: NO_REPLY }).where('state', '=', 'uncertain').execute()
}

/** As typed, so each is read. There are few: they are looked at within seconds. */
async function forgetSignUps(trx: Query, addressKeys: readonly string[]): Promise<void> {
  const rows = await trx.selectFrom('sign_up').select(['id', 'address']).execute()
  const ids = rows.flatMap(({ id, address }) => {
    const parsed = parseAddress(address)
    return parsed.kind === 'address' && addressKeys.includes(parsed.key) ? [id] : []
  })
  if (ids.length > 0) await trx.deleteFrom('sign_up').where('id', 'in', ids).execute()
}

/** What only says who they are, and what they wrote. */
async function forgetPerson(trx: Query, ids: readonly number[]): Promise<void> {
  await trx
    .updateTable('comment')
    .set({ subscriber_id: null, name: '', text: '', state: 'hidden' })
    .where('subscriber_id', 'in', ids)
    .execute()
  // By both columns of its key: it has a row for everyone who was ever imported.
  await trx
    .deleteFrom('import_change')
    .where('import_id', 'in', (all) => all.selectFrom('import').select('import.id'))
    .where('subscriber_id', 'in', ids)
    .execute()
  for (const table of ['tag', 'subscription'] as const)
    await trx.deleteFrom(table).where('subscriber_id', 'in', ids).execute()
  await trx.deleteFrom('merged').where('into_id', 'in', ids).execute()
  await trx.deleteFrom('subscriber').where('id', 'in', ids).execute()
}
