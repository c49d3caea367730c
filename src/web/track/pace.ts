/**
 * Pace: a Delivery that is asked for more often than a mail that went round a large office has its answers spread over
 * time, so that one URL does not eat the machine. Nobody is refused, and nobody waits longer than half a second.
 */

import { setTimeout as wait } from 'node:timers/promises'

/** In a moment; then as many a second. */
const AT_ONCE = 100
const PER_SECOND = 500
const MAX_WAIT_MS = 500
/** Answers in memory; what comes beyond goes out at once. */
const MAX_WAITING = 10_000
const INTERVAL_MS = 1_000 / PER_SECOND
const CREDIT_MS = AT_ONCE * INTERVAL_MS
/** After so long without a request a Delivery is as good as new. */
const FORGET_MS = CREDIT_MS + MAX_WAIT_MS

export interface Pace {
  /** Null: its turn is now. */
  turn(deliveryId: number): Promise<void> | null
}

export interface PaceContext {
  /** Ms, of a clock that nobody sets. */
  readonly clock: () => number
  readonly sleep: (ms: number) => Promise<unknown>
}

const THE_CLOCK: PaceContext = { clock: () => performance.now(), sleep: wait }

export function openPace({ clock, sleep }: PaceContext = THE_CLOCK): Pace {
  // Deliveries by when they are next free, in two generations, of which the older is dropped whole.
  let young = new Map<number, number>()
  let old = new Map<number, number>()
  let bornAt = clock()
  let waiting = 0

  function turn(deliveryId: number): Promise<void> | null {
    const at = clock()
    if (at - bornAt > FORGET_MS) {
      old = at - bornAt > 2 * FORGET_MS ? new Map() : young
      young = new Map()
      bornAt = at
    }
    const before = young.get(deliveryId) ?? old.get(deliveryId) ?? 0
    const free = Math.min(Math.max(before, at) + INTERVAL_MS, at + FORGET_MS)
    young.set(deliveryId, free)
    const waitMs = free - at - CREDIT_MS
    if (waitMs < 1 || waiting >= MAX_WAITING) return null
    waiting += 1
    return sleep(waitMs).then(() => {
      waiting -= 1
    })
  }

  return { turn }
}
