/**
 * Journal: intents and outcomes, durably. Whatever is asked while a commit is under way goes into the next one, so one
 * fsync serves many. An intent that could not be committed rejects, and its message is not ended; an outcome waits and
 * is tried again, because only memory knows it; meanwhile it stands in a file, for the case that we die too.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../log.js'
import type { ClaimedBatch, ClaimedDelivery } from './batch.js'
import { commitEntries, type JournalContext } from './journal-commit.js'
import { areQuick, commitQuickly } from './journal-quick.js'
import type { Outcome } from './outcome.js'
import { type OutcomeFile, writeLine } from './outcome-line.js'

/**
 * A commit waits for company: an fsync and two changes of thread cost the same for one as for twenty. A message waits
 * that much longer before its end; a relay's own answer takes as long.
 */
const GATHER_MS = 2
const MAX_GATHERED = 64

const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 5_000
const OUTAGE_AFTER = 3
/** How often one may fail though others pass: a broken connection, or a lock in the way, is no fault of its own. */
const MAX_FAULTS = 5

/** The Attempt a delivery's entry is about is always the one after the last: `delivery.attempt + 1`. */
interface Subject {
  readonly batch: Pick<ClaimedBatch, 'id' | 'fence' | 'sendId'>
  readonly delivery: Pick<ClaimedDelivery, 'deliveryId' | 'attempt' | 'subscriberId' | 'addressKey'>
}

export interface Intent extends Subject {
  readonly kind: 'intent'
  /** Name of the one that has the message. */
  readonly relay: string
}

/** What came of an Attempt whose intent stands. */
export interface Result extends Subject {
  readonly kind: 'outcome'
  readonly outcome: Exclude<Outcome, { kind: 'relayDown' }>
}

/** Without an intent, the relay said no before the message's end. */
export interface EarlyRefusal extends Subject, Pick<Result, 'outcome'> {
  readonly kind: 'refusal'
  readonly relay: string
}

/** Nobody knows whether the intent was committed; its message was not ended and will not be. */
export interface Withdrawal extends Subject {
  readonly kind: 'withdrawal'
}

export type Entry = Intent | Result | EarlyRefusal | Withdrawal

/**
 * `stands`: it is on the disk. `gone`: this Delivery is not to be sent (any more). `notOurs`: nothing of this Batch is:
 * the lease is lost, or the Send is paused or cancelled.
 */
export type Verdict = 'stands' | 'gone' | 'notOurs'

interface Waiting {
  readonly entry: Entry
  readonly resolve: (verdict: Verdict) => void
  readonly reject: (error: unknown) => void
  /** How often it has failed while the database took other writes. */
  faults: number
}

export interface Journal {
  /** Commits the intent. Rejects when the database can't commit; `withdraw` it then. */
  intend(batch: Subject['batch'], delivery: Subject['delivery'], relay: string): Promise<Verdict>
  /** Commits what came of an intended Attempt, however late; resolves when it is on the disk. */
  record(result: Omit<Result, 'kind'>): Promise<void>
  /** Commits an Attempt that ended before there was an intent, if the Delivery is still to be sent. */
  refuse(refusal: Omit<EarlyRefusal, 'kind'>): Promise<void>
  /** Takes back an intent that rejected, should it be on the disk after all; resolves when that is. */
  withdraw(batch: Subject['batch'], delivery: Subject['delivery']): Promise<void>
  /** From then on an outcome that can't be committed is given up: at shutdown nobody waits for ever. */
  giveUpAfter(ms: number): void
  /** Resolves when everything asked so far is settled. */
  close(): Promise<void>
}

export interface JournalOptions extends JournalContext {
  readonly log: Log
  readonly file: OutcomeFile
  /** A small durable write; rejects while the database can't commit. */
  readonly probe: () => Promise<void>
  /** Messages that are on the wire at once: no commit waits for more entries than that. */
  readonly company?: () => number
  /** A commit has failed, perhaps because the database is away. */
  readonly onFailure?: () => void
}

