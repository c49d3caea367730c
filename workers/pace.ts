/**
 * The pacing worker: shows every two seconds that this process is at work and what it sees, reads what others have
 * written of lanes, and writes what was learnt here, at once when a lane was slowed down.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Query } from '../src/db/db.js'
import { messageOf } from '../src/errors.js'
import type { Log } from '../src/log.js'
import { readLaneRows, writeLaneRow } from '../src/send/pace/lane-rows.js'
import type { Pace } from '../src/send/pace/pace.js'
import { BEAT_MS, type Shares } from '../src/send/pace/shares.js'
import type { RelaySight, Sight } from '../src/send/pace/sight.js'
import type { Throttle } from '../src/send/pace/throttle.js'

export interface PaceOptions {
  readonly query: Query
  readonly now: () => number
  readonly monotonic: () => number
  readonly shares: Shares
  readonly pace: Pace
  /** Looks again at what is limited by the day; what is seen of it, by relay. */
  readonly countDay: () => Promise<Readonly<Record<string, RelaySight>>>
  readonly log: Log
}

export interface RunningPace {
  /** Something changed: it is written now. */
  note(lane: string, throttle: Throttle): void
  close(): Promise<void>
}

/** Resolves when it has shown itself once, and knows what others have learnt. */
export async function startPace(options: PaceOptions): Promise<RunningPace> {
  const { shares, pace, log } = options
  const stop = new AbortController()
  const versions = new Map<string, number>()
  const changed = new Map<string, Throttle>()
  let wake = new AbortController()
  await beat()
  const running = run()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const either = AbortSignal.any([stop.signal, wake.signal])
      // Aborting the wait is how it is woken.
      await wait(BEAT_MS, undefined, { signal: either }).catch(() => {})
      wake = new AbortController()
      await beat().catch((error: unknown) => log.debug({ error: messageOf(error) }, 'pace not written'))
    }
  }

  async function beat(): Promise<void> {
    pace.look()
    await write()
    for (const { name, version, throttle } of await readLaneRows(options)) {
      if (versions.get(name) === version || changed.has(name)) continue
      versions.set(name, version)
      pace.adopt(name, throttle)
    }
    await shares.beat(JSON.stringify(sight(pace, await options.countDay())))
  }

  /** Another who changed a lane first is believed. */
  async function write(): Promise<void> {
    for (const [name, throttle] of [...changed]) {
      changed.delete(name)
      const version = versions.get(name) ?? 0
      if (await writeLaneRow({ name, version, throttle }, options)) versions.set(name, version + 1)
      else versions.delete(name)
    }
  }

  return {
    note(lane, throttle) {
      changed.set(lane, throttle)
      wake.abort()
    },
    async close() {
      stop.abort()
      await running
      await write().catch(() => {})
      await shares.end().catch(() => {})
    },
  }
}

/** Lanes at rest are left out, so that an idle engine has nothing new to say. */
function sight(pace: Pace, relays: Sight['relays']): Sight {
  const busy = pace.seen().filter(({ underWay, perSecond }) => underWay > 0 || perSecond > 0)
  const lanes = busy.map(({ lane, underWay, perSecond }) => [
    lane,
    { underWay, perSecond: Number(perSecond.toFixed(2)) },
  ])
  return { lanes: Object.fromEntries(lanes), relays }
}
