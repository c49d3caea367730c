/**
 * Bells: which forgotten Batches to ring for. A few of each lane, so that no lane's Batches hide another's; and one that
 * was rung and not taken is rung again at growing distances, for its worker may have died, or Redis been emptied.
 */

import type { Bell } from '../queue/queue.js'

const FIRST_AGAIN_MS = 500
const MAX_AGAIN_MS = 8_000

export interface Bells {
  /** Those of the forgotten ones that are to be rung now. */
  due(forgotten: readonly Bell[]): readonly Bell[]
  /** These were rung. */
  rung(bells: readonly Bell[]): void
}

export function keepBells(monotonic: () => number): Bells {
  /** Batch → its fence when it was rung, how often since, and when again. */
  let known = new Map<number, { readonly fence: number; readonly againMs: number; readonly at: number }>()
  return {
    due(forgotten) {
      known = new Map(
        forgotten.flatMap(({ id, fence }) => {
          const one = known.get(id)
          return one?.fence === fence ? [[id, one]] : []
        }),
      )
      const now = monotonic()
      return forgotten.filter(({ id }) => now >= (known.get(id)?.at ?? Number.NEGATIVE_INFINITY))
    },
    rung(bells) {
      const now = monotonic()
      for (const { id, fence } of bells) {
        const againMs = Math.min((known.get(id)?.againMs ?? FIRST_AGAIN_MS / 2) * 2, MAX_AGAIN_MS)
        known.set(id, { fence, againMs, at: now + againMs })
      }
    },
  }
}
