/** `.data` holds addresses, messages and keys: it is for its owner alone, also when something else made it first. */

import { chmodSync, mkdirSync } from 'node:fs'

const OWNER_ONLY = 0o700

export function makeDataDir(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY })
  chmodSync(folder, OWNER_ONLY)
}
