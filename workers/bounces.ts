/**
 * The worker for what comes back: reads mailboxes one beside the other, hands each mail to `takeFeedback`, and looks from time to
 * time what that means for Sends under way. A mail that cannot be taken, though the database is well, is tried again, then set
 * aside; it holds up no other.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../src/db/db.js'
import { messageOf } from '../src/errors.js'
import type { Keys } from '../src/link/token.js'
import type { Log } from '../src/log.js'
import { isPostmaster } from '../src/return-path.js'
import { openSeldom } from '../src/seldom.js'
import type { Disposal, Mailbox, ReturnedMail } from '../src/smtp/mailbox.js'
import { digestOf } from '../src/track/feedback/digest.js'
import { lastComplaint, readComplaintRate, sendsWithComplaints } from '../src/track/feedback/guard-send.js'
import { forgetOldLetters } from '../src/track/feedback/letters.js'
import { readFeedback } from '../src/track/feedback/read-feedback.js'
import { type FeedbackRules, type Taken, takeFeedback } from '../src/track/feedback/take.js'
import { guardSends, tidyFeedback } from '../src/track/feedback/tidy.js'

const GUARD_EVERY_MS = 5_000
const TIDY_EVERY_MS = 60_000
const READ_EVERY_MS = 60_000
/** A server that refuses us is not asked every minute. */
const PAUSE_AFTER_FAILURE_MS = 5 * 60_000
/** Neither an outage nor a flood shall fill the log. */
const LOG_FAILURE_EVERY_MS = 10 * 60_000
const MAX_TRIES = 3
const MAX_REMEMBERED = 1_000

export interface BouncesOptions {
  readonly db: Db
  readonly keys: Keys
  readonly rules: FeedbackRules
  readonly mailboxes: readonly Mailbox[]
  /** False: this may be a copy, and another reads the mailboxes. */
  readonly isOpen: () => boolean
  /** Commits something; throws when the database takes nothing. */
  readonly probe: () => Promise<void>
  readonly log: Log
  readonly now: () => number
  /** Pause between two looks into a mailbox. */
  readonly readEveryMs?: number
  readonly guardEveryMs?: number
}

export interface RunningBounces {
  /** Resolves when it is on record. Throws when nothing can be recorded now. */
  take(mail: ReturnedMail): Promise<Disposal>
  close(): Promise<void>
}

/** Runs until `close`, which waits for the mail under way. */
export function startBounces(options: BouncesOptions): RunningBounces {
  const { db, rules, mailboxes, isOpen, log, now } = options
  const { readEveryMs = READ_EVERY_MS, guardEveryMs = GUARD_EVERY_MS } = options
  const stop = new AbortController()
  const take = taker(options)
  /** What had come before is told by `pressrun bounces`. */
  let complaintsTill: number | null = null
  /** Once a Send. */
  const warnedOf = new Set<number>()
  const isTimeToSay = openSeldom(LOG_FAILURE_EVERY_MS)
  const running = Promise.all([
    ...mailboxes.map((mailbox) => repeat(readEveryMs, mailbox.name, () => readMailbox(mailbox))),
    repeat(guardEveryMs, 'sends under way', guard),
    repeat(TIDY_EVERY_MS, 'what is to be tidied', tidy),
  ])

  /** One that fails is said, and waits; the others go on. */
  async function repeat(everyMs: number, what: string, work: () => Promise<void>): Promise<void> {
    while (!stop.signal.aborted) {
      let pauseMs = everyMs
      try {
        if (isOpen()) await work()
      } catch (error) {
        if (isTimeToSay(what))
          log.warn(
            { what, error: messageOf(error) },
            'what came back could not be looked at; it goes on trying',
          )
        pauseMs = Math.max(everyMs, Math.min(PAUSE_AFTER_FAILURE_MS, 10 * everyMs))
      }
      // Aborting the wait is how it ends.
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  async function readMailbox(mailbox: Mailbox): Promise<void> {
    await mailbox.readAll(take, stop.signal)
  }

  async function guard(): Promise<void> {
    for (const { sendId, reason } of await guardSends({ query: db.query }))
      log.error({ sendId, reason }, 'the send is paused')
    complaintsTill ??= await lastComplaint(db.query)
    const { sendIds, last } = await sendsWithComplaints(db.query, complaintsTill)
    complaintsTill = last
    for (const sendId of sendIds.filter((sendId) => !warnedOf.has(sendId))) {
      const { complaints, sent, level } = await readComplaintRate(db.query, sendId)
      if (level === 'fine') continue
      warnedOf.add(sendId)
      log.warn({ sendId, complaints, sent }, 'many readers report this send as spam: 0.1 % or more')
    }
  }

  async function tidy(): Promise<void> {
    const { settled, wornOut } = await tidyFeedback({ query: db.query, keys: options.keys, rules, now })
    if (settled > 0) log.info({ settled }, 'uncertain ones are known by what came back')
    if (wornOut > 0) log.info({ wornOut }, 'addresses whose mailbox stays full are given up')
    await forgetOldLetters({ query: db.query, now })
  }

  return {
    take,
    async close() {
      stop.abort()
      await running
    },
  }
}

/** Takes one mail; says what is to become of it. */
function taker({
  db,
  keys,
  rules,
  probe,
  log,
  now,
}: BouncesOptions): (mail: ReturnedMail) => Promise<Disposal> {
  const failed = new Map<string, number>()
  const isTimeToSay = openSeldom(LOG_FAILURE_EVERY_MS)
  return async ({ source, bytes, envelopeTo, envelope }) => {
    const digest = digestOf(bytes, envelopeTo)
    try {
      const feedback = await readFeedback(bytes, envelopeTo)
      const taken = await takeFeedback(db, {
        feedback,
        source,
        digest,
        isVerified: false,
        bytes,
        envelope,
        isForPerson: envelopeTo.some(isPostmaster),
        keys,
        rules,
        now: now(),
      })
      failed.delete(digest)
      if (taken.kind === 'surplus') {
        if (isTimeToSay())
          log.warn({ source }, 'more comes that is about no message of ours than is kept in a day')
        // What lies in a mailbox is there for whoever looks for it; a server that has it yet keeps it for us.
        return source === 'smtp' ? 'later' : 'kept'
      }
      tell(taken, log)
      return taken.deliveryId === null || taken.verdict === 'unknown' ? 'kept' : 'done'
    } catch (error) {
      // A database that takes nothing is nothing about this mail: that throws, and all wait.
      await probe()
      const tries = (failed.get(digest) ?? 0) + 1
      failed.set(digest, tries)
      const [oldest] = failed.keys()
      if (failed.size > MAX_REMEMBERED && oldest !== undefined) failed.delete(oldest)
      log.error({ err: error, digest, tries }, 'a mail that came back could not be taken')
      return tries < MAX_TRIES ? 'later' : 'aside'
    }
  }
}

/** No address: who is concerned stands in the record. */
function tell(taken: Taken, log: Log): void {
  if (taken.kind !== 'taken' || !taken.isNews) return
  const { verdict, deliveryId, sendId, lane } = taken
  const isOurFault = verdict === 'policy' || verdict === 'content'
  if (isOurFault)
    log.warn({ verdict, deliveryId, sendId, lane }, 'a message came back for what we are or what it says')
  else log.info({ verdict, deliveryId, sendId }, 'a message came back')
}
