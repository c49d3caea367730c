/** What came of Hits while the database was slow or away; it is said in the log when nobody's is open any more. */

import type { Log } from '../log.js'
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

export function openFates(log: Pick<Log, 'warn'> | null): Fates {
  let open = 0
  let keptLate = 0
  let lost = 0

  function say(what: string): void {
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
      if (open === 0) say('the database keeps hits again')
    },
    lost(hits) {
      end(hits)
      lost += hits.length
    },
    turnedAway() {
      lost += 1
    },
    close: () => say('closed before the database kept hits again'),
  }
}
