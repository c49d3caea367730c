/** A transaction that is run again when the database has undone it for another's sake. */

import { failpoint } from '../failpoint.js'
import type { Query } from './db.js'

const MAX_RUNS = 6

/** SQLSTATE: deadlock_detected, serialization_failure. Nothing of the transaction stands. */
export const UNDONE: ReadonlySet<string> = new Set(['40P01', '40001'])
/** SQLSTATE: unique_violation. Another committed the row first; run again, the work sees it. */
const CONFLICT = '23505'

/** Another transaction has changed meanwhile what this one has judged: run again, it sees what is there. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
  readonly code = '40001'

  constructor(what: string) {
    super(`${what} is no longer as it was found`)
  }
}

/**
 * Runs `work` as one durable step: in a transaction, several times if need be, so it must change nothing but the
 * database. `step` names it for the failpoints on both sides of its commit. With `onConflict: 'again'` it is also run
 * again when a unique index met a row that another transaction has just committed. Once `signal` is aborted nothing of it is
 * begun any more, and no commit of it; it then rejects with the signal's reason, sooner or later. A commit under way goes on.
 */
export async function transact<T>(
  query: Query,
  step: string,
  work: (trx: Query) => Promise<T>,
  {
    onConflict = 'throw',
    signal,
  }: { readonly onConflict?: 'again' | 'throw'; readonly signal?: AbortSignal | undefined } = {},
): Promise<T> {
  for (let run = 1; ; run++) {
    try {
      const result = await query.transaction().execute(async (trx) => {
        signal?.throwIfAborted()
        const worked = await work(trx)
        signal?.throwIfAborted()
        failpoint(`${step}.before`)
        return worked
      })
      failpoint(`${step}.after`)
      return result
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      const isPassing = UNDONE.has(code) || (onConflict === 'again' && code === CONFLICT)
      if (!isPassing || run === MAX_RUNS) throw error
    }
  }
}
