/** Pacing: what keeps this process to its limits, put together: shares, permits, lanes, and the worker that tells others. */

import { startPace } from '../../workers/pace.js'
import type { Config } from '../config.js'
import type { Log } from '../log.js'
import { openPermits } from '../queue/permits.js'
import { readPace } from '../send/pace/limit.js'
import { openPace, type Pace } from '../send/pace/pace.js'
import { openShares } from '../send/pace/shares.js'
import type { Throttle } from '../send/pace/throttle.js'
import type { Owner } from './owner.js'
import type { Store } from './store.js'

export interface Pacing {
  readonly config: Config
  readonly log: Log
  readonly store: Store
  readonly owner: Owner
  /** What this publication's keys begin with, in the Redis that its workers share. */
  readonly redis: { readonly address: string; readonly prefix: string }
  /** No other process can deliver from this database. */
  readonly isOnlyOne: boolean
  /** How many messages the relays take at once; may change. */
  readonly connections: () => number
}

export interface RunningPacing {
  readonly pace: Pace
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
  connections,
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
  const running = await startPace({ query, now, monotonic, shares, pace, log })
  tell = running.note
  return {
    pace,
    async close() {
      pace.close()
      await running.close()
      permits.close()
    },
  }
}
