/**
 * Engine: the servers and the workers of one process, constructed here and nowhere else. Closing is a list, run
 * backwards, in one place.
 */

import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import path from 'node:path'
import { startDeliver } from '../../workers/deliver.js'
import { startIngest } from '../../workers/ingest.js'
import { startSchedule } from '../../workers/schedule.js'
import type { Config } from '../config.js'
import { takeEngineLock } from '../db/engine-lock.js'
import { InputError } from '../errors.js'
import { openHits } from '../event/hit.js'
import type { Log } from '../log.js'
import { startPrivateRedis } from '../queue/private-redis.js'
import { openQueue, type Queue } from '../queue/queue.js'
import { checkRedis } from '../queue/redis-address.js'
import { expireLeases } from '../send/batch.js'
import { openJournal } from '../send/journal.js'
import { keepPreparedSends } from '../send/prepared-sends.js'
import { makeRelayGuard } from '../send/relay-guard.js'
import { explainSends } from '../send/send.js'
import { type InboxOptions, openInbox } from '../smtp/inbox.js'
import { openRelay } from '../smtp/relay.js'
import { buildWeb } from '../web/app.js'
import { serve } from '../web/server.js'
import { announce } from './notice.js'
import { isShared } from './ring.js'
import { openStore, type Store } from './store.js'

/** To the inbox of this machine; a relay's number is its operator's to say. */
const INBOX_CONNECTIONS = 16
/** How long a database that is away is waited for at the end. */
const SHUTDOWN_PATIENCE_MS = 10_000

export const PARTS = ['web', 'deliver', 'schedule', 'ingest'] as const
export type Part = (typeof PARTS)[number]

export interface EngineOptions {
  readonly log: Log
  readonly parts?: readonly Part[]
  /** What the local inbox refuses, for the demo. */
  readonly onRecipient?: InboxOptions['onRecipient']
}

export interface Engine {
  readonly store: Store
  readonly queue: Queue
  /** Where the web listens; null when it isn't one of the parts. */
  readonly url: string | null
  /** Folder of the local inbox; null with a real transport. */
  readonly inboxFolder: string | null
  /** Takes no new work, lets what is in flight finish and be recorded, frees the lock. */
  close(): Promise<void>
}

/** Throws InputError when an engine already runs here, or a server that it needs can't be had. */
export async function startEngine(config: Config, options: EngineOptions): Promise<Engine> {
  const closers: (() => Promise<void> | void)[] = []
  const close = async () => {
    const errors: unknown[] = []
    // One that can't end must not keep the others, the lock among them.
    for (const end of closers.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
  try {
    return { ...(await start(config, options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  config: Config,
  { log, parts = PARTS, onRecipient }: EngineOptions,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<Engine, 'close'>> {
  const isAlone = lockEngine(config, closers)
  const redisAddress = config.redisUrl ?? (await ownRedis({ config, log }, closers))
  if (config.redisUrl !== null) await checkRedis(config.redisUrl)
  const store = await openStore(config)
  closers.push(store.close)
  const { db, keys, now } = store
  if (isAlone && db.engine === 'sqlite') await expireLeases({ query: db.query, now }, { ownerIsDead: true })
  const queue = openQueue({ address: redisAddress, log })
  closers.push(queue.close)

  let url: string | null = null
  if (parts.includes('web')) {
    const hits = openHits({ db, now })
    closers.push(hits.close)
    const server = await serve({
      app: buildWeb({ db, keys, hits, log, now }),
      host: config.host,
      port: config.port,
    })
    closers.push(server.close)
    url = server.url
  }
  if (parts.includes('ingest')) closers.push(startIngest({ db, log, now }).close)
  const inbox = config.smtpUrl === null ? await localInbox(config, onRecipient) : null
  if (inbox) closers.push(inbox.close)
  if (parts.includes('deliver')) {
    closers.push(
      startDelivering({
        config,
        log,
        store,
        queue,
        relayUrl: config.smtpUrl ?? `${inbox?.url}?maxConnections=${INBOX_CONNECTIONS}`,
      }),
    )
  }
  if (parts.includes('schedule')) closers.push(startSchedule({ db, keys, queue, log, now }).close)
  announce({ config, redisAddress, url }, closers)
  return { store, queue, url, inboxFolder: inbox?.folder ?? null }
}

/** One engine a root, unless database and Redis are servers that many may share. */
function lockEngine(config: Config, closers: (() => void)[]): boolean {
  if (isShared(config)) return false
  const { dataDir } = config
  const lock = takeEngineLock(dataDir, 'hold')
  if (lock === null)
    throw new InputError(`an engine already runs on ${dataDir}; end it first, or name another --root`)
  closers.push(lock.release)
  return true
}

async function ownRedis(
  { config, log }: { readonly config: Config; readonly log: Log },
  closers: (() => Promise<void> | void)[],
): Promise<string> {
  const redis = await startPrivateRedis(config.dataDir, log)
  closers.push(redis.close)
  return redis.address
}

function localInbox({ dataDir }: Config, onRecipient: EngineOptions['onRecipient']) {
  return openInbox({ folder: path.join(dataDir, 'inbox'), ...(onRecipient ? { onRecipient } : {}) })
}

interface Delivering {
  readonly config: Config
  readonly log: Log
  readonly store: Store
  readonly queue: Queue
  readonly relayUrl: string
}

/** Returns how to end it: nothing new starts, what is in flight is finished and recorded. */
function startDelivering({ config, log, store, queue, relayUrl }: Delivering): () => Promise<void> {
  const { db, keys, now } = store
  const owner = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  const transport = openRelay({ url: relayUrl, log })
  const retry = { scheduleMs: config.retryScheduleMs, random: Math.random }
  const journal = openJournal({ query: db.query, keys, owner, relay: transport.name, retry, now, log })
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
      owner,
      leaseMs: config.leaseMs,
      now,
      transport,
      journal,
      guard,
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
