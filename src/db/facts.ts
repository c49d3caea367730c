/** What a database says of itself: version, and the settings that durability hangs on. */

import { sql } from 'kysely'
import type { Db, Query } from './db.js'

export type DatabaseFacts =
  | {
      readonly kind: 'sqlite'
      readonly version: string
      readonly journal: string
      readonly synchronous: number
    }
  | {
      readonly kind: 'postgres'
      readonly version: string
      /** 150004 for 15.4. */
      readonly versionNumber: number
      readonly fullPageWrites: boolean
    }

export async function readDatabaseFacts({ engine, query }: Db): Promise<DatabaseFacts> {
  return engine === 'sqlite' ? ofSqlite(query) : ofPostgres(query)
}

async function ofSqlite(query: Query): Promise<DatabaseFacts> {
  const version = await sql<{ version: string }>`select sqlite_version() as version`.execute(query)
  const journal = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(query)
  const synchronous = await sql<{ synchronous: number }>`pragma synchronous`.execute(query)
  return {
    kind: 'sqlite',
    version: version.rows[0]?.version ?? '',
    journal: journal.rows[0]?.journal_mode ?? '',
    synchronous: synchronous.rows[0]?.synchronous ?? 0,
  }
}

async function ofPostgres(query: Query): Promise<DatabaseFacts> {
  const { rows } = await sql<{ name: string; setting: string }>`select name, setting from pg_settings
    where name in ('server_version', 'server_version_num', 'full_page_writes')`.execute(query)
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  return {
    kind: 'postgres',
    version: settings.get('server_version') ?? '',
    versionNumber: Number(settings.get('server_version_num') ?? 0),
    fullPageWrites: settings.get('full_page_writes') !== 'off',
  }
}
