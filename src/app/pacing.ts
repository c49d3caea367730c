/** Pacing: what keeps this process to its limits, put together: shares, permits, lanes, and the worker that tells others. */

import { startPace } from '../../workers/pace.js'
import type { Config } from '../config.js'
import type { Log } from '../log.js'
import { openPermits } from '../queue/permits.js'
import type { Budget } from '../send/pace/budget.js'
import { readPace } from '../send/pace/limit.js'
import { openPace, type Pace } from '../send/pace/pace.js'
import { openShares } from '../send/pace/shares.js'
import type { Throttle } from '../send/pace/throttle.js'
import { openBudgets, type RelayLimits } from './budgets.js'
import type { Owner } from './owner.js'
import type { Store } from './store.js'
import type { Trouble } from './trouble.js'

export interface Pacing {
  readonly config: Config
  readonly log: Log
  readonly store: Store
  readonly owner: Owner
  /** What this publication's keys begin with, in the Redis that its workers share. */
  readonly redis: { readonly address: string; readonly prefix: string }
  /** No other process can deliver from this database. */
  readonly isOnlyOne: boolean
  /** The relays, by what SMTP_URL says of them. */
  readonly settings: readonly RelayLimits[]
  readonly trouble: Pick<Trouble, 'say'>
  /** How many messages the relays take at once; may change. */
  readonly connections: () => number
  readonly connectionsFor: (lane: string) => number
}

export interface RunningPacing {
  readonly pace: Pace
  /** Of a relay with a limit of its own. */
  budgetOf(relay: string): Budget | undefined
  /** Nothing is begun any more. */
  stop(): void
  close(): Promise<void>
}

/** Throws InputError for a PACE that can't be read. */
export async function startPacing({
  config,
  log,
  store,
  owner,
  redis,
  isOnlyOne,
  settings,
  trouble,
  connections,
  connectionsFor,
}: Pacing): Promise<RunningPacing> {
  const { query } = store.db
  const { now } = store
  const monotonic = () => performance.now()
  const limits = readPace(config.pace)
  const permits = openPermits(redis)
  const isRedisBack = () => permits.isThere()
  const shares = openShares({ query, owner: owner.name, now, monotonic, isOnlyOne, isRedisBack })
  let tell = (_lane: string, _throttle: Throttle) => {}
  const pace = openPace({
    limits,
    connections,
    connectionsFor,
    shares,
    permits,
    monotonic,
    random: Math.random,
    onChange(lane, throttle) {
      const { reason, suspendedUntil } = throttle
      if (suspendedUntil > monotonic())
        log.warn({ lane, reason, forMs: Math.round(suspendedUntil - monotonic()) }, 'lane slowed down')
      tell(lane, throttle)
    },
  })
  const stop = new AbortController()
  const budgets = openBudgets({
    settings,
    query,
    now,
    monotonic,
    shares,
    permits,
    trouble,
    stop: stop.signal,
  })
  const { countDay } = budgets
  const running = await startPace({ query, now, monotonic, shares, pace, countDay, log })
  tell = running.note
  const end = () => {
    stop.abort()
    pace.close()
  }
  return {
    pace,
    budgetOf: budgets.budgetOf,
    stop: end,
    async close() {
      end()
      await running.close()
      permits.close()
    },
  }
}
