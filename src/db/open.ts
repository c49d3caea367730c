/** Opens the database that the configuration names, with its schema up to date. */

import path from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Config } from '../config.js'
import { makeDataDir } from '../data-dir.js'
import { InputError, messageOf } from '../errors.js'
import type { Db } from './db.js'
import { type EngineLock, HELD_ALREADY, takeEngineLock } from './engine-lock.js'
import { migrate, type Upgrade } from './migrate.js'
import { PostgresClient } from './postgres-client.js'
import type { Tables } from './schema.js'
import { SqliteError, sqliteDialect } from './sqlite-driver.js'

/** In the data folder. */
export const DATABASE_FILE = 'pressrun.db'

const PG_INT8 = 20
const PG_NUMERIC = 1700
/** Enough for deliveries, tracking and reports of one process; Postgres allows 100 in all by default. */
const MAX_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 10_000
/** Longer than any statement of ours on a million rows. */
const QUERY_TIMEOUT_MS = 120_000

export interface OpenOptions {
  /** Of the engine that opens it; null for any other command. */
  readonly lock?: EngineLock | null
  /** One sentence for the person: a database that was there before was changed. On stderr unless given. */
  readonly say?: (sentence: string) => void
}

export async function openDb(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  { lock = null, say = (sentence) => process.stderr.write(`${sentence}\n`) }: OpenOptions = {},
): Promise<Db> {
  const keepEnginesOut = () => (lock === null ? takeEngineLock(dataDir, 'hold') : HELD_ALREADY)
  const { upgrade, ...db } =
    databaseUrl === null ? await openSqlite(dataDir, keepEnginesOut) : await openPostgres(databaseUrl)
  if (upgrade !== null)
    say(`the database of an older Pressrun was brought from schema ${upgrade.from} to ${upgrade.to}`)
  return db
}

type Opened = Db & { readonly upgrade: Upgrade | null }

async function openSqlite(dataDir: string, keepEnginesOut: () => EngineLock | null): Promise<Opened> {
  makeDataDir(dataDir)
  const query = new Kysely<Tables>({ dialect: sqliteDialect(path.join(dataDir, DATABASE_FILE)) })
  let upgrade: Upgrade | null
  try {
    upgrade = await migrate(query, 'sqlite', keepEnginesOut)
  } catch (error) {
    // Its threads would keep the process alive.
    await query.destroy()
    throw explainDamage(error, dataDir)
  }
  return { engine: 'sqlite', query, close: () => query.destroy(), upgrade }
}

/** What is damaged needs a person, who has to know which file; anything else is given back as it is. */
function explainDamage(error: unknown, dataDir: string): unknown {
  if (!(error instanceof SqliteError)) return error
  const what = damageOf(error)
  if (what === null) return error
  const file = path.join(dataDir, DATABASE_FILE)
  return new InputError(`${file}: ${what}; put back the one from a backup`, { cause: error })
}

function damageOf({ code, message }: SqliteError): string | null {
  if (code === 'SQLITE_NOTADB') return 'is no database'
  if (code.startsWith('SQLITE_CORRUPT')) return 'is damaged'
  // libsql gives the number of SQLITE_CANTOPEN in a sentence alone.
  if (code === 'SQLITE_CANTOPEN' || /Unable to open connection/.test(message)) return 'cannot be opened'
  return null
}

/** Engines on it say for themselves that they are alive, wherever they run. */
async function openPostgres(url: string): Promise<Opened> {
  const pool = new pg.Pool({
    Client: PostgresClient,
    connectionString: url,
    max: MAX_CONNECTIONS,
    // A server that went silent is given up: what waits is asked again on a new connection.
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    types: { getTypeParser: parserFor },
  })
  // A connection that breaks is replaced and its query rejected; without listeners it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let upgrade: Upgrade | null
  try {
    await refuseUnsafeSettings(query)
    upgrade = await migrate(query, 'postgres', () => HELD_ALREADY)
  } catch (error) {
    await query.destroy()
    throw error
  }
  return { engine: 'postgres', query, close: () => query.destroy(), upgrade }
}

/** Every id, count and time of ours is below 2^53. */
function parserFor(oid: number, format?: 'text' | 'binary') {
  if (oid === PG_INT8 || oid === PG_NUMERIC) return Number
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
}

/** An intent that is not on the disk is worth nothing. */
async function refuseUnsafeSettings(query: Kysely<Tables>): Promise<void> {
  const settings = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')`
    .execute(query)
    .catch((error: unknown) => {
      throw new InputError(`DATABASE_URL: cannot reach Postgres: ${messageOf(error)}`, { cause: error })
    })
  for (const { name, setting } of settings.rows) {
    if (setting === 'off')
      throw new InputError(
        `DATABASE_URL: Postgres runs with ${name} = off; an accepted message could be forgotten`,
      )
  }
}
