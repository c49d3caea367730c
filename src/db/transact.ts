/** A transaction that is run again when the database has undone it for another's sake. */

import type { Query } from './db.js'

const MAX_RUNS = 6

/** SQLSTATE: deadlock_detected, serialization_failure. Nothing of the transaction stands. */
const UNDONE = new Set(['40P01', '40001'])
/** SQLSTATE: unique_violation. Another committed the row first; run again, the work sees it. */
const CONFLICT = '23505'

/**
 * Runs `work` in a transaction, several times if need be: it must change nothing but the database. With
 * `onConflict: 'again'` also when a unique index met a row that another transaction has just committed.
 */
export async function transact<T>(
  query: Query,
  work: (trx: Query) => Promise<T>,
  { onConflict = 'throw' }: { readonly onConflict?: 'again' | 'throw' } = {},
): Promise<T> {
  for (let run = 1; ; run++) {
    try {
      return await query.transaction().execute(work)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      const isPassing = UNDONE.has(code) || (onConflict === 'again' && code === CONFLICT)
      if (!isPassing || run === MAX_RUNS) throw error
    }
  }
}
