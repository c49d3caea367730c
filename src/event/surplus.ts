/**
 * Surplus: Hits beyond the allowance of their Delivery, which are only counted. They are gathered for a quarter of a second
 * and share one commit, so that whoever asks one URL again and again takes none of the disk's time from a Send.
 */

import type { Fates } from './fates.js'
import { settle, type WaitingHit } from './waiting-hit.js'

const GATHER_MS = 250

export interface Surplus {
  add(hits: readonly WaitingHit[]): void
  /** What is not written yet. */
  waiting(): readonly WaitingHit[]
  size(): number
  /** Writes what there is without waiting for more. */
  flush(): Promise<void>
}

export function openSurplus({
  write,
  fates,
}: {
  readonly write: (hits: readonly WaitingHit[]) => Promise<null>
  readonly fates: Fates
}): Surplus {
  let gathered: WaitingHit[] = []
  let inHand: readonly WaitingHit[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  function add(hits: readonly WaitingHit[]): void {
    if (hits.length === 0) return
    gathered.push(...hits)
    timer ??= setTimeout(() => void flush(), GATHER_MS)
  }

  /** One after the other: what comes meanwhile goes with the next. */
  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    writing = writing.then(writeGathered)
    return writing
  }

  async function writeGathered(): Promise<void> {
    inHand = gathered
    gathered = []
    const tell = await settle(inHand, { write: () => write(inHand), fates })
    tell()
    inHand = []
  }

  return { add, flush, waiting: () => [...inHand, ...gathered], size: () => inHand.length + gathered.length }
}
