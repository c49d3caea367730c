/** Delivering: the worker that sends, with its Journal, relay and guard, put together and taken apart. */

import path from 'node:path'
import { startDeliver } from '../../workers/deliver.js'
import type { Config } from '../config.js'
import { openOutcomeFile } from '../db/outcome-file.js'
import type { Log } from '../log.js'
import type { Queue } from '../queue/queue.js'
import { makeBreaker } from '../send/breaker.js'
import { openJournal } from '../send/journal.js'
import { replayLines } from '../send/outcome-line.js'
import { keepPreparedSends } from '../send/prepared-sends.js'
import { makeRelayGuard } from '../send/relay-guard.js'
import { explainSends } from '../send/send.js'
import { openRelay } from '../smtp/relay.js'
import type { Owner } from './owner.js'
import type { Store } from './store.js'

/** How long a database that is away is waited for at the end. */
const SHUTDOWN_PATIENCE_MS = 10_000

export interface Delivering {
  readonly config: Config
  readonly log: Log
  readonly store: Store
  readonly owner: Owner
  readonly queue: Queue
  /** False: nothing may be sent for now, since the database may be a copy. */
  readonly isOpen: () => boolean
  readonly relayUrl: string
}

/** Resolves with how to end it: nothing new starts, what is in flight is finished and recorded. */
export async function startDelivering({
  config,
  log,
  store,
  owner,
  queue,
  isOpen,
  relayUrl,
}: Delivering): Promise<() => Promise<void>> {
  const { db, keys, now } = store
  const transport = openRelay({ url: relayUrl, log })
  const retry = { scheduleMs: config.retryScheduleMs, random: Math.random }
  const file = openOutcomeFile({ folder: path.join(config.dataDir, 'outcomes'), owner: owner.name, log })
  const context = { query: db.query, keys, owner: owner.name, relay: transport.name, retry, now }
  // Before anything is resent because no reply is on record.
  for (const { lines, remove } of await file.leftovers()) {
    const outcomes = await replayLines(lines, context)
    log.warn({ outcomes }, 'outcomes that an engine left behind are committed')
    await remove()
  }
  const journal = openJournal({ ...context, log, file })
  // What an engine that was killed has said is not true any more.
  const say = (reason: string | null) =>
    explainSends(db.query, reason).catch((error: unknown) =>
      log.warn({ err: error }, 'could not note the outage'),
    )
  say(null)
  const guard = makeRelayGuard({
    monotonic: () => performance.now(),
    onShut(cause, isFirst) {
      if (isFirst)
        log.warn({ relay: transport.name, cause }, 'the relay takes no messages; it is tried again by itself')
      say(`${transport.name} takes no messages (${cause}); it is tried again by itself`)
    },
    onOpen() {
      log.info({ relay: transport.name }, 'the relay takes messages again')
      say(null)
    },
  })
  const stop = new AbortController()
  startDeliver({
    queue,
    context: {
      query: db.query,
      owner: owner.name,
      leaseMs: config.leaseMs,
      now,
      transport,
      journal,
      guard: { ...guard, isOpen: () => isOpen() && guard.isOpen() },
      breaker: makeBreaker(),
      prepared: keepPreparedSends(db.query),
      keys,
      log,
      stop: stop.signal,
    },
  })
  return async () => {
    stop.abort()
    // Messages that only wait for a connection are not begun any more; outcomes have a last while to be written down.
    const closed = transport.close()
    journal.giveUpAfter(SHUTDOWN_PATIENCE_MS)
    await queue.stopWork()
    await journal.close()
    await closed
  }
}
