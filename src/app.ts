/**
 * App: the one place that constructs. `openStore` is what any command needs; `startEngine` adds the servers and the
 * workers. Closing is a list, run backwards, in one place.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { startDeliver } from '../workers/deliver.js'
import { startIngest } from '../workers/ingest.js'
import { startSchedule } from '../workers/schedule.js'
import type { Config } from './config.js'
import type { Db } from './db/db.js'
import { takeEngineLock } from './db/engine-lock.js'
import { openDb } from './db/open.js'
import { InputError } from './errors.js'
import { openHits } from './event/hit.js'
import { hashAddress, type Keys, makeKeys } from './link/token.js'
import type { Log } from './log.js'
import { startPrivateRedis } from './queue/private-redis.js'
import { openQueue, type Queue } from './queue/queue.js'
import { expireLeases } from './send/batch.js'
import { openJournal } from './send/journal.js'
import { keepPreparedSends } from './send/prepared-sends.js'
import { makeRelayGuard } from './send/relay-guard.js'
import { explainSends } from './send/send.js'
import { type InboxOptions, openInbox } from './smtp/inbox.js'
import { openRelay } from './smtp/relay.js'
import { buildWeb } from './web/app.js'
import { serve } from './web/server.js'

/** To the inbox of this machine; a relay's number is its operator's to say. */
const INBOX_CONNECTIONS = 16

/** The truth and the keys: enough to read, import, freeze. */
export interface Store {
  readonly db: Db
  readonly keys: Keys
  readonly now: () => number
  close(): Promise<void>
}

export async function openStore(config: Config): Promise<Store> {
  const keys = makeKeys(readSecrets(config))
  const db = await openDb(config)
  try {
    await holdToFirstKey(db, keys, config)
  } catch (error) {
    await db.close()
    throw error
  }
  return { db, keys, now: Date.now, close: () => db.close() }
}

/** With a real transport the secret has to be said; for local use one is made and kept. */
function readSecrets({ secrets, smtpUrl, dataDir }: Config): readonly string[] {
  if (secrets !== null) return secrets
  if (smtpUrl !== null)
    throw new InputError(
      'PRESSRUN_SECRET: is missing; links in sent mail are signed with it (openssl rand -hex 32 makes one)',
    )
  const file = path.join(dataDir, 'secret')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch {
    // It is there already.
  }
  return [readFileSync(file, 'utf8').trim()]
}

/** Suppressions are hashed with the ring's oldest key; without it nobody could tell whom not to mail. */
async function holdToFirstKey({ query }: Db, keys: Keys, { dataDir }: Config): Promise<void> {
  const value = hashAddress(keys, 'pressrun')
  await query
    .insertInto('meta')
    .values({ key: 'oldest key', value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value: first } = await query
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'oldest key')
    .executeTakeFirstOrThrow()
  if (first !== value)
    throw new InputError(
      'PRESSRUN_SECRET: does not end with the secret this database began with, which Suppressions are hashed with; ' +
        `append it after a comma (a secret made for local use is in ${path.join(dataDir, 'secret')})`,
    )
}

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
    for (const end of closers.splice(0).reverse()) await end()
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
  const redisAddress = config.redisUrl ?? (await ownRedis(config, closers))
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
function lockEngine({ dataDir, databaseUrl, redisUrl }: Config, closers: (() => void)[]): boolean {
  if (databaseUrl !== null && redisUrl !== null) return false
  const lock = takeEngineLock(dataDir)
  if (lock === null)
    throw new InputError(`an engine already runs on ${dataDir}; end it first, or name another --root`)
  closers.push(lock.release)
  return true
}

async function ownRedis({ dataDir }: Config, closers: (() => Promise<void> | void)[]): Promise<string> {
  const redis = await startPrivateRedis(dataDir)
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
  const guard = makeRelayGuard({
    now,
    onChange(cause) {
      if (cause === null) log.info({ relay: transport.name }, 'the relay takes messages again')
      else
        log.warn({ relay: transport.name, cause }, 'the relay takes no messages; it is tried again by itself')
      const reason =
        cause === null ? null : `${transport.name} takes no messages (${cause}); it is tried again by itself`
      explainSends(db.query, reason).catch((error: unknown) =>
        log.warn({ err: error }, 'could not note the outage'),
      )
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
    await queue.stopWork()
    await journal.close()
    await transport.close()
  }
}

/** What other commands need to know of a running engine. The lock, not this file, says whether one runs. */
export interface EngineNotice {
  readonly pid: number
  readonly redis: string
  readonly url: string | null
}

function announce(
  {
    config,
    redisAddress,
    url,
  }: { readonly config: Config; readonly redisAddress: string; readonly url: string | null },
  closers: (() => void)[],
): void {
  const file = noticeFile(config)
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const notice: EngineNotice = { pid: process.pid, redis: redisAddress, url }
  writeFileSync(file, `${JSON.stringify(notice)}\n`, { mode: 0o600 })
  closers.push(() => rmSync(file, { force: true }))
}

/** The engine that runs on this root, or null. */
export function findEngine(config: Config): EngineNotice | null {
  const lock = takeEngineLock(config.dataDir)
  if (lock !== null) {
    lock.release()
    return null
  }
  try {
    // Written by announce.
    return JSON.parse(readFileSync(noticeFile(config), 'utf8')) as EngineNotice
  } catch {
    // It is just starting: it will find the work by itself.
    return { pid: 0, redis: '', url: null }
  }
}

function noticeFile({ dataDir }: Config): string {
  return path.join(dataDir, 'engine.json')
}
