/** In turn: items are made ready ahead, and each is begun when its turn comes. */

import type { Turn } from './pace.js'

/** Items prepared ahead of their turns, so that no connection waits for a signature. */
const AHEAD = 4

export interface InTurn<T, Ready> {
  /** Done ahead of the turn; null: nothing is left to do with the item. */
  readonly prepare: (item: T) => Promise<Ready | null>
  readonly nextTurn: () => Promise<Turn | null>
  readonly work: (ready: Ready, turn: Turn) => Promise<void>
}

/**
 * Begins `work` with each item as its turn comes, until there is none; returns how many items are left. The first error
 * is thrown when all that had begun are done.
 */
export async function forEachInTurn<T, Ready>(
  items: readonly T[],
  { prepare, nextTurn, work }: InTurn<T, Ready>,
): Promise<number> {
  const underWay = new Set<Promise<unknown>>()
  const errors: unknown[] = []
  const begin = <R>(task: Promise<R>): Promise<R | null> => {
    const done: Promise<R | null> = task
      .catch((error: unknown) => {
        errors.push(error)
        return null
      })
      .finally(() => underWay.delete(done))
    underWay.add(done)
    return done
  }
  const ahead = items.slice(0, AHEAD).map((item) => begin(prepare(item)))
  let left = items.length
  for (let at = 0; at < items.length && errors.length === 0; at++) {
    const ready = await ahead.shift()
    const following = items[at + AHEAD]
    if (following !== undefined) ahead.push(begin(prepare(following)))
    if (ready !== null && ready !== undefined) {
      const turn = await nextTurn()
      if (turn === null) break
      void begin(work(ready, turn))
    }
    left -= 1
  }
  await Promise.all(underWay)
  if (errors.length > 0) throw errors[0]
  return left
}
