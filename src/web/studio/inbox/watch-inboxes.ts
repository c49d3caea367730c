/**
 * Tells when a message came into a local inbox, also when the inbox comes later. Only the ledgers and the folders on the way
 * to them are watched: an inbox may hold more files than a machine can watch.
 */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { watch } from 'chokidar'
import { LEDGER_FILE } from './ledger.js'

/** A thousand messages in a second are told a few times. */
const REST_MS = 200

export interface InboxWatch {
  close(): Promise<void>
}

export function watchInboxes(folders: readonly string[], onChange: () => void): InboxWatch {
  const ledgers = folders.map((folder) => path.join(folder, LEDGER_FILE))
  const watcher = watch([...new Set(folders.map(nearest))], {
    ignoreInitial: true,
    ignored: (file) => !ledgers.some((ledger) => isOnTheWay(file, ledger)),
  })
  let resting: NodeJS.Timeout | null = null
  let isDue = false

  function tell(): void {
    if (resting !== null) {
      isDue = true
      return
    }
    onChange()
    resting = setTimeout(() => {
      resting = null
      if (!isDue) return
      isDue = false
      tell()
    }, REST_MS)
  }

  watcher.on('all', tell)
  return {
    async close() {
      if (resting !== null) clearTimeout(resting)
      await watcher.close()
    },
  }
}

/** The folder itself, or the nearest above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : nearest(path.dirname(folder))
}

function isOnTheWay(file: string, ledger: string): boolean {
  const relative = path.relative(path.resolve(file), ledger)
  return !relative.startsWith('..') && !path.isAbsolute(relative)
}
