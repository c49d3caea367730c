/** Near: Hits that lie close in time to one of another kind, made by the same asker or from the same network. */

import { groupBy } from '../../group.js'
import type { JudgedHit } from './judge.js'

/** Network and agent: as close to "the same program" as can be told. */
export function askerOf({ network, userAgent }: Pick<JudgedHit, 'network' | 'userAgent'>): string {
  return `${network} ${userAgent}`
}

interface Nearness {
  readonly of: (hit: JudgedHit) => boolean
  readonly by: (hit: JudgedHit) => string
  readonly withinMs: number
}

/** Ids of Hits, given in the order of time, within reach of one that `of` holds for; those themselves too. */
export function near(hits: readonly JudgedHit[], { of, by, withinMs }: Nearness): ReadonlySet<number> {
  const found = new Set<number>()
  if (!hits.some(of)) return found
  for (const group of groupBy(hits, by).values()) {
    markAfter(group)
    markAfter([...group].reverse())
  }
  return found

  function markAfter(ordered: readonly JudgedHit[]): void {
    let last: number | null = null
    for (const hit of ordered) {
      if (of(hit)) last = hit.at
      if (last !== null && Math.abs(hit.at - last) <= withinMs) found.add(hit.id)
    }
  }
}
