/** A table that nobody else may write until the transaction ends; reading goes on. SQLite has one writer, and needs nothing. */

import { sql } from 'kysely'
import { engineOf, type Query } from './db.js'

export async function holdStill(trx: Query, table: 'send'): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`lock table ${sql.table(table)} in share mode`.execute(trx)
}
