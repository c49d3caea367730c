/** Store: the truth and the keys, enough to read, import and freeze. What any command needs. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.js'
import type { Db } from '../db/db.js'
import { type Identity, openIdentity } from '../db/identity.js'
import { DATABASE_FILE, type OpenOptions, openDb } from '../db/open.js'
import { type Keys, makeKeys } from '../link/token.js'
import { holdToFirstKey, readSecrets } from './secrets.js'

export interface Store {
  readonly db: Db
  readonly keys: Keys
  readonly now: () => number
  close(): Promise<void>
}

export interface StoreOptions extends OpenOptions {
  /** Ms since 1970; the machine's clock unless given. */
  readonly now?: (() => number) | undefined
}

export async function openStore(
  config: Config,
  { now = Date.now, ...options }: StoreOptions = {},
): Promise<Store> {
  const keys = makeKeys(readSecrets(config))
  const db = await openDb(config, options)
  try {
    await holdToFirstKey(db, keys, config)
  } catch (error) {
    await db.close()
    throw error
  }
  return { db, keys, now, close: () => db.close() }
}

/** Whether there is anything to open: opening makes what is missing. */
export function hasStore({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): boolean {
  return databaseUrl !== null || existsSync(path.join(dataDir, DATABASE_FILE))
}

/** For judging whether the store is the one that engines ran on before. */
export function identityOf(
  { db, now }: Pick<Store, 'db' | 'now'>,
  { dataDir }: Pick<Config, 'dataDir'>,
): Identity {
  return openIdentity({ db, dataDir, now, random: () => randomBytes(8).toString('hex') })
}
