/** Where a nemesis run takes place: engines, their servers, and a proxy before each of these. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type LedgerLine, startChaosSmtp } from '../rig/chaos.js'
import { type ChaosRoot, openChaosRoot } from '../rig/chaos-root.js'
import { type Cluster, startPostgres } from '../rig/postgres.js'
import { startProxy, type TcpProxy } from '../rig/proxy.js'
import { type RedisServer, startRedis } from '../rig/redis.js'
import { startSink } from '../rig/sink.js'
import type { Database } from './plan.js'
import { openSlot, type Slot } from './slot.js'

/** Outages must not use up the attempts of those they hit. */
const RETRY_SCHEDULE = '500ms,1s,1s,2s,2s,2s,2s,3s,3s,3s,3s,3s,3s,4s,4s,4s,4s,4s'
const LEASE = '2s'
/** The receiver's reply is never this late; a line that was cut without a word is given up after it. */
const SOCKET_TIMEOUT_MS = 10_000
const CONNECTIONS = { sqlite: 8, postgres: 4 } as const

export interface ArenaOptions {
  readonly seed: number
  readonly seconds: number
  readonly database: Database
  readonly workers: number
  readonly recipients: number
}

export interface Arena {
  readonly root: ChaosRoot
  readonly slots: readonly Slot[]
  /** Of each engine to the relay. */
  readonly connections: number
  readonly relay: TcpProxy
  readonly redis: RedisServer
  readonly redisLine: TcpProxy
  readonly postgres: Cluster | null
  readonly postgresLine: TcpProxy | null
  readonly ledger: () => readonly LedgerLine[]
  readonly close: () => Promise<void>
}

export async function openArena(options: ArenaOptions): Promise<Arena> {
  const { seed, database, workers } = options
  const receiver = await openReceiver(options)
  const relay = await startProxy(receiver.port)
  const redis = await startRedis({ appendOnly: seed % 2 === 0 })
  const redisLine = await startProxy(redis.port)
  const postgres = database === 'postgres' ? await startPostgres() : null
  const postgresLine = postgres && (await startProxy(postgres.port))
  const { connections } = receiver
  const query = `maxConnections=${connections}&socketTimeout=${SOCKET_TIMEOUT_MS}`
  const root = await openChaosRoot({
    SMTP_URL: `smtp://127.0.0.1:${relay.port}?${query}`,
    REDIS_URL: redisLine.through(redis.url),
    RETRY_SCHEDULE,
    LEASE,
    LOG_LEVEL: 'warn',
    ...(postgres ? { DATABASE_URL: postgres.url } : {}),
  })
  // The test looks at the database directly, the engines through the proxy.
  const engineEnv: Record<string, string> =
    postgres && postgresLine ? { DATABASE_URL: postgresLine.through(postgres.url) } : {}
  const slots = Array.from({ length: workers }, () => openSlot(() => root.engine(engineEnv)))
  return {
    root,
    slots,
    connections,
    relay,
    redis,
    redisLine,
    postgres,
    postgresLine,
    ledger: receiver.ledger,
    async close() {
      await Promise.all(slots.map((slot) => slot.kill()))
      await root.close()
      for (const line of [relay, redisLine, postgresLine]) await line?.close()
      await redis.stop()
      await postgres?.stop()
      await receiver.stop()
    },
  }
}

interface Receiver {
  readonly port: number
  /** So many of each engine that the Send lasts as long as the faults. */
  readonly connections: number
  readonly ledger: () => readonly LedgerLine[]
  readonly stop: () => Promise<void>
}

/** One seed in five has Postfix's smtp-sink as its receiver, which answers the dot a second late. */
async function openReceiver({
  seed,
  seconds,
  database,
  workers,
  recipients,
}: ArenaOptions): Promise<Receiver> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-nemesis-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  if (seed % 5 === 0) {
    const sink = await startSink(path.join(folder, 'dumps'), ['-W', '.:1'])
    const connections = Math.ceil(recipients / seconds / workers)
    return { port: sink.port, connections, ledger: sink.ledger, stop: () => sink.stop().then(remove) }
  }
  const connections = CONNECTIONS[database]
  // A Batch is for one engine, so a few of 500 do not keep all of several busy; and what the faults break off takes
  // its own time again.
  const busy = (connections * (workers + 1) * 3) / 8
  const delayMs = Math.round((seconds * 1_000 * busy) / recipients)
  const smtp = await startChaosSmtp({
    ledger: path.join(folder, 'ledger.jsonl'),
    seed,
    delayMs,
    defer: 0.05,
    busy: 0.005,
    refuse: 0.01,
  })
  return { port: smtp.port, connections, ledger: smtp.ledger, stop: () => smtp.stop().then(remove) }
}
