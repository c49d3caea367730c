/** The worker that looks at sign-ups, a pass at a time, and forgets what need not be known any more. */

import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../src/errors.js'
import type { Log } from '../src/log.js'
import { openSeldom } from '../src/seldom.js'
import { forgetNotices } from '../src/send/notice/forget.js'
import { forgetCaps } from '../src/track/cap.js'
import { forgetUnconfirmed } from '../src/track/comment.js'
import { dropSignUp, type ReadContext, readSignUp, waitingSignUps } from '../src/track/read-sign-ups.js'

/** A pass; what is left comes in the next. */
const AT_ONCE = 200
/** One that fails so often is no outage. */
const MAX_FAILURES = 5
const FORGET_EVERY_MS = 600_000
/** An outage shall not fill the log. */
const LOG_FAILURE_EVERY_MS = 30_000

export interface SignUpsOptions extends ReadContext {
  readonly log: Log
  /** Pause between two passes. */
  readonly intervalMs?: number
  readonly pauseAfterFailureMs?: number
}

/** Runs until `close`, which waits for the pass under way. */
export function startSignUps({
  log,
  intervalMs = 500,
  pauseAfterFailureMs = 2_000,
  ...context
}: SignUpsOptions): {
  close(): Promise<void>
} {
  const stop = new AbortController()
  const failures = new Map<number, number>()
  let forgotAt = Number.NEGATIVE_INFINITY
  const isTimeToSay = openSeldom(LOG_FAILURE_EVERY_MS)
  const running = run()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      let pauseMs = intervalMs
      try {
        await readWaiting()
        await forget()
      } catch (error) {
        report(error)
        pauseMs = Math.max(intervalMs, pauseAfterFailureMs)
      }
      // Aborting the wait is how it ends.
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  /** One that fails keeps none of the others waiting. */
  async function readWaiting(): Promise<void> {
    const fates = new Map<string, number>()
    let failed: unknown = null
    for (const id of await waitingSignUps(context.query, AT_ONCE)) {
      if (stop.signal.aborted) break
      try {
        const fate = await readOne(id)
        fates.set(fate, (fates.get(fate) ?? 0) + 1)
      } catch (error) {
        failed = error
      }
    }
    if (fates.size > 0) log.info(Object.fromEntries(fates), 'sign-ups looked at')
    if (fates.has('capped by sign-up all hour'))
      log.warn('more sign-ups in an hour than mails are sent for: a flood, or a great day')
    if (failed !== null) throw failed
  }

  async function readOne(id: number): Promise<string> {
    try {
      const fate = await readSignUp(id, context)
      failures.delete(id)
      return fate.kind === 'capped' ? `capped by ${fate.by}` : fate.kind
    } catch (error) {
      const count = (failures.get(id) ?? 0) + 1
      failures.set(id, count)
      if (count < MAX_FAILURES) throw error
      await dropSignUp(context.query, id)
      failures.delete(id)
      log.error({ error: messageOf(error) }, 'a sign-up could not be read, and was let go')
      return 'unreadable'
    }
  }

  async function forget(): Promise<void> {
    if (performance.now() - forgotAt < FORGET_EVERY_MS) return
    const now = context.now()
    await forgetCaps(context.query, now)
    await forgetNotices(context.query, now)
    await forgetUnconfirmed(context.query, now)
    forgotAt = performance.now()
  }

  function report(error: unknown): void {
    if (isTimeToSay())
      log.warn({ error: messageOf(error) }, 'sign-ups could not be looked at; it goes on trying')
  }

  return {
    close: async () => {
      stop.abort()
      await running
    },
  }
}
