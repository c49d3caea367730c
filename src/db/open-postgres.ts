/** Opens the Postgres that DATABASE_URL names, with its schema up to date; one that does not fsync is refused. */

import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { InputError, messageOf } from '../errors.js'
import type { EngineLock } from './engine-lock.js'
import { isUpToDate, migrate, type Upgrade } from './migrate.js'
import type { Opened } from './open.js'
import { PostgresClient } from './postgres-client.js'
import type { Tables } from './schema.js'

const PG_INT8 = 20
const PG_NUMERIC = 1700
/** Enough for deliveries, tracking and reports of one process; Postgres allows 100 in all by default. */
const MAX_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 10_000
/** Longer than any statement of ours on a million rows. */
const QUERY_TIMEOUT_MS = 120_000

export async function openPostgres(url: string, keepEnginesOut: () => EngineLock | null): Promise<Opened> {
  // A server that went silent is given up: what waits is asked again on a new connection.
  const query = connect(url, { max: MAX_CONNECTIONS, query_timeout: QUERY_TIMEOUT_MS })
  let upgrade: Upgrade | null
  try {
    await refuseUnsafeSettings(query)
    upgrade = (await isUpToDate(query)) ? null : await bringUpToDate(url, keepEnginesOut)
  } catch (error) {
    await query.destroy()
    throw error
  }
  return { engine: 'postgres', query, close: () => query.destroy(), upgrade }
}

function connect(url: string, limits: Pick<pg.PoolConfig, 'max' | 'query_timeout'>): Kysely<Tables> {
  const pool = new pg.Pool({
    Client: PostgresClient,
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: { getTypeParser: parserFor },
    ...limits,
  })
  // A connection that breaks is replaced and its query rejected; without listeners it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** Over tables of many millions one statement of it may take as long as it takes. */
async function bringUpToDate(url: string, keepEnginesOut: () => EngineLock | null): Promise<Upgrade | null> {
  const query = connect(url, { max: 1 })
  try {
    return await migrate(query, 'postgres', keepEnginesOut)
  } finally {
    await query.destroy()
  }
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
