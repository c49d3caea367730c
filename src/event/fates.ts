/**
 * What came of Hits while the database was slow or away; it is said in the log when nobody's is open any more. In a flood of which
 * some are kept and some turned away, now and then.
 */

import type { Log } from '../log.js'
import { openSeldom } from '../seldom.js'
import type { WaitingHit } from './waiting-hit.js'

export interface Fates {
  /** Who asked is answered, and it waits on. */
  late(hit: WaitingHit, error: Error): void
  kept(hits: readonly WaitingHit[]): void
  lost(hits: readonly WaitingHit[]): void
  /** One too many waited already. */
  turnedAway(): void
  /** Says what has not been said. */
  close(): void
}

/** A flood shall not fill the log. */
const SAY_EVERY_MS = 10_000

/** `monotonic`: ms of a clock that is never set back. */
export function openFates(log: Pick<Log, 'warn'> | null, monotonic?: () => number): Fates {
  const isTimeToSay = openSeldom(SAY_EVERY_MS, monotonic)
  let open = 0
  let keptLate = 0
  let lost = 0
  let isAway = false

  function say(): void {
    const what = isAway ? 'closed before the database kept hits again' : 'the database keeps hits again'
    if (keptLate + lost > 0) log?.warn({ keptLate, lost }, what)
    keptLate = 0
    lost = 0
  }

  /** How many of them were late. */
  function end(hits: readonly WaitingHit[]): number {
    let late = 0
    for (const hit of hits) {
      if (hit.stage === 'late') late += 1
      hit.stage = 'over'
    }
    open -= late
    return late
  }

  return {
    late(hit, error) {
      if (hit.stage !== 'waiting') return
      hit.stage = 'late'
      open += 1
      hit.reject(error)
    },
    kept(hits) {
      keptLate += end(hits)
      isAway = open > 0
      // The end of an outage is told at once; many are turned away one by one.
      if (!isAway && (keptLate > 0 || (lost > 0 && isTimeToSay()))) say()
    },
    lost(hits) {
      end(hits)
      lost += hits.length
      isAway = true
    },
    turnedAway() {
      lost += 1
    },
    close: say,
  }
}
