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
  /** Resolves when everything asked so far is settled. Outcomes that still can't be committed are given up. */
  close(): Promise<void>
}

export function openJournal(context: JournalContext & { readonly log: Log }): Journal {
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let isClosing = false

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
      try {
        const stands = await commitEntries(
          group.map(({ entry }) => entry),
          context,
        )
        group.forEach(({ resolve }, index) => {
          resolve(stands[index] ?? false)
        })
        retryMs = FIRST_RETRY_MS
      } catch (error) {
        context.log.warn({ err: error, entries: group.length }, 'journal commit failed')
        const kept = isClosing ? [] : group.filter(({ entry }) => entry.kind !== 'intent')
        for (const each of group) if (!kept.includes(each)) each.reject(error)
        waiting = [...kept, ...waiting]
        if (waiting.length > 0) await wait(retryMs)
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
      }
    }
    running = null
  }

  return {
    intend: (batch, delivery) => add({ kind: 'intent', batch, delivery }),
    async record({ batch, delivery, outcome, intended }) {
      await add({ kind: intended ? 'outcome' : 'refusal', batch, delivery, outcome })
    },
    async close() {
      isClosing = true
      while (running !== null) await running
    },
  }
}
