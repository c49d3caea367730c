/**
 * Tells when a message came into a local inbox, also when the inbox comes later. The system says that something happened in its
 * folder, or the nearest there is; whether it was a message says the ledger. A look now and then sees what no system tells.
 */

import { type FSWatcher, type Stats, statSync, watch } from 'node:fs'
import path from 'node:path'
import { LEDGER_FILE } from './ledger.js'

export interface InboxWatch {
  close(): void
}

/** One message is several events. */
const SETTLE_MS = 5
/** A thousand messages in a second are told a few times. */
const REST_MS = 200
const LOOK_MS = 2_000

export function watchInboxes(folders: readonly string[], onChange: () => void): InboxWatch {
  const looks = folders.map((folder) => lookAt(folder, () => hear(SETTLE_MS)))
  let timer: NodeJS.Timeout | null = null
  let restsUntil = 0

  function hear(waitMs: number): void {
    timer ??= setTimeout(look, Math.max(waitMs, restsUntil - Date.now()))
  }

  function look(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    // Every one of them, whatever the first has seen.
    const isNew = looks.map((one) => one.look()).includes(true)
    if (!isNew) return
    restsUntil = Date.now() + REST_MS
    onChange()
  }

  for (const one of looks) one.look()
  const clock = setInterval(() => hear(0), LOOK_MS).unref()
  return {
    close() {
      clearInterval(clock)
      if (timer !== null) clearTimeout(timer)
      for (const one of looks) one.close()
    },
  }
}

interface Look {
  /** Whether the ledger is another than at the last look. */
  look(): boolean
  close(): void
}

function lookAt(folder: string, onEvent: () => void): Look {
  const ledger = path.join(folder, LEDGER_FILE)
  let mark = markOf(ledger)
  let watched = { place: '', watcher: null as FSWatcher | null }

  function follow(): void {
    const nearest = nearestFolder(folder)
    const place = `${nearest} ${statsOf(nearest)?.ino}`
    if (place === watched.place) return
    watched.watcher?.close()
    watched = { place, watcher: start(nearest, onEvent) }
  }

  return {
    look() {
      follow()
      const before = mark
      mark = markOf(ledger)
      return mark !== before
    },
    close: () => watched.watcher?.close(),
  }
}

function markOf(file: string): string {
  const stats = statsOf(file)
  return stats === null ? '' : `${stats.ino} ${stats.birthtimeMs} ${stats.size}`
}

/** Null when it is not there, or in a folder of somebody else's (an engine's, run by another user). */
function statsOf(file: string): Stats | null {
  try {
    return statSync(file)
  } catch {
    return null
  }
}

function nearestFolder(folder: string): string {
  const above = path.dirname(folder)
  return above === folder || statsOf(folder)?.isDirectory() ? folder : nearestFolder(above)
}

/** Null when it has gone, or the system has no more watches to give. */
function start(folder: string, onEvent: () => void): FSWatcher | null {
  try {
    return watch(folder, { persistent: false }, onEvent).on('error', onEvent)
  } catch {
    return null
  }
}
