/**
 * Waiting for a database that an engine is to run on: SQLite that another process holds, a Postgres that takes no connections
 * yet. Whatever else is wrong does not pass by itself; opening it says so.
 */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'libsql'
import pg from 'pg'
import type { Config } from '../config.js'
import { InputError, messageOf } from '../errors.js'
import { DATABASE_FILE } from './open.js'
import { SqliteError } from './sqlite-driver.js'

/** A restart of a server, or a copy of a large file. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 250
const CONNECT_TIMEOUT_MS = 5_000

export interface Waiting {
  /** What is waited for and for how long, once; and that it is there. */
  readonly say: (sentence: string) => void
  /** Aborted: no longer. */
  readonly signal: AbortSignal
  readonly patienceMs?: number
}

/**
 * Resolves when it takes a write, as a rule at once. Throws what is in the way when that takes longer than the patience, and
 * the signal's reason when it is aborted.
 */
export async function awaitDb(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  { say, signal, patienceMs = PATIENCE_MS }: Waiting,
): Promise<void> {
  const until = performance.now() + patienceMs
  let isTold = false
  for (;;) {
    const obstacle = databaseUrl === null ? lookAtFile(dataDir) : await lookAtServer(databaseUrl)
    signal.throwIfAborted()
    if (obstacle === null) {
      if (isTold) say('the database is there')
      return
    }
    if (performance.now() >= until) throw obstacle.error
    if (!isTold) say(`${obstacle.is}: waiting for it, ${Math.round(patienceMs / 1_000)} seconds at most`)
    isTold = true
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

interface Obstacle {
  /** A clause for the person. */
  readonly is: string
  readonly error: Error
}

/** A new one is nobody's yet. */
function lookAtFile(dataDir: string): Obstacle | null {
  const file = path.join(dataDir, DATABASE_FILE)
  if (!existsSync(file)) return null
  let database: Database.Database | null = null
  try {
    database = new Database(file, { timeout: 0 })
    database.exec('begin immediate')
    database.exec('rollback')
    return null
  } catch (error) {
    const code = codeOf(error)
    if (!code.startsWith('SQLITE_BUSY')) return null
    return { is: `another process holds ${file}`, error: new SqliteError(messageOf(error), 'SQLITE_BUSY') }
  } finally {
    database?.close()
  }
}

/**
 * The system's codes of a server that is not there, or whose name is not known yet; SQLSTATE (PostgreSQL, appendix A):
 * admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections.
 */
const PASSING =
  /^(ECONNREFUSED|ECONNRESET|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|57P01|57P02|57P03|53300)$/
/** pg's own, with no code. */
const PASSING_WORDS = /^(timeout expired|Connection terminated.*)$/

async function lookAtServer(databaseUrl: string): Promise<Obstacle | null> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  // What breaks it rejects, too; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return null
  } catch (error) {
    const code = codeOf(error)
    if (!PASSING.test(code) && !PASSING_WORDS.test(messageOf(error))) return null
    const why = messageOf(error) || code
    return {
      is: `Postgres at ${client.host}:${client.port} takes no connections yet (${why})`,
      error: new InputError(`DATABASE_URL: cannot reach Postgres: ${why}`, { cause: error }),
    }
  } finally {
    await client.end().catch(() => {})
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
