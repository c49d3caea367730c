/**
 * The scheduling worker, a pass at a time: takes back expired leases, begins Sends whose time has come, gathers retries
 * that are due, rings forgotten Batches; and beside it what takes long: goes on with freezes, settles cancelled Sends,
 * finishes others. Each step is safe beside another process doing it too.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../src/db/db.js'
import { messageOf } from '../src/errors.js'
import type { Keys } from '../src/link/token.js'
import type { Log } from '../src/log.js'
import type { Queue } from '../src/queue/queue.js'
import { openSeldom } from '../src/seldom.js'
import { forgottenBatches } from '../src/send/batch.js'
import { beginDueSends } from '../src/send/begin.js'
import { type Bells, keepBells } from '../src/send/bells.js'
import { finishSend, gatherDueRetries, reopenUnfinished, sendsThatAreDone } from '../src/send/due.js'
import { freezeSend } from '../src/send/freeze.js'
import { sweepCancelled } from '../src/send/life.js'
import type { FindLanes } from '../src/send/mx-lanes.js'
import { giveUpLanes } from '../src/send/pace/give-up.js'
import { resolveUncertain, sendsToResend } from '../src/send/resolve.js'
import type { RetryPolicy } from '../src/send/retry.js'
import { isSettled, sendsIn } from '../src/send/send.js'
import { sendsToSettle, settleSend } from '../src/send/settle.js'
import { expireLeases } from '../src/send/takeover.js'
import { takeBackLateRefusals } from '../src/send/trip.js'
import { verifySend } from '../src/send/verify.js'
import { flagBursts, sayBurst } from '../src/track/bursts.js'
import { eraseRest } from '../src/track/erase-rest.js'

const PAUSE_AFTER_FAILURE_MS = 2_000
/** An outage shall not fill the log. */
const LOG_FAILURE_EVERY_MS = 30_000
/** Minutes of Events are read each time. */
const BURSTS_EVERY_MS = 10_000

export interface ScheduleOptions {
  readonly db: Db
  readonly keys: Keys
  readonly queue: Queue
  readonly log: Log
  readonly now: () => number
  /** False: nothing is done for now, since the database may be a copy. */
  readonly isOpen: () => boolean
  /** Is the process that holds a lease certainly gone? */
  readonly isDead: (owner: string) => boolean
  /** How long a reply may take on the wire, ms. */
  readonly wireTimeoutMs: number
  readonly retry: RetryPolicy
  /** Lanes by mail exchanger. */
  readonly findLanes?: FindLanes
  /** Pause between two passes. */
  readonly intervalMs?: number
}

