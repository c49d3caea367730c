/**
 * The engine lock: one engine a root. It guards the engine, not the database: other commands work beside it. An open
 * exclusive transaction on a tiny SQLite file holds it, so the kernel frees it when the process dies, by kill -9 too.
 */

import { mkdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'libsql'

export interface EngineLock {
  release(): void
}

/** Another command that only looks whether an engine runs holds the lock for an instant. */
const PATIENCE_MS = 500

/** Takes the lock, or returns null when another process holds it. `look` does not wait: it is given back at once. */
export function takeEngineLock(dataDir: string, purpose: 'hold' | 'look'): EngineLock | null {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const database = new Database(path.join(dataDir, 'engine.lock'), {
    timeout: purpose === 'hold' ? PATIENCE_MS : 0,
  })
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return null
    throw error
  }
  return {
    release() {
      database.exec('rollback')
      database.close()
    },
  }
}
