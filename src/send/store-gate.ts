/**
 * Store gate: shut while what happens could not be written down, because the database can't commit or the disk is
 * nearly full. Nothing is begun then; what is under way is recorded as soon as it can be. It opens by itself.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../errors.js'

const DISK_EVERY_MS = 1_000
const FIRST_PROBE_PAUSE_MS = 250
const MAX_PROBE_PAUSE_MS = 5_000
/** So that it does not swing around the limit. */
const REOPEN_FACTOR = 1.05

export type StorePart = 'database' | 'disk'

export interface StoreGate {
  /** May something be begun? */
  isOpen(): boolean
  /** A commit failed: shut until one succeeds, which is tried at once. */
  suspect(): void
  /** What is ill, as a sentence for a person. */
  ills(): ReadonlyMap<StorePart, string>
  close(): Promise<void>
}

export interface StoreGateOptions {
  /** A small durable write; rejects while the database can't commit. */
  readonly commit: () => Promise<void>
  /** Bytes free where `.data` lies; null where that can't be known. */
  readonly freeBytes: () => Promise<number | null>
  /** Below it nothing is begun. */
  readonly minFreeBytes: number
  /** Told when one falls ill, with a sentence, and when it is well again (null). */
  readonly onChange: (part: StorePart, ill: string | null) => void
}

/** Resolves when the disk has been looked at once. */
export async function openStoreGate(options: StoreGateOptions): Promise<StoreGate> {
  const { commit, freeBytes, minFreeBytes, onChange } = options
  const stop = new AbortController()
  const ills = new Map<StorePart, string>()
  let probing: Promise<void> | null = null

  function mark(part: StorePart, ill: string | null): void {
    const isNews = (ill === null) === ills.has(part)
    if (ill === null) ills.delete(part)
    else ills.set(part, ill)
    if (isNews) onChange(part, ill)
  }

  async function lookAtDisk(): Promise<void> {
    const free = await freeBytes().catch(() => null)
    const wanted = ills.has('disk') ? minFreeBytes * REOPEN_FACTOR : minFreeBytes
    mark('disk', free === null || free >= wanted ? null : diskSentence(free, minFreeBytes))
  }

  async function watchDisk(): Promise<void> {
    // Aborting the wait is how it ends.
    while (await pause(DISK_EVERY_MS)) await lookAtDisk()
  }

  /** Tries a commit until one succeeds. */
  async function probe(): Promise<void> {
    let pauseMs = FIRST_PROBE_PAUSE_MS
    do {
      const error = await commit().then(
        () => null,
        (reason: unknown) => reason ?? 'it gave no reason',
      )
      mark('database', error === null ? null : databaseSentence(error))
      if (error === null) return
      pauseMs = Math.min(pauseMs * 2, MAX_PROBE_PAUSE_MS)
    } while (await pause(pauseMs))
  }

  /** False: the gate is being closed. */
  async function pause(ms: number): Promise<boolean> {
    await wait(ms, undefined, { signal: stop.signal }).catch(() => {})
    return !stop.signal.aborted
  }

  await lookAtDisk()
  const watching = watchDisk()
  return {
    isOpen: () => ills.size === 0 && probing === null,
    suspect() {
      if (stop.signal.aborted) return
      probing ??= probe().finally(() => {
        probing = null
      })
    },
    ills: () => ills,
    async close() {
      stop.abort()
      await watching
      await probing
    },
  }
}

function diskSentence(free: number, minFreeBytes: number): string {
  return `the disk with .data has ${formatBytes(free)} left, less than MIN_FREE_DISK (${formatBytes(minFreeBytes)}); sending goes on by itself when there is room`
}

function databaseSentence(error: unknown): string {
  return `the database can't commit (${messageOf(error)}); sending goes on by itself when it can`
}

function formatBytes(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : ['MB', 1e6]
  return `${Number((bytes / Number(size)).toPrecision(3))} ${unit}`
}
