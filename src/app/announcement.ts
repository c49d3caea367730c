/** What other commands need to know of the engine that runs on their root: that it runs, and where it is reached. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.js'
import { makeDataDir } from '../data-dir.js'
import { takeEngineLock } from '../db/engine-lock.js'

/** The lock, not this file, says whether one runs. */
export interface Announcement {
  readonly pid: number
  readonly redis: string
  readonly url: string | null
}

export function announce(
  {
    config,
    redisAddress,
    url,
  }: { readonly config: Config; readonly redisAddress: string; readonly url: string | null },
  closers: (() => void)[],
): void {
  const file = announcementFile(config)
  makeDataDir(config.dataDir)
  const announcement: Announcement = { pid: process.pid, redis: redisAddress, url }
  writeFileSync(file, `${JSON.stringify(announcement)}\n`, { mode: 0o600 })
  closers.push(() => rmSync(file, { force: true }))
}

/** The engine that runs on this root, or null. */
export function findEngine(config: Config): Announcement | null {
  const lock = takeEngineLock(config.dataDir, 'look')
  if (lock !== null) {
    lock.release()
    return null
  }
  try {
    // Written by announce.
    return JSON.parse(readFileSync(announcementFile(config), 'utf8')) as Announcement
  } catch {
    // It is just starting: it will find the work by itself.
    return { pid: 0, redis: '', url: null }
  }
}

function announcementFile({ dataDir }: Config): string {
  return path.join(dataDir, 'engine.json')
}
