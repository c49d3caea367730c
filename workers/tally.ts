/**
 * The tally worker: counts Sends that are settled, and takes up counts of Hits that nobody goes on with, those of before
 * this version among them. What fails is logged, and the next pass tries again.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../src/db/db.js'
import { abandonedRebuilds, continueRebuild } from '../src/event/rejudge.js'
import type { Log } from '../src/log.js'
import { readTally, sendsToTally } from '../src/report/settled.js'

/** An outage shall not fill the log. */
const PAUSE_AFTER_FAILURE_MS = 10_000

export interface TallyOptions {
  readonly db: Db
  readonly log: Log
  readonly now: () => number
  /** Pause between two passes. */
  readonly intervalMs?: number
}

/** Runs until `close`, which waits for the Send in hand. */
export function startTally({ db, log, now, intervalMs = 2_000 }: TallyOptions): { close(): Promise<void> } {
  const stop = new AbortController()
  const running = run()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      let pauseMs = intervalMs
      try {
        await countAll()
      } catch (error) {
        if (!stop.signal.aborted) log.error({ err: error }, 'counting failed')
        pauseMs = Math.max(intervalMs, PAUSE_AFTER_FAILURE_MS)
      }
      // Aborting the wait is how it ends.
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  async function countAll(): Promise<void> {
    for (const sendId of await sendsToTally(db.query)) {
      if (stop.signal.aborted) return
      await readTally(db.query, sendId)
    }
    for (const sendId of await abandonedRebuilds(db.query, now())) {
      const { hits } = await continueRebuild(db.query, sendId, { now, signal: stop.signal })
      if (stop.signal.aborted) return
      log.info({ sendId, hits }, 'hits of before are counted')
    }
  }

  return {
    close: async () => {
      stop.abort()
      await running
    },
  }
}
