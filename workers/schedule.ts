/**
 * The scheduling worker, a pass at a time: goes on with freezes that were broken off, takes back expired leases, gathers
 * retries that are due, finishes Sends, rings forgotten Batches. Each step is safe beside another process doing it too.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../src/db/db.js'
import { messageOf } from '../src/errors.js'
import type { Keys } from '../src/link/token.js'
import type { Log } from '../src/log.js'
import type { Queue } from '../src/queue/queue.js'
import { expireLeases, forgottenBatches } from '../src/send/batch.js'
import { finishSends, gatherDueRetries } from '../src/send/due.js'
import { freezeSend } from '../src/send/freeze.js'
import { raiseAlarm, sendsIn } from '../src/send/send.js'
import { verifySend } from '../src/send/verify.js'

/** Ringing in a window: a million recipients are 2,000 Batches, and Redis need not hold them all. */
const RING_AT_ONCE = 100
const PAUSE_AFTER_FAILURE_MS = 2_000
/** An outage shall not fill the log. */
const LOG_FAILURE_EVERY_MS = 30_000

export interface ScheduleOptions {
  readonly db: Db
  readonly keys: Keys
  readonly queue: Queue
  readonly log: Log
  readonly now: () => number
  /** Pause between two passes. */
  readonly intervalMs?: number
}

/** Runs until `close`, which waits for the pass under way. */
export function startSchedule({ intervalMs = 500, ...options }: ScheduleOptions): { close(): Promise<void> } {
  const stop = new AbortController()
  let failureLoggedAt = Number.NEGATIVE_INFINITY
  const running = run()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      let pauseMs = intervalMs
      try {
        await schedulePass(options)
      } catch (error) {
        pauseMs = Math.max(intervalMs, PAUSE_AFTER_FAILURE_MS)
        if (performance.now() - failureLoggedAt > LOG_FAILURE_EVERY_MS) {
          failureLoggedAt = performance.now()
          options.log.warn({ error: messageOf(error) }, 'schedule pass failed; it goes on trying')
        }
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

async function schedulePass({
  db: { query },
  keys,
  queue,
  log,
  now,
}: Omit<ScheduleOptions, 'intervalMs'>): Promise<void> {
  for (const sendId of await sendsIn(query, 'preparing')) await freezeSend(sendId, { query, keys, now })
  const expired = await expireLeases({ query, now })
  if (expired > 0) log.warn({ batches: expired }, 'leases expired')
  await gatherDueRetries({ query, now })
  for (const sendId of await finishSends({ query, now })) {
    const { isClean, findings } = await verifySend(sendId, { query, keys })
    log.info({ sendId, isClean }, 'send finished')
    if (!isClean) {
      const alarm = findings.map(({ rule, count }) => `${rule} (${count})`).join('; ')
      log.error({ sendId, alarm }, 'verification failed')
      await raiseAlarm(query, sendId, alarm)
    }
  }
  // Last, since it alone needs Redis.
  await queue.ring(await forgottenBatches({ query, now }, RING_AT_ONCE))
}
