/**
 * The engine lock: one engine a root. It guards the engine, not the database: other commands work beside it. An open
 * exclusive transaction on a tiny SQLite file holds it, so the kernel frees it when the process dies, by kill -9 too.
 */

import path from 'node:path'
import Database from 'libsql'
import { makeDataDir } from '../data-dir.js'

export interface EngineLock {
  release(): void
}

/** Another command that only looks whether an engine runs holds the lock for an instant. */
const PATIENCE_MS = { hold: 1_000, look: 200 } as const

/** For who need not release it: another part of the process does. */
export const HELD_ALREADY: EngineLock = { release: () => {} }

/** Takes the lock, or returns null when another process holds it. `look` does not wait: it is given back at once. */
export function takeEngineLock(dataDir: string, purpose: 'hold' | 'look'): EngineLock | null {
  makeDataDir(dataDir)
  const database = new Database(path.join(dataDir, 'engine.lock'), {
    timeout: PATIENCE_MS[purpose],
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