/** Runs until `close`, which waits for the step under way. */
export function startSchedule({ intervalMs = 500, ...options }: ScheduleOptions): { close(): Promise<void> } {
  const stop = new AbortController()
  const isTimeToSay = openSeldom(LOG_FAILURE_EVERY_MS)
  const bells = keepBells(() => performance.now())
  const isTimeForBursts = openSeldom(BURSTS_EVERY_MS)
  const running = Promise.all([run(STEPS), run(LONG_STEPS)])

  async function run(steps: Steps): Promise<void> {
    while (!stop.signal.aborted) {
      let pauseMs = intervalMs
      // Each for itself: what one Send or Redis can't do must not hold up the others.
      for (const [step, work] of Object.entries(steps)) {
        if (stop.signal.aborted) return
        if (!options.isOpen()) break
        try {
          await work({ ...options, isTimeForBursts, bells, stop: stop.signal })
        } catch (error) {
          if (isTimeToSay(step))
            options.log.warn({ step, error: messageOf(error) }, 'schedule step failed; it goes on trying')
          pauseMs = Math.max(intervalMs, PAUSE_AFTER_FAILURE_MS)
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

interface StepContext extends Omit<ScheduleOptions, 'intervalMs'> {
  /** True once in a while. */
  readonly isTimeForBursts: () => boolean
  readonly bells: Bells
  readonly stop: AbortSignal
}

type Steps = Readonly<Record<string, (context: StepContext) => Promise<void>>>

/** In order; the ring is last, since it alone needs Redis. */
const STEPS: Steps = {
  async expire({ db: { query }, now, isDead, log }) {
    const batches = await expireLeases({ query, now, isDead })
    if (batches > 0) log.warn({ batches }, 'leases expired')
  },
  async begin({ db: { query }, now, log }) {
    const { begun, missed } = await beginDueSends({ query, now })
    for (const sendId of begun) log.info({ sendId }, 'scheduled send begun')
    for (const sendId of missed) log.warn({ sendId }, 'scheduled send missed its time; it waits for a word')
  },
  async resend({ db: { query }, keys, now, wireTimeoutMs, isDead, retry }) {
    const request = {
      decision: 'resend',
      addressKey: null,
      by: 'the policy of the Send',
      policy: retry,
    } as const
    for (const sendId of await sendsToResend(query))
      await resolveUncertain({ sendId, ...request }, { query, keys, now, wireTimeoutMs, isDead })
  },
  async takeBack({ db: { query }, now }) {
    await takeBackLateRefusals({ query, now })
  },
  async giveUp({ db: { query }, now, retry, log }) {
    const expired = await giveUpLanes({ query, now, retry })
    if (expired > 0) log.warn({ expired }, 'a receiver has slowed us down for too long')
  },
  async retry({ db: { query }, keys, now }) {
    await gatherDueRetries({ query, keys, now })
  },
  async reopen({ db: { query }, log }) {
    for (const sendId of await reopenUnfinished(query)) log.info({ sendId }, 'finished send goes on')
  },
  async ring({ db: { query }, now, queue, bells }) {
    const due = bells.due(await forgottenBatches({ query, now }))
    await queue.ring(due)
    bells.rung(due)
  },
}

/** Those that go through everyone of a Send, beside the others: half a million take many seconds. */
const LONG_STEPS: Steps = {
  async settle({ db: { query }, keys, now, log, stop }) {
    for (const sendId of await sendsToSettle(query)) {
      await sweepCancelled(sendId, { query, now, stop })
      if (!(await isSettled(query, sendId))) continue
      const alarm = await verified(sendId, { query, keys })
      if (!(await settleSend(sendId, { query, now, alarm }))) continue
      log.info({ sendId }, 'cancelled send settled')
      if (alarm !== null) log.error({ sendId, alarm }, 'verification failed')
    }
  },
  async freeze({ db: { query }, ...context }) {
    const errors: unknown[] = []
    for (const sendId of await sendsIn(query, 'preparing'))
      await freezeSend(sendId, { query, ...context }).catch((error: unknown) => errors.push(error))
    if (errors.length > 0) throw errors[0]
  },
  async bursts({ db: { query }, now, log, isTimeForBursts }) {
    if (!isTimeForBursts()) return
    for (const burst of await flagBursts({ query, now })) {
      const { id, network, how, people } = burst
      log.warn({ burst: id, network, how, people }, sayBurst(burst))
    }
  },
  async erase({ db: { query }, now, wireTimeoutMs, log }) {
    const people = await eraseRest({ query, now, wireTimeoutMs, log })
    if (people > 0) log.info({ people }, 'erasures done')
  },
  async finish({ db: { query }, keys, now, log }) {
    for (const sendId of await sendsThatAreDone(query)) {
      const alarm = await verified(sendId, { query, keys })
      if (!(await finishSend(sendId, { query, now, alarm }))) continue
      log.info({ sendId, isClean: alarm === null }, 'send finished')
      if (alarm !== null) log.error({ sendId, alarm }, 'verification failed')
    }
  },
}

/** What does not hold, as a sentence; null when all does. */
async function verified(
  sendId: number,
  context: { readonly query: Db['query']; readonly keys: Keys },
): Promise<string | null> {
  const { isClean, findings } = await verifySend(sendId, context)
  return isClean ? null : findings.map(({ rule, count }) => `${rule} (${count})`).join('; ')
}
