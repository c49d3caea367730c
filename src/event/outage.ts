/**
 * A database that is away while Hits come in. What it certainly kept nothing of is asked again until it is kept; what may
 * have been kept is not, since a Hit twice is worse than one that the log says is lost.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { leftNothing } from '../db/left-nothing.js'

const PAUSE_MS = 500

export interface Outage {
  /**
   * What `ask` resolves with, however often it takes. Rejects with what the database refuses for good, with what leaves it
   * open whether it was kept, and after `end` with whatever is in the way.
   */
  outlast<T>(ask: () => T | Promise<T>): Promise<T>
  /** Of what waits there is one more try; when that fails too, nothing is asked again. */
  end(): void
}

export function openOutage(): Outage {
  const ended = new AbortController()
  /** What was in the way after the end. */
  let inTheWay: { readonly error: unknown } | null = null

  async function outlast<T>(ask: () => T | Promise<T>): Promise<T> {
    for (;;) {
      // A database that is locked takes its time to say so, and there may be many who ask.
      if (inTheWay !== null) throw inTheWay.error
      try {
        return await ask()
      } catch (error) {
        if (!leftNothing(error)) throw error
        if (ended.signal.aborted) inTheWay = { error }
        else await pause()
      }
    }
  }

  /** Shorter when it ends. */
  async function pause(): Promise<void> {
    await wait(PAUSE_MS, undefined, { signal: ended.signal }).catch(() => {})
  }

  return { outlast, end: () => ended.abort() }
}
