/** Run: what one contestant did with a number of messages; and how long it may take at most. */

import { setTimeout as wait } from 'node:timers/promises'

export interface Run {
  readonly messages: number
  readonly seconds: number
  /** Of the sending process with its threads; null where it can't be told. */
  readonly cpuMs: number | null
  /** Most resident memory that the process ever had. */
  readonly peakBytes: number | null
  /** Further figures, in the order they are to be shown: `from the command on, s` → 9.1. */
  readonly extra?: Readonly<Record<string, number>>
}

/** What every contestant gets: the same receiver, the same bytes, as many connections. */
export interface Course {
  readonly receiverPort: number
  readonly connections: number
  readonly recipients: number
  /** Temp folder on a disk; each run makes its own below it. */
  readonly folder: string
  /** One Message of the issue as a file, RFC 5322 with CRLF. */
  readonly messageFile: string
  /** Where `--cpu-prof` puts profiles of the engine; null: none are made. */
  readonly profileFolder: string | null
}

/** The slowest that is waited for, messages a second; and what starting may take. */
const SLOWEST_PER_SECOND = 30
const STARTING_MS = 120_000

/** Rejects when it takes longer than so many messages may; the work itself is then still to be ended. */
export async function withinTime<T>(what: string, messages: number, work: Promise<T>): Promise<T> {
  const limitMs = STARTING_MS + (messages / SLOWEST_PER_SECOND) * 1_000
  const stop = new AbortController()
  const late = wait(limitMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${what} took longer than ${Math.round(limitMs / 1_000)} s for ${messages} messages`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    stop.abort()
    late.catch(() => {})
  }
}
