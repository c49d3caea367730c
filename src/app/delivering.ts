/** Delivering: the worker that sends, with its Journal and relays, put together and taken apart. */

import path from 'node:path'
import { startDeliver } from '../../workers/deliver.js'
import type { Config } from '../config.js'
import { type OutcomeFile, openOutcomeFile } from '../db/outcome-file.js'
import { probeCommit } from '../db/probe-commit.js'
import type { Publication } from '../issue/publication.js'
import type { Log } from '../log.js'
import type { Queue } from '../queue/queue.js'
import { makeBreaker } from '../send/breaker.js'
import { openJournal } from '../send/journal.js'
import type { JournalContext } from '../send/journal-commit.js'
import { openMemory } from '../send/memory.js'
import { replayLines } from '../send/outcome-line.js'
import { keepPreparedSends } from '../send/prepared-sends.js'
import type { StoreGate } from '../send/store-gate.js'
import { startNotifying } from './notifying.js'
import type { Owner } from './owner.js'
import { startPacing } from './pacing.js'
import { openRelays, readRelays } from './relays.js'
import { openSigner } from './signing.js'
import type { Store } from './store.js'
import type { Trouble } from './trouble.js'

/** How long a database that is away is waited for at the end. */
const SHUTDOWN_PATIENCE_MS = 10_000

export interface Delivering {
  readonly config: Config
  readonly log: Log
  readonly store: Store
  readonly owner: Owner
  readonly queue: Queue
  /** The Redis that workers share, and what this publication's keys begin with. */
  readonly redis: { readonly address: string; readonly prefix: string }
  /** No other process can deliver from this database. */
  readonly isOnlyOne: boolean
  /** False: nothing may be sent for now, since the database may be a copy. */
  readonly isOpen: () => boolean
  /** SMTP_URL, or that of the local inbox. */
  readonly smtpUrl: string
  /** Shut: nothing is begun. */
  readonly gate: StoreGate
  readonly trouble: Trouble
  /** What Notices say of the publication, and where their links lead. */
  readonly publication: () => Promise<Publication | null>
  readonly publicUrl: () => Promise<string>
}

export interface RunningDelivery {
  /** From now on nothing new starts, and what is in flight has SHUTDOWN_TIMEOUT left. */
  stop(): void
  /** Resolves when what was in flight is finished and recorded. */
  close(): Promise<void>
}

/** Resolves when what an engine left behind is committed, and the worker runs. */
export async function startDelivering({
  config,
  log,
  store,
  owner,
  queue,
  redis,
  isOnlyOne,
  isOpen,
  smtpUrl,
  gate,
  trouble,
  publication,
  publicUrl,
}: Delivering): Promise<RunningDelivery> {
  const { db, keys, now } = store
  const sign = openSigner(config, log)
  const settings = readRelays(smtpUrl)
  const retry = { scheduleMs: config.retryScheduleMs, random: Math.random }
  const file = openOutcomeFile({ folder: path.join(config.dataDir, 'outcomes'), owner: owner.name, log })
  const context = { query: db.query, keys, owner: owner.name, retry, now }
  // Before anything is resent because no reply is on record.
  await replayLeftovers(file, { context, log })
  const probe = () => probeCommit(db.query, now)
  const company = () => relays.concurrency
  const journal = openJournal({ ...context, log, file, probe, company, onFailure: gate.suspect })
  const stop = new AbortController()
  const pacing = await startPacing({
    config,
    log,
    store,
    owner,
    redis,
    isOnlyOne,
    settings,
    trouble,
    connections: () => relays.concurrency,
    connectionsFor: (lane) => relays.concurrencyFor(lane),
  })
  const relays = openRelays({ settings, budgetOf: pacing.budgetOf, log, trouble })
  const worker = startDeliver({
    queue,
    log,
    pace: pacing.pace,
    context: {
      query: db.query,
      owner: owner.name,
      leaseMs: config.leaseMs,
      now,
      relays: {
        ...relays,
        get concurrency() {
          return relays.concurrency
        },
        isOpen: (lane) => isOpen() && relays.isOpen(lane),
      },
      journal,
      pace: pacing.pace,
      breaker: makeBreaker(),
      gate,
      prepared: keepPreparedSends(db.query, config.returnPath),
      keys,
      memory: openMemory(),
      sign,
      log,
      stop: stop.signal,
    },
  })
  const notify = startNotifying({
    config,
    log,
    store,
    owner,
    publication,
    publicUrl,
    relays,
    sign,
    gate,
    isOpen,
    stop: stop.signal,
  })
  let closed: Promise<void> | null = null
  const end = () => {
    stop.abort()
    pacing.stop()
    notify.stop()
    // Messages that only wait for a connection are not begun any more.
    closed ??= relays.close({ withinMs: config.shutdownTimeoutMs })
    return closed
  }
  return {
    stop: () => void end(),
    async close() {
      const stopped = queue.stopWork()
      await end()
      // Outcomes have a last while to be written down.
      journal.giveUpAfter(SHUTDOWN_PATIENCE_MS)
      await stopped
      await worker.close()
      await notify.close()
      await journal.close()
      await pacing.close()
    },
  }
}

/** A file that can't be read or committed stays where it is, and those it speaks of stay uncertain. */
async function replayLeftovers(
  file: OutcomeFile,
  { context, log }: { readonly context: JournalContext; readonly log: Log },
): Promise<void> {
  try {
    for (const { lines, remove } of await file.leftovers()) {
      const { committed, unreadable } = await replayLines(lines, context)
      log.warn({ committed, unreadable }, 'outcomes that an engine left behind are committed')
      if (unreadable > 0) log.error({ unreadable }, 'whoever these lines spoke of stays uncertain')
      await remove()
    }
  } catch (error) {
    log.error(
      { err: error },
      'outcomes that an engine left behind could not be read; they are tried at the next start',
    )
  }
}
