/**
 * Temp files: where SQLite puts what it sorts, and the copy by which it tidies a file. libsql keeps both in memory, as much of
 * it as the file is large; but as long as they may be files, each transaction of some rows makes one, too.
 */

import { sql } from 'kysely'
import { engineOf, type Query } from './db.js'

/** For what goes through a large part of the file. Not in a transaction: it begins its own. */
export async function withTempFiles<T>(query: Query, work: () => Promise<T>): Promise<T> {
  if (engineOf(query) === 'postgres') return work()
  await sql`pragma temp_store = file`.execute(query)
  try {
    return await work()
  } finally {
    await sql`pragma temp_store = default`.execute(query)
  }
}
