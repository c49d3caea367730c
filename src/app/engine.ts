/**
 * Engine: the servers and the workers of one process, constructed here and nowhere else. Closing is a list, run
 * backwards, in one place.
 */

import path from 'node:path'
import { startIngest } from '../../workers/ingest.js'
import { startPurge } from '../../workers/purge.js'
import { startSchedule } from '../../workers/schedule.js'
import { startSignUps } from '../../workers/sign-ups.js'
import { startTally } from '../../workers/tally.js'
import { startWatch } from '../../workers/watch.js'
import { type Config, webUrl } from '../config.js'
import { awaitDb, type Waiting } from '../db/await-db.js'
import { type EngineLock, takeEngineLock } from '../db/engine-lock.js'
import { openPresence } from '../db/presence.js'
import { probeCommit } from '../db/probe-commit.js'
import { InputError } from '../errors.js'
import { openHits } from '../event/hit.js'
import type { Log } from '../log.js'
import { startPrivateRedis } from '../queue/private-redis.js'
import { openQueue, type Queue } from '../queue/queue.js'
import { checkRedis } from '../queue/redis-check.js'
import { expireLeases } from '../send/takeover.js'
import { type InboxOptions, openInbox } from '../smtp/inbox.js'
import { readReplyTimeout } from '../smtp/smtp-urls.js'
import { buildWeb } from '../web/app.js'
import { trustProxies } from '../web/client-address.js'
import { serve } from '../web/server.js'
import { announce } from './announcement.js'
import { type ComingBack, startComingBack } from './bounces.js'
import { warnOfClocks } from './clock-check.js'
import { lookForCopies } from './copy-look.js'
import { type RunningDelivery, startDelivering } from './delivering.js'
import { fetchOutside } from './fetch-outside.js'
import { openHealth } from './health.js'
import { keepHeapSmall } from './heap.js'
import { laneFinder } from './mx.js'
import { makeOwner } from './owner.js'
import { PARTS, type Part } from './parts.js'
import { openPublication } from './publication.js'
import { readPublicationKey } from './publication-key.js'
import { isShared } from './ring.js'
import { identityOf, openStore, type Store } from './store.js'
import { freeBytesIn, watchStore } from './store-watch.js'
import { NO_TROUBLE, openTrouble } from './trouble.js'

/** To the inbox of this machine; a relay's number is its operator's to say. */
const INBOX_CONNECTIONS = 16

export interface EngineOptions {
  readonly log: Log
  readonly parts?: readonly Part[]
  /** What the local inbox refuses, for the demo. */
  readonly onRecipient?: InboxOptions['onRecipient']
  /** Bytes free where `.data` lies; asked of the disk unless given. */
  readonly freeBytes?: () => Promise<number>
  /** For a database that is held, or not there yet; not given: that is an error at once. */
  readonly waiting?: Waiting
  /** How often mailboxes and Sends under way are looked at. */
  readonly bounces?: Pick<ComingBack, 'readEveryMs' | 'guardEveryMs'>
  /** Ms since 1970; the machine's clock unless given. */
  readonly now?: () => number
}

export interface Engine {
  readonly store: Store
  readonly queue: Queue
  /** Where the web listens; null when it isn't one of the parts. */
  readonly url: string | null
  /** Where mail to the return path is taken in, `host:port`; null when it isn't. */
  readonly returnListens: string | null
  /** Folder of the local inbox; null with a real transport. */
  readonly inboxFolder: string | null
  /** Takes no new work, lets what is in flight finish and be recorded, frees the lock. */
  close(): Promise<void>
}

