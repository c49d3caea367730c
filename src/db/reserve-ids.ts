/** Ids for rows that are still to be inserted, so that nobody has to ask which got which. */

import { sql } from 'kysely'
import { engineOf, type Query } from './db.js'

/** Run it in the transaction that inserts them. Nobody else gets these; those that are not used leave a gap. */
export async function reserveIds(trx: Query, table: 'subscriber', count: number): Promise<readonly number[]> {
  if (count === 0) return []
  if (engineOf(trx) === 'postgres') {
    const { rows } = await sql<{ id: number }>`
      select nextval(pg_get_serial_sequence(${table}, 'id')) as id from generate_series(1, ${count})`.execute(
      trx,
    )
    return rows.map(({ id }) => id)
  }
  // There is one writer, and it is this transaction; the insert moves the sequence on.
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`.execute(
    trx,
  )
  const last = rows[0]?.seq ?? 0
  return Array.from({ length: count }, (_, index) => last + 1 + index)
}
