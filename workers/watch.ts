/**
 * The watch: an engine's first and lasting look at its database. A copy, or one that is silent for long, sends nothing
 * until a person adopts it; otherwise it notes every minute that an engine is here.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Fingerprint } from '../src/db/fingerprint.js'
import type { Generation } from '../src/db/generation.js'
import type { Identity } from '../src/db/identity.js'
import { transact } from '../src/db/transact.js'
import { messageOf } from '../src/errors.js'
import type { Log } from '../src/log.js'
import { holdCopied, holdSilent } from '../src/send/hold.js'
import { dropWaiting } from '../src/send/notice/attempt.js'

const BEAT_MS = 60_000
/** How soon an adoption by another command is noticed, and a Send made meanwhile is held too. */
const LOOK_AGAIN_MS = 1_000
/** A server that can't be reached must not keep an engine from ending. */
const LAST_LOOK_MS = 2_000

export interface WatchOptions {
  readonly identity: Identity
  readonly longSilenceMs: number
  readonly now: () => number
  readonly log: Log
}

export interface Watch {
  /** False: this may be a copy; nothing may be claimed, frozen, scheduled or tried again. */
  isOpen(): boolean
  close(): Promise<void>
}

/** Resolves after the first look, with everything held that is to be held. */
export async function startWatch(options: WatchOptions): Promise<Watch> {
  const stop = new AbortController()
  const { db } = options.identity
  let seen = await look(options, { isFirst: true })
  let isReached = true
  if (seen !== null) warn(options.log, seen)
  const running = run()

  async function run(): Promise<void> {
    for (;;) {
      // Aborting the wait is how it ends.
      await wait(seen === null ? BEAT_MS : LOOK_AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {})
      if (stop.signal.aborted) return lookLast()
      await lookAgain()
    }
  }

  async function lookAgain(): Promise<void> {
    const before = seen
    try {
      seen = await look(options, { isFirst: false })
      isReached = true
    } catch (error) {
      isReached = false
      options.log.warn({ error: messageOf(error) }, 'the watch could not look at the database')
    }
    if (before !== null && seen === null) options.log.info('adopted: this database sends from now on')
    if (before === null && seen !== null) warn(options.log, seen)
  }

  async function lookLast(): Promise<void> {
    if (db.engine === 'sqlite') await lookAgain()
    else if (isReached) await Promise.race([lookAgain(), wait(LAST_LOOK_MS, undefined, { ref: false })])
  }

  return {
    isOpen: () => seen === null,
    // With a last look, so that a copy made until now is an old one.
    async close() {
      stop.abort()
      await running
    },
  }
}

/** One transaction: judge, then hold or note. Returns what is odd in words, or null when this is the one. */
async function look(
  { identity, longSilenceMs, now, log }: WatchOptions,
  { isFirst }: { readonly isFirst: boolean },
): Promise<readonly string[] | null> {
  const present = await identity.present()
  if (isFirst) sayUntold(present, log)
  const { seen, held, generation } = await transact(identity.db.query, 'watch', async (trx) => {
    const recognition = await identity.recognise(trx, present)
    if (recognition.kind === 'copy') {
      const { seen } = recognition
      await identity.doubt(trx, seen)
      // What people ask for here from now on is theirs to get, once somebody has said that this is the one.
      if (isFirst) await dropWaiting(trx, now)
      return { seen, held: await holdCopied(trx, seen), generation: null }
    }
    if (recognition.kind === 'new') await identity.settle(trx, present)
    const lastSeen = isFirst ? await identity.lastSeen(trx) : null
    const held = await holdSilent(trx, { lastSeen, longSilenceMs, now })
    return { seen: null, held, generation: await identity.beat(trx) }
  })
  if (generation !== null) await leave(identity, { generation, log })
  if (held.length > 0 && seen === null)
    log.warn({ sends: held }, 'no engine ran here for long; pressrun adopt lets what was under way go on')
  return seen
}

/** On Postgres a full disk here is no reason to stop: the next mark says it all. */
async function leave(
  identity: Identity,
  { generation, log }: { readonly generation: Generation; readonly log: Log },
): Promise<void> {
  try {
    await identity.leave(generation)
  } catch (error) {
    if (identity.db.engine === 'sqlite') throw error
    log.warn({ error: messageOf(error) }, 'no mark could be left in the data folder')
  }
}

/** A machine without an id, a file system without birth times, a provider that keeps it to himself. */
function sayUntold(present: Fingerprint, log: Log): void {
  const untold = Object.keys(present).filter((name) => present[name] === '')
  if (untold.length > 0) log.info({ untold }, 'not all that a copy could be known by can be learnt here')
}

function warn(log: Log, seen: readonly string[]): void {
  log.warn({ seen }, 'this database looks copied or restored: it sends nothing until pressrun adopt')
}
