/** Whether the database takes a write, learned by making one. */

import type { Query } from './db.js'

const KEY = 'probe'

/** Resolves when it is on the disk; rejects with what the database says. Nobody reads what is written. */
export async function probeCommit(query: Query, now: () => number): Promise<void> {
  const value = String(now())
  await query
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
