/**
 * The purge: once a day what is older than the publication keeps it loses who asked. Step by step with pauses between, so
 * that intents and Hits never wait for it; one that is broken off goes on where it was.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Query } from '../src/db/db.js'
import { purgeHits } from '../src/event/purge.js'
import type { Publication } from '../src/issue/publication.js'
import type { Log } from '../src/log.js'
import { purgeFeedback } from '../src/track/feedback/purge.js'

const DAY_MS = 86_400_000
const PAUSE_AFTER_FAILURE_MS = 600_000
/** Of the time: the writer is for others most of it. */
const SHARE = 0.2
const MIN_PAUSE_MS = 20

export interface PurgeOptions {
  readonly query: Query
  readonly publication: () => Promise<Publication | null>
  readonly log: Log
  readonly now: () => number
  /** From the end of one pass to the next. */
  readonly intervalMs?: number
}

/** Runs until `close`, which waits for the step under way. */
export function startPurge({ intervalMs = DAY_MS, ...options }: PurgeOptions): { close(): Promise<void> } {
  const stop = new AbortController()
  const running = run()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      let pauseMs = intervalMs
      try {
        const purged = await purgeOnce(options, stop.signal)
        if (purged > 0) options.log.info({ purged }, 'old requests no longer say who asked')
      } catch (error) {
        options.log.error({ err: error }, 'the purge failed')
        pauseMs = Math.min(intervalMs, PAUSE_AFTER_FAILURE_MS)
      }
      await pause(pauseMs, stop.signal)
    }
  }

  return {
    close: async () => {
      stop.abort()
      await running
    },
  }
}

/** Returns how many Hits and how much Feedback it went through. Where nobody knows what is to be kept, all is. */
export async function purgeOnce(
  { query, publication, now }: Pick<PurgeOptions, 'query' | 'publication' | 'now'>,
  signal?: AbortSignal,
): Promise<number> {
  const keepDays = (await publication())?.tracking.keepDays ?? null
  if (keepDays === null) return 0
  const before = now() - keepDays * DAY_MS
  let purged = 0
  for (const step of [purgeHits, purgeFeedback]) {
    for (;;) {
      if (signal?.aborted) return purged
      const start = performance.now()
      const done = await step(query, before)
      if (done === 0) break
      purged += done
      const tookMs = performance.now() - start
      await pause(Math.max(MIN_PAUSE_MS, (tookMs * (1 - SHARE)) / SHARE), signal)
    }
  }
  return purged
}

/** Aborting is how it ends early. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(ms, undefined, signal ? { signal } : {}).catch(() => {})
}
