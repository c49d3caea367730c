/** A Hit that somebody waits for, and how a group of them is told what became of it. */

import type { Fates } from './fates.js'
import type { TimedHit } from './insert-hits.js'

export interface WaitingHit extends TimedHit {
  /** On the clock that nobody sets, ms. */
  readonly since: number
  readonly resolve: (id: number | null) => void
  readonly reject: (error: unknown) => void
  /** Late: who asked is answered, and it waits on. Over: kept or lost. */
  stage: 'waiting' | 'late' | 'over'
}

/**
 * Writes, and resolves with what tells those who wait what became of it. Never throws: what the database says is theirs to
 * hear. Ids, where the write gives any, belong to the Hits in their order.
 */
export async function settle(
  group: readonly WaitingHit[],
  { write, fates }: { readonly write: () => Promise<readonly number[] | null>; readonly fates: Fates },
): Promise<() => void> {
  if (group.length === 0) return () => {}
  try {
    const ids = await write()
    return () => {
      group.forEach(({ resolve, reject }, index) => {
        const id = ids === null ? null : ids[index]
        if (id === undefined) reject(new Error('the database gave fewer ids than it took Hits'))
        else resolve(id)
      })
      fates.kept(group)
    }
  } catch (error) {
    return () => lose(group, { error, fates })
  }
}

export function lose(
  group: readonly WaitingHit[],
  { error, fates }: { readonly error: unknown; readonly fates: Fates },
): void {
  for (const { reject } of group) reject(error)
  fates.lost(group)
}
