/** Whether the database takes a write, learned by making one. */

import { engineOf, type Query } from './db.js'

const KEY = 'probe'

/**
 * Resolves when it is on the disk; rejects with what the database says. On SQLite it is read back through the connection that
 * only reads: what a broken one took for committed nobody else sees.
 */
export async function probeCommit(query: Query, now: () => number): Promise<void> {
  const value = String(now())
  await query
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
  if (engineOf(query) === 'postgres') return
  const seen = await query.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst()
  // A later probe may have written meanwhile.
  if (seen === undefined || Number(seen.value) < Number(value))
    throw new Error('what is written is answered as committed, and is not there')
}
