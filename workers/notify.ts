/**
 * The worker that sends Notices: it looks at the database a few times a second, beside all Sends and without Redis. A few
 * go out at once; one that takes long keeps none of the others waiting.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../src/errors.js'
import type { Log } from '../src/log.js'
import { openSeldom } from '../src/seldom.js'
import {
  type ClaimedNotice,
  claimNotices,
  type GiveUpContext,
  giveUpNotices,
  releaseNotice,
} from '../src/send/notice/claim.js'
import type { NoticeSender } from '../src/send/notice/message.js'
import { type NoticeContext, sendNotice } from '../src/send/notice/send-notice.js'

const AT_ONCE = 8
const GIVE_UP_EVERY_MS = 5_000
/** While nobody has said whom they are from. */
const NOBODY_PAUSE_MS = 5_000
const PAUSE_AFTER_FAILURE_MS = 2_000
/** An outage shall not fill the log. */
const LOG_FAILURE_EVERY_MS = 30_000

export interface NotifyOptions {
  readonly context: NoticeContext & Pick<GiveUpContext, 'isDead' | 'wireTimeoutMs'>
  /** Whom Notices are from; null: nobody has said, and they wait. */
  readonly sender: () => Promise<NoticeSender | null>
  /** May anything be sent now? */
  readonly isOpen: () => boolean
  readonly log: Log
  /** Pause between two looks. */
  readonly intervalMs?: number
}

/** Runs until `close`, which waits for those under way. */
export function startNotify({ context, sender, isOpen, log, intervalMs = 300 }: NotifyOptions): {
  /** Nothing more is begun. */
  stop(): void
  close(): Promise<void>
} {
  const stop = new AbortController()
  const underWay = new Set<Promise<void>>()
  let lookedAt = Number.NEGATIVE_INFINITY
  const isTimeToSay = openSeldom(LOG_FAILURE_EVERY_MS)
  let hasSaidNobody = false
  const running = run()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      let pauseMs = intervalMs
      try {
        await giveUp()
        if (isOpen()) await beginDue()
      } catch (error) {
        report(error)
        pauseMs = Math.max(intervalMs, PAUSE_AFTER_FAILURE_MS)
      }
      // Aborting the wait is how it ends.
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  async function giveUp(): Promise<void> {
    if (performance.now() - lookedAt < GIVE_UP_EVERY_MS) return
    const { uncertain, expired } = await giveUpNotices(context)
    lookedAt = performance.now()
    if (uncertain > 0) log.warn({ uncertain }, 'nobody can say whether these notices arrived')
    if (expired > 0) log.warn({ expired }, 'notices were not sent in their time')
  }

  async function beginDue(): Promise<void> {
    for (const claimed of await claimNotices(AT_ONCE - underWay.size, context)) {
      const sending = begin(claimed).catch((error: unknown) => {
        context.gate.suspect()
        report(error)
      })
      underWay.add(sending)
      void sending.finally(() => underWay.delete(sending))
    }
  }

  async function begin(claimed: ClaimedNotice): Promise<void> {
    const from = await sender()
    if (from !== null) return sendNotice(claimed, from, context)
    if (!hasSaidNobody)
      log.warn('notices wait: issues/newsletter.yaml does not say "from", and none is known')
    hasSaidNobody = true
    return releaseNotice(claimed.id, { ...context, pauseMs: NOBODY_PAUSE_MS })
  }

  function report(error: unknown): void {
    if (isTimeToSay()) log.warn({ error: messageOf(error) }, 'notices could not be sent; it goes on trying')
  }

  return {
    stop: () => stop.abort(),
    async close() {
      stop.abort()
      await running
      await Promise.all(underWay)
    },
  }
}
