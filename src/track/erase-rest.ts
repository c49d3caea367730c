/**
 * What an erasure leaves for later. The Journal keeps no words of a reply to whoever is erased, but a Notice's may name the
 * address; so all is scrubbed once more when nothing is under way, and then the files that hold the rows are tidied.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { clock } from '../db/db.js'
import { transact } from '../db/transact.js'
import { vacuumErased, wipeFreed } from '../db/wipe.js'
import { fileHits } from '../event/file-hits.js'
import type { Log } from '../log.js'
import { scrub } from './scrub.js'

const AT_ONCE = 200

export interface RestContext {
  readonly query: Query
  readonly now: () => number
  /** How long a reply may take on the wire, ms. */
  readonly wireTimeoutMs: number
  /** Hears when the whole database is tidied. */
  readonly log?: Pick<Log, 'info'>
}

/** A pass; returns how many persons are wholly forgotten by it. Any process may do it. */
export async function eraseRest({ query, now, wireTimeoutMs, log }: RestContext): Promise<number> {
  const open = await query
    .selectFrom('erasure')
    .select(['subscriber_id', 'at'])
    .where('done_at', 'is', null)
    .orderBy('subscriber_id')
    .limit(AT_ONCE)
    .execute()
  if (open.length === 0) {
    await vacuumErased(query, log === undefined ? { now: now() } : { now: now(), log })
    return 0
  }
  const ids = open.map(({ subscriber_id }) => subscriber_id)
  // As in an erasure.
  await fileHits(query)
  const settled = await transact(query, 'eraseRest', async (trx) => {
    const awaited = await findAwaited(trx, ids, { now, wireTimeoutMs })
    await scrub(trx, ids)
    const quiet = ids.filter((id) => !awaited.has(id))
    await letGoOfNotices(trx, quiet)
    return quiet
  })
  if (settled.length === 0) return 0
  // A crash before the mark means that it is done once more.
  if (!(await wipeFreed(query))) return 0
  const done = open.filter(({ subscriber_id }) => settled.includes(subscriber_id))
  await query
    .updateTable('erasure')
    .set({ done_at: now() })
    // Not of what was erased since.
    .where((erasure) =>
      erasure.or(
        done.map(({ subscriber_id, at }) =>
          erasure.and([erasure('subscriber_id', '=', subscriber_id), erasure('at', '=', at)]),
        ),
      ),
    )
    .execute()
  return settled.length
}

/** Of whom a reply may still come, read before the scrub: what comes after it finds them awaited, and is scrubbed later. */
async function findAwaited(
  trx: Query,
  ids: readonly number[],
  { now, wireTimeoutMs }: Omit<RestContext, 'query' | 'log'>,
): Promise<ReadonlySet<number>> {
  const messages = await trx
    .selectFrom('delivery')
    .innerJoin('attempt', 'attempt.delivery_id', 'delivery.id')
    .select('delivery.subscriber_id')
    .distinct()
    .where('delivery.subscriber_id', 'in', ids)
    .where((one) =>
      one.or([
        one('delivery.state', '=', 'sending'),
        one.and([
          one('attempt.outcome', 'is', null),
          sql<boolean>`attempt.intended_at > ${clock(trx, now)} - ${sql.lit(wireTimeoutMs)}`,
        ]),
      ]),
    )
    .execute()
  const notices = await trx
    .selectFrom('notice')
    .select('subscriber_id')
    .distinct()
    .where('subscriber_id', 'in', ids)
    .where((one) =>
      one.or([
        one('state', '=', 'sending'),
        one.and([
          one('state', '=', 'uncertain'),
          sql<boolean>`changed_at > ${clock(trx, now)} - ${sql.lit(wireTimeoutMs)}`,
        ]),
      ]),
    )
    .execute()
  return new Set([...messages, ...notices].map(({ subscriber_id }) => subscriber_id ?? 0))
}

async function letGoOfNotices(trx: Query, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await trx
    .updateTable('notice')
    .set({ subscriber_id: null, reply_text: null })
    .where('subscriber_id', 'in', ids)
    .where('address', '=', '')
    .execute()
}
