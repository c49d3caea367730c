/** Advisory locks of a transaction. SQLite has one writer at a time, so there every transaction holds them all. */

import { sql } from 'kysely'
import { engineOf, type Query } from './db.js'

/** Engines hold it shared, for as long as they live; who migrates holds it exclusively. */
export const ENGINES = 7_366_200_108

/** Any numbers that nobody else uses for an advisory lock in this database. */
const LOCKS = {
  migration: 7_366_200_101,
  /** Opt-outs hold it shared, the flip of a Send exclusively: it waits for those under way. */
  optOut: 7_366_200_102,
  /** Whoever brings people in or places them holds it shared; who takes one away, by erasure or merging, exclusively. */
  people: 7_366_200_106,
  /** Whoever puts down a burst. */
  bursts: 7_366_200_107,
  /** Whoever judges or changes which database this is. */
  identity: 7_366_200_105,
  engines: ENGINES,
} as const

/** Of locks by two numbers, which are apart from those by one. */
const ISSUE = 73_662
const LIST = 73_663
const MAX_INT4 = 2_147_483_647

export async function takeLock(
  trx: Query,
  name: keyof typeof LOCKS,
  how: 'shared' | 'exclusive' = 'exclusive',
): Promise<void> {
  if (engineOf(trx) === 'sqlite') return
  if (how === 'shared') await sql`select pg_advisory_xact_lock_shared(${LOCKS[name]})`.execute(trx)
  else await sql`select pg_advisory_xact_lock(${LOCKS[name]})`.execute(trx)
}

/** False: another holds it. */
export async function tryLock(trx: Query, name: keyof typeof LOCKS): Promise<boolean> {
  if (engineOf(trx) === 'sqlite') return true
  const { rows } = await sql<{
    taken: boolean
  }>`select pg_try_advisory_xact_lock(${LOCKS[name]}) as taken`.execute(trx)
  return rows[0]?.taken === true
}

/** Who places people for an Issue: one transaction at a time, whichever Send it is for. */
export function takeIssueLock(trx: Query, issueId: number): Promise<void> {
  return takeNumbered(trx, ISSUE, issueId)
}

/** Who places people of a List, whichever Issue it is; taken after that of the Issue. */
export function takeListLock(trx: Query, listId: number): Promise<void> {
  return takeNumbered(trx, LIST, listId)
}

async function takeNumbered(trx: Query, kind: number, id: number): Promise<void> {
  if (engineOf(trx) === 'sqlite') return
  await sql`select pg_advisory_xact_lock(${sql.lit(kind)}, ${sql.lit(id % MAX_INT4)})`.execute(trx)
}
