/** The ingest worker: Hits become Events, a pass at a time. A pass that fails is logged; the next one catches up. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../src/db/db.js'
import { ingestOnce } from '../src/event/ingest.js'
import type { Log } from '../src/log.js'
import { honourReaders } from '../src/send/evidence.js'

/** An outage shall not fill the log. */
const PAUSE_AFTER_FAILURE_MS = 10_000

export interface IngestOptions {
  readonly db: Db
  readonly log: Log
  readonly now: () => number
  /** Pause between two passes. */
  readonly intervalMs?: number
}

/** Runs until `close`, which waits for the pass under way. */
export function startIngest({ db, log, now, intervalMs = 1_000 }: IngestOptions): { close(): Promise<void> } {
  const stop = new AbortController()
  const running = run()

  async function run(): Promise<void> {
    // Whatever came before a crash may be evidence too.
    let isEvidence = true
    while (!stop.signal.aborted) {
      let pauseMs = intervalMs
      try {
        const hits = await ingestOnce({ db, now })
        if (hits > 0 || isEvidence) await honourReaders({ query: db.query, now })
        isEvidence = false
        if (hits > 0) log.debug({ hits }, 'hits ingested')
      } catch (error) {
        log.error({ err: error }, 'ingest failed')
        pauseMs = Math.max(intervalMs, PAUSE_AFTER_FAILURE_MS)
      }
      // Aborting the wait is how it ends.
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  return {
    close: async () => {
      stop.abort()
      await running
    },
  }
}
