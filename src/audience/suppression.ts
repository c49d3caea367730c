/**
 * Suppression: an address we never mail again, and why. Only a keyed hash of it is kept, so that it can outlive the
 * person's erasure and says nothing to whoever reads the table.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, rowsOf } from '../db/rows.js'
import { hashAddress, type Keys } from '../link/token.js'

export interface Suppression {
  readonly reason: string
  readonly createdAt: number
}

/** Of an address whose person wanted all about them to be gone; no editor lifts it. */
export const ERASED = 'erased'
/** Of an address that its person has left for another: an old file must not bring them back to it. */
export const MOVED = 'moved'

/** A report that nothing proves says that it bounced or complained: whoever a Message was forwarded to could have written it. */
export const REPORTED = 'reported'

/** Made by the person's own act, or in their name, and lifted by another: their own confirmed sign-up, or that they move back. */
export const OWN_REASONS: readonly string[] = [ERASED, MOVED, REPORTED]

/** They say no more than a report does. */
const WEAK: readonly string[] = [REPORTED, MOVED]

export interface NewSuppression {
  /** `hashAddress` of the address key. */
  readonly hash: string
  readonly reason: string
  readonly now: number
}

/**
 * Returns false when the address was suppressed already. The first reason stays, but for one that a report alone gave. Of an
 * erasure it is noted beside the reason, since no editor may lift it, nor its person what they did not bring about.
 */
export async function addSuppression(query: Query, { hash, reason, now }: NewSuppression): Promise<boolean> {
  const isMore = !WEAK.includes(reason)
  const { numInsertedOrUpdatedRows } = await query
    .insertInto('suppression')
    .values({ address_hash: hash, reason, created_at: now, is_erased: reason === ERASED ? 1 : 0 })
    .onConflict((conflict) => {
      const known = conflict.column('address_hash')
      if (reason === ERASED)
        return known
          .doUpdateSet({
            is_erased: 1,
            reason: sql<string>`case when suppression.reason in (${sql.join(WEAK)}) then ${ERASED} else suppression.reason end`,
          })
          .where('suppression.is_erased', '=', 0)
      return isMore
        ? known.doUpdateSet({ reason }).where('suppression.reason', '=', REPORTED)
        : known.doNothing()
    })
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Many at once; the same rule. */
export async function addSuppressions(trx: Query, suppressions: readonly NewSuppression[]): Promise<void> {
  const rows = suppressions.map(({ hash, reason, now }) => ({ hash, reason, created_at: now }))
  const given = rowsOf(trx, { hash: 'text', reason: 'text', created_at: 'integer' }, rows)
  await sql`insert into suppression (address_hash, reason, created_at)
    select hash, reason, created_at from ${given} where true order by hash
    on conflict (address_hash) do update set reason = excluded.reason
      where suppression.reason = ${REPORTED} and excluded.reason not in (${sql.join(WEAK)})`.execute(trx)
}

/** Those of the hashes that are suppressed. */
export async function findSuppressions(
  query: Query,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Suppression>> {
  const given = rowsOf(
    query,
    { hash: 'text' },
    hashes.map((hash) => ({ hash })),
  )
  const rows = await query
    .selectFrom('suppression')
    .select(['address_hash', 'reason', 'created_at'])
    .where('address_hash', 'in', sql<string>`(select hash from ${given})`)
    .execute()
  return new Map(
    rows.map(({ address_hash, reason, created_at }) => [address_hash, { reason, createdAt: created_at }]),
  )
}

/** That of someone who was erased is kept. */
export async function removeSuppression(
  trx: Query,
  hash: string,
): Promise<{ readonly kind: 'removed'; readonly reason: string } | { readonly kind: 'kept' | 'none' }> {
  const removed = await trx
    .deleteFrom('suppression')
    .where('address_hash', '=', hash)
    .where('reason', '!=', ERASED)
    .where('is_erased', '=', 0)
    .returning('reason')
    .executeTakeFirst()
  if (removed !== undefined) return { kind: 'removed', reason: removed.reason }
  return { kind: (await findSuppressions(trx, [hash])).has(hash) ? 'kept' : 'none' }
}

export interface SuppressionCount {
  readonly reason: string
  readonly count: number
  /** Milliseconds since 1970. */
  readonly first: number
  readonly last: number
}

/** The most frequent reason first. */
export async function countSuppressions(query: Query): Promise<readonly SuppressionCount[]> {
  return query
    .selectFrom('suppression')
    .select(({ fn }) => [
      'reason',
      fn.countAll<number>().as('count'),
      fn.min('created_at').as('first'),
      fn.max('created_at').as('last'),
    ])
    .groupBy('reason')
    .orderBy('count', 'desc')
    .orderBy('reason')
    .execute()
}

/** Notes the hash of their address beside those Subscribers who lack it, in the order of ids. Returns how many. */
export async function hashAddresses(
  trx: Query,
  subscriberIds: readonly number[],
  keys: Keys,
): Promise<number> {
  const unhashed = await trx
    .selectFrom('subscriber')
    .select(['id', 'address_key'])
    .where('id', 'in', sql<number>`(select id from ${idsOf(trx, subscriberIds)})`)
    .where('address_hash', 'is', null)
    .orderBy('id')
    .execute()
  if (unhashed.length === 0) return 0
  const rows = unhashed.map(({ id, address_key }) => ({ id, address_hash: hashAddress(keys, address_key) }))
  const given = rowsOf(trx, { id: 'integer', address_hash: 'text' }, rows)
  await sql`update subscriber set address_hash = given.address_hash from ${given}
    where subscriber.id = given.id and subscriber.address_hash is null`.execute(trx)
  return rows.length
}
