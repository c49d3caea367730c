/** Takes the database away from an engine that runs in this process, and gives it back. */

import { sql } from 'kysely'
import pg from 'pg'
import { inject } from 'vitest'
import type { Db } from '../../src/db/db.js'

/**
 * SQLite refuses every write of this connection, as on a disk that has become read-only; Postgres cuts the connections
 * to this database and takes no new ones.
 */
export async function takeDatabaseAway(db: Db, databaseUrl: string | null): Promise<() => Promise<void>> {
  if (databaseUrl === null) {
    await sql`pragma query_only = on`.execute(db.query)
    return async () => {
      await sql`pragma query_only = off`.execute(db.query)
    }
  }
  const name = new URL(databaseUrl).pathname.slice(1)
  const allow = (isAllowed: boolean) => asOwner(`alter database ${name} with allow_connections ${isAllowed}`)
  await allow(false)
  await asOwner(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  return () => allow(true)
}

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
