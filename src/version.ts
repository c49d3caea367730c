/** Pressrun's own version, as package.json says. */

import { readFileSync } from 'node:fs'

/** Both `src/` and `dist/src/` lie below the package. */
function readVersion(): string {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const { version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as {
        version: string
      }
      return version
    } catch {
      // Not here; one folder further up.
    }
  }
  throw new Error('package.json is missing')
}

export const VERSION = readVersion()