export function openJournal({
  log,
  file,
  probe,
  company = () => 1,
  onFailure = () => {},
  ...context
}: JournalOptions): Journal {
  const isGathered = () => waiting.length >= Math.min(company() / 2, MAX_GATHERED)
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let giveUpAt = Number.POSITIVE_INFINITY
  let isAway = false
  let goNow = () => {}
  /** Outcomes that stand in the file. */
  const filed = new Set<Waiting>()

  function add(entry: Entry): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject, faults: 0 })
      if (isGathered()) goNow()
      running ??= drain()
    })
  }

  async function gather(): Promise<void> {
    if (isGathered()) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS)
      goNow = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    goNow = () => {}
  }

  async function drain(): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    while (waiting.length > 0) {
      await gather()
      const group = waiting
      waiting = []
      const kept = await commit(group)
      waiting = [...kept, ...waiting]
      // Only what memory alone knows is tried again.
      if (kept.length > 0) {
        await keepInFile(kept)
        await wait(retryMs)
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
      } else retryMs = FIRST_RETRY_MS
    }
    // What was given up stays in the file, for the next start.
    if (filed.size > 0 && performance.now() < giveUpAt) {
      filed.clear()
      await file.clear()
    }
    running = null
    // Asked while the file was being removed.
    if (waiting.length > 0) running = drain()
  }

  async function keepInFile(kept: readonly Waiting[]): Promise<void> {
    const fresh = kept.filter((each) => each.entry.kind === 'outcome' && !filed.has(each))
    const lines = fresh.flatMap(({ entry }) => (entry.kind === 'outcome' ? [writeLine(entry)] : []))
    if (lines.length === 0 || !(await file.append(lines))) return
    for (const each of fresh) filed.add(each)
  }

  /** Settles what it can; returns what is to be tried again. */
  async function commit(group: readonly Waiting[]): Promise<readonly Waiting[]> {
    const error = await settleTogether(group, { again: false })
    if (error === null) {
      isAway = false
      return []
    }
    onFailure()
    // Once an outage, not once a try.
    log[isAway ? 'debug' : 'warn']({ err: error, entries: group.length }, 'journal commit failed')
    const failed = await settleOneByOne(group, error)
    isAway = failed.length === group.length && !(await canCommit())
    // One that goes on failing while others pass is at fault itself: it must not hold up the others for ever.
    for (const { each } of failed) if (!isAway) each.faults += 1
    const kept =
      performance.now() < giveUpAt
        ? failed.filter(({ each }) => each.entry.kind !== 'intent' && each.faults < MAX_FAULTS)
        : []
    for (const one of failed) if (!kept.includes(one)) one.each.reject(one.error)
    return kept.map(({ each }) => each)
  }

  async function canCommit(): Promise<boolean> {
    try {
      await probe()
      return true
    } catch {
      return false
    }
  }

  async function settleOneByOne(group: readonly Waiting[], error: unknown) {
    if (group.length === 1) return group.map((each) => ({ each, error }))
    const failed: { readonly each: Waiting; readonly error: unknown }[] = []
    for (const [at, each] of group.entries()) {
      // When the first few fail one after the other, the database is away; the others need not find out by waiting.
      const isAway = at === OUTAGE_AFTER && failed.length === OUTAGE_AFTER
      const last = failed.at(-1)
      if (isAway && last)
        return [...failed, ...group.slice(at).map((rest) => ({ each: rest, error: last.error }))]
      const own = await settleTogether([each], { again: true })
      if (own !== null) failed.push({ each, error: own })
    }
    return failed
  }

  /** Null: committed, and everyone told. `again`: a commit of these got no answer, and may stand. */
  async function settleTogether(
    group: readonly Waiting[],
    { again }: { readonly again: boolean },
  ): Promise<unknown> {
    try {
      const entries = group.map(({ entry }) => entry)
      const verdicts = await commitGroup(entries, { ...context, again })
      group.forEach(({ resolve }, index) => {
        resolve(verdicts[index] ?? 'gone')
      })
      return null
    } catch (error) {
      return error ?? new Error('the database gave no reason')
    }
  }

  return {
    intend: (batch, delivery, relay) => add({ kind: 'intent', batch, delivery, relay }),
    async record(result) {
      await add({ kind: 'outcome', ...result })
    },
    async refuse(refusal) {
      await add({ kind: 'refusal', ...refusal })
    },
    async withdraw(batch, delivery) {
      await add({ kind: 'withdrawal', batch, delivery })
    },
    giveUpAfter(ms) {
      giveUpAt = performance.now() + ms
    },
    async close() {
      while (running !== null) await running
    },
  }
}

/** The short way where that is all they need; the long way for the others, and for what the short one left. */
async function commitGroup(
  entries: readonly Entry[],
  context: JournalContext & { readonly again: boolean },
): Promise<readonly Verdict[]> {
  if (context.again || !areQuick(entries)) return commitEntries(entries, context)
  const verdicts = await commitQuickly(entries, context)
  const left = entries.filter((_entry, at) => verdicts[at] === null)
  if (left.length > 0) await commitEntries(left, context)
  return verdicts.map((verdict) => verdict ?? 'stands')
}
