/**
 * Journal: intents and outcomes, durably. Whatever is asked while a commit is under way goes into the next one, so one
 * fsync serves many. An intent that could not be committed rejects, and its message is not ended; an outcome waits and
 * is tried again, because only memory knows it.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../log.js'
import type { ClaimedBatch, ClaimedDelivery } from './batch.js'
import { commitEntries, type JournalContext } from './journal-commit.js'
import type { Outcome } from './outcome.js'

const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 5_000
const OUTAGE_AFTER = 3

/** The Attempt a delivery's entry is about is always the one after the last: `delivery.attempt + 1`. */
interface Subject {
  readonly batch: Pick<ClaimedBatch, 'id' | 'fence' | 'sendId'>
  readonly delivery: ClaimedDelivery
}

export interface Intent extends Subject {
  readonly kind: 'intent'
}

/** What came of an Attempt. `refusal`: without an intent, the relay said no before the message's end. */
export interface Result extends Subject {
  readonly kind: 'outcome' | 'refusal'
  readonly outcome: Exclude<Outcome, { kind: 'relayDown' }>
}

export type Entry = Intent | Result

interface Waiting {
  readonly entry: Entry
  readonly resolve: (stands: boolean) => void
  readonly reject: (error: unknown) => void
}

export interface Journal {
  /** Commits the intent; false: lost the lease, paused, excluded. Rejects when the database can't commit. */
  intend(batch: Subject['batch'], delivery: ClaimedDelivery): Promise<boolean>
  /** Commits what came of an intended Attempt, however late; resolves when it is on the disk. */
  record(result: Omit<Result, 'kind'> & { readonly intended: boolean }): Promise<void>
  /** From then on an outcome that can't be committed is given up: at shutdown nobody waits for ever. */
  giveUpAfter(ms: number): void
  /** Resolves when everything asked so far is settled. */
  close(): Promise<void>
}

export function openJournal(context: JournalContext & { readonly log: Log }): Journal {
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let giveUpAt = Number.POSITIVE_INFINITY

  function add(entry: Entry): Promise<boolean> {
    return new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject })
      // On the next turn of the loop, so that replies that arrived together are committed together.
      running ??= new Promise<void>((next) => setImmediate(next)).then(drain)
    })
  }

  async function drain(): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      const kept = await commit(group)
      waiting = [...kept, ...waiting]
      // Nothing of the group could be committed: the database is away, and only what memory alone knows is tried again.
      if (kept.length > 0) {
        await wait(retryMs)
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
      } else retryMs = FIRST_RETRY_MS
    }
    running = null
  }

  /** Settles what it can; returns the outcomes that are to be tried again. */
  async function commit(group: readonly Waiting[]): Promise<readonly Waiting[]> {
    const error = await settleTogether(group)
    if (error === null) return []
    context.log.warn({ err: error, entries: group.length }, 'journal commit failed')
    const failed = group.length > 1 ? await settleOneByOne(group) : group.map((each) => ({ each, error }))
    // One that fails while others pass is at fault itself: it must not hold up the others for ever.
    const isOutage = failed.length === group.length
    const kept =
      isOutage && performance.now() < giveUpAt
        ? failed.filter(({ each }) => each.entry.kind !== 'intent')
        : []
    for (const one of failed) if (!kept.includes(one)) one.each.reject(one.error)
    return kept.map(({ each }) => each)
  }

  async function settleOneByOne(group: readonly Waiting[]) {
    const failed: { readonly each: Waiting; readonly error: unknown }[] = []
    for (const [at, each] of group.entries()) {
      // When the first few fail one after the other, the database is away; the others need not find out by waiting.
      const isAway = at === OUTAGE_AFTER && failed.length === OUTAGE_AFTER
      const last = failed.at(-1)
      if (isAway && last)
        return [...failed, ...group.slice(at).map((rest) => ({ each: rest, error: last.error }))]
      const error = await settleTogether([each])
      if (error !== null) failed.push({ each, error })
    }
    return failed
  }

  /** Null: committed, and everyone told. */
  async function settleTogether(group: readonly Waiting[]): Promise<unknown> {
    try {
      const stands = await commitEntries(
        group.map(({ entry }) => entry),
        context,
      )
      group.forEach(({ resolve }, index) => {
        resolve(stands[index] ?? false)
      })
      return null
    } catch (error) {
      return error ?? new Error('the database gave no reason')
    }
  }

  return {
    intend: (batch, delivery) => add({ kind: 'intent', batch, delivery }),
    async record({ batch, delivery, outcome, intended }) {
      await add({ kind: intended ? 'outcome' : 'refusal', batch, delivery, outcome })
    },
    giveUpAfter(ms) {
      giveUpAt = performance.now() + ms
    },
    async close() {
      while (running !== null) await running
    },
  }
}