/** Throws InputError when an engine already runs here, or a server that it needs can't be had. */
export async function startEngine(config: Config, options: EngineOptions): Promise<Engine> {
  keepHeapSmall()
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
  {
    log,
    parts = PARTS,
    onRecipient,
    freeBytes = () => freeBytesIn(config.dataDir),
    now: ownClock,
    waiting,
    bounces = {},
  }: EngineOptions,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<Engine, 'close'>> {
  const lock = lockEngine(config, closers)
  const isAlone = lock !== null
  if (waiting !== undefined) await awaitDb(config, waiting)
  const redisAddress = config.redisUrl ?? (await ownRedis({ config, log }, closers))
  if (config.redisUrl !== null) await checkRedis(config.redisUrl, log)
  const store = await openStore(config, { now: ownClock, lock, say: (sentence) => log.warn(sentence) })
  closers.push(store.close)
  if (config.databaseUrl !== null) closers.push((await openPresence(config.databaseUrl, log)).close)
  const { db, keys, now } = store
  await warnOfClocks({ db, redisAddress, now, log })
  const owner = makeOwner({ isAlone: isAlone && db.engine === 'sqlite' })
  await expireLeases({ query: db.query, now, isDead: owner.isDead })
  // Before anything can be claimed, frozen or tried again. One that only shows the web is no sign that anything is sent.
  const isSending = parts.includes('deliver') || parts.includes('schedule')
  const isOpen = isSending ? await watchForCopies(store, { config, log }, closers) : () => false
  const mayTake =
    isSending || !parts.includes('bounces') ? isOpen : await lookQuietly(store, { config, log }, closers)
  const prefix = await readPublicationKey(db.query)
  const queue = openQueue({ address: redisAddress, prefix, log })
  closers.push(queue.close)
  const delivers = parts.includes('deliver')
  const isOnlyOne = isAlone && db.engine === 'sqlite'
  const trouble = delivers ? openTrouble({ query: db.query, now, log, isOnlyOne }) : NO_TROUBLE
  closers.push(trouble.close)
  const commit = () => probeCommit(db.query, now)
  const { minFreeDiskBytes: minFreeBytes } = config
  const gate = await watchStore({ commit, freeBytes, minFreeBytes, log, queue, trouble })
  closers.push(gate.close)

  let url: string | null = null
  const publication = openPublication({ root: config.root, query: db.query, log })
  const publicUrl = async () => config.publicUrl ?? (await publication())?.publicUrl ?? url ?? webUrl(config)
  if (parts.includes('web')) {
    const hits = openHits({ db, now, log })
    closers.push(hits.close)
    const server = await serve({
      web: buildWeb({
        db,
        keys,
        hits,
        log,
        now,
        publication,
        publicUrl,
        isProxy: trustProxies(config.trustedProxies),
        ills: openHealth({ gate, queue, commit }),
        hooks: {
          settings: config.hooks,
          rules: { softBounces: config.softBounces },
          fetchText: fetchOutside,
        },
      }),
      host: config.host,
      port: config.port,
    })
    closers.push(server.close)
    url = server.url
  }
  if (parts.includes('ingest')) {
    closers.push(startIngest({ db, log, now }).close)
    closers.push(startTally({ db, log, now }).close)
    closers.push(startSignUps({ query: db.query, keys, log, now }).close)
    closers.push(startPurge({ query: db.query, publication, log, now }).close)
  }
  let returnListens: string | null = null
  if (parts.includes('bounces')) {
    const back = await startComingBack({ config, store, log, isOpen: mayTake, ...bounces })
    closers.push(back.close)
    returnListens = back.listens
  }
  const inbox = config.smtpUrl === null ? await localInbox(config, onRecipient) : null
  if (inbox) closers.push(inbox.close)
  let delivery: RunningDelivery | null = null
  if (delivers) {
    delivery = await startDelivering({
      config,
      log,
      store,
      owner,
      queue,
      redis: { address: redisAddress, prefix },
      isOnlyOne,
      isOpen,
      smtpUrl: config.smtpUrl ?? `${inbox?.url}?maxConnections=${INBOX_CONNECTIONS}`,
      gate,
      trouble,
      publication,
      publicUrl,
    })
    closers.push(delivery.close)
  }
  if (parts.includes('schedule'))
    closers.push(
      startSchedule({
        db,
        keys,
        queue,
        log,
        now,
        // A disk that is nearly full here says nothing of a Postgres elsewhere.
        isOpen: () => isOpen() && (db.engine === 'postgres' || gate.isOpen()),
        isDead: owner.isDead,
        wireTimeoutMs: readReplyTimeout(config.smtpUrl),
        retry: { scheduleMs: config.retryScheduleMs, random: Math.random },
        ...laneFinder(config, store),
      }).close,
    )
  announce({ config, redisAddress, url }, closers)
  // First of all: what else is to end may take its time.
  if (delivery) closers.push(delivery.stop)
  return { store, queue, url, returnListens, inboxFolder: inbox?.folder ?? null }
}

/** One engine a root, unless database and Redis are servers that many may share. */
function lockEngine(config: Config, closers: (() => void)[]): EngineLock | null {
  if (isShared(config)) return null
  const { dataDir } = config
  const lock = takeEngineLock(dataDir, 'hold')
  if (lock === null)
    throw new InputError(`an engine already runs on ${dataDir}; end it first, or name another --root`)
  closers.push(lock.release)
  return lock
}

/** Returns whether anything may be sent: not while the database looks copied or restored. */
async function watchForCopies(
  store: Store,
  { config, log }: { readonly config: Config; readonly log: Log },
  closers: (() => Promise<void> | void)[],
): Promise<() => boolean> {
  const { longSilenceMs } = config
  const watch = await startWatch({
    identity: identityOf(store, config),
    longSilenceMs,
    now: store.now,
    log,
  })
  closers.push(watch.close)
  return watch.isOpen
}

async function lookQuietly(
  store: Store,
  { config, log }: { readonly config: Config; readonly log: Log },
  closers: (() => Promise<void> | void)[],
): Promise<() => boolean> {
  const look = await lookForCopies(identityOf(store, config), log)
  closers.push(look.close)
  return look.isOpen
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
