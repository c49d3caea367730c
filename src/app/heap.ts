/**
 * How large the engine's heap may grow between two full collections. V8 waits until it has about doubled; a Send leaves a
 * trickle of objects there, so that a long one took 100 MB more than a short one, all of it garbage.
 */

import { setFlagsFromString } from 'node:v8'

const GROWTH_PERCENT = 30

/** For the whole process, from now on. V8 reads it at each collection, so that it may come after the start. */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
