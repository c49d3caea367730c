/** Opens the database that the configuration names, with its schema up to date. */

import path from 'node:path'
import { Kysely } from 'kysely'
import type { Config } from '../config.js'
import { makeDataDir } from '../data-dir.js'
import { InputError } from '../errors.js'
import type { Db } from './db.js'
import { type EngineLock, HELD_ALREADY, takeEngineLock } from './engine-lock.js'
import { migrate, type Upgrade } from './migrate.js'
import type { Tables } from './schema.js'
import { SqliteError, sqliteDialect } from './sqlite-driver.js'

/** In the data folder. */
export const DATABASE_FILE = 'pressrun.db'

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
    databaseUrl === null
      ? await openSqlite(dataDir, keepEnginesOut)
      : await openServer(databaseUrl, () => lookForEngine(dataDir, lock))
  if (upgrade !== null)
    say(`the database of an older Pressrun was brought from schema ${upgrade.from} to ${upgrade.to}`)
  return db
}

/** Engines on a server say for themselves that they are alive, those of older versions hold the lock of their folder at most. */
function lookForEngine(dataDir: string, own: EngineLock | null): EngineLock | null {
  if (own !== null) return HELD_ALREADY
  const lock = takeEngineLock(dataDir, 'look')
  lock?.release()
  return lock && HELD_ALREADY
}

export type Opened = Db & { readonly upgrade: Upgrade | null }

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

/** Its driver is loaded where there is one. */
async function openServer(url: string, keepEnginesOut: () => EngineLock | null): Promise<Opened> {
  const { openPostgres } = await import('./open-postgres.js')
  return openPostgres(url, keepEnginesOut)
}
