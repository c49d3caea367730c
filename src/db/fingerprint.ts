/**
 * Fingerprint: what a database is, apart from what is in it, so that a copy can't bring it along. Device numbers change
 * with a reboot and are left out; what can't be learnt is '' and is not compared.
 */

import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Db, Query } from './db.js'
import { DATABASE_FILE } from './open.js'

/** Of SQLite `machine`, `inode`, `born`; of Postgres `system`, `timeline`, `database`, `table`. */
export type Fingerprint = Readonly<Record<string, string>>

const MACHINE_ID = '/etc/machine-id'

export async function readFingerprint({ engine, query }: Db, dataDir: string): Promise<Fingerprint> {
  return engine === 'sqlite' ? ofFile(path.join(dataDir, DATABASE_FILE)) : ofCluster(query)
}

function ofFile(file: string): Fingerprint {
  const { ino, birthtimeNs, ctimeNs } = statSync(file, { bigint: true })
  return {
    machine: readMachine(),
    inode: String(ino),
    // A file system that keeps no birth time shows 0, or the time of the last change in its place.
    born: birthtimeNs === 0n || birthtimeNs === ctimeNs ? '' : String(birthtimeNs),
  }
}

function readMachine(): string {
  try {
    return readFileSync(MACHINE_ID, 'utf8').trim()
  } catch {
    return ''
  }
}

/** Whoever may connect may ask all of it, unless a provider has taken the right away. */
async function ofCluster(query: Query): Promise<Fingerprint> {
  return {
    system: await ask(query, 'system_identifier::text from pg_control_system()'),
    // The control file names a new timeline only at the next checkpoint; the log's position does at once.
    timeline: await ask(query, 'substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)'),
    database: await ask(query, 'oid::text from pg_database where datname = current_database()'),
    // A dump that is restored over the same database makes its tables anew.
    table: await ask(query, `to_regclass('delivery')::oid::text`),
  }
}

/** SQLSTATE: insufficient_privilege, undefined_function, feature_not_supported. */
const NOT_TOLD = new Set(['42501', '42883', '0A000'])

async function ask(query: Query, what: string): Promise<string> {
  try {
    const { rows } = await sql<Record<string, string | null>>`select ${sql.raw(what)}`.execute(query)
    return Object.values(rows[0] ?? {})[0] ?? ''
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_TOLD.has(String(error.code))) return ''
    throw error
  }
}

const DIFFERENCES: Readonly<Record<string, string>> = {
  machine: 'it is on another machine',
  inode: 'its file is another one',
  born: 'its file was made anew',
  system: 'it is in another Postgres cluster',
  timeline: 'the Postgres cluster was restored or has failed over',
  database: 'it is another database of the Postgres cluster',
  table: 'its tables were made anew',
}

/** In words, empty when all that both know is the same. */
export function differences(before: Fingerprint, now: Fingerprint): readonly string[] {
  return Object.entries(DIFFERENCES).flatMap(([name, words]) => {
    const [one = '', other = ''] = [before[name], now[name]]
    return one === '' || other === '' || one === other ? [] : [words]
  })
}
