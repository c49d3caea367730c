/**
 * Timeline: when the next message may begin, so that there are never more than so many a second. This process's own,
 * or blocks of times from the one that all workers share. A time that nobody used in time is lost: nothing is saved up.
 */

import type { Permits } from '../../queue/permits.js'
import type { Shares } from './shares.js'

/** How late a time may still be used, for timers are never exact. */
const LATE_MS = 100
/** How much of a second is asked for at once. */
const BLOCK_S = 0.5
/** How soon a worker that has no share may have one. */
const NO_SHARE_MS = 500

export interface TimelineOptions {
  /** Of what is limited: `lane:gmail`. */
  readonly name: string
  readonly monotonic: () => number
  readonly shares: Shares
  readonly permits: Permits
}

export interface Timeline {
  /** How long to wait before one may begin, ms; 0: now. */
  dueIn(perSecond: number): Promise<number>
  /** Uses up a time that has come; false: another was quicker. */
  spend(): boolean
}

export function openTimeline({ name, monotonic, shares, permits }: TimelineOptions): Timeline {
  let nextAt = monotonic()
  let intervalMs = 0
  /** Times left in the block; Infinity on a timeline of our own. */
  let left = 0
  let asking: Promise<number> | null = null

  /** Times that have passed unused. */
  function lose(): void {
    const earliest = monotonic() - LATE_MS
    if (nextAt >= earliest || left === 0) return
    if (left === Number.POSITIVE_INFINITY) nextAt = earliest
    else {
      const lost = Math.min(Math.ceil((earliest - nextAt) / intervalMs), left)
      nextAt += lost * intervalMs
      left -= lost
    }
  }

  function runOwn(interval: number): number {
    const now = monotonic()
    if (left !== Number.POSITIVE_INFINITY) nextAt = Math.max(now, left > 0 ? nextAt : 0)
    // A rate that has grown does not wait for the end of a long interval.
    if (interval < intervalMs) nextAt = Math.min(nextAt, now + interval)
    left = Number.POSITIVE_INFINITY
    intervalMs = interval
    lose()
    return Math.max(nextAt - now, 0)
  }

  async function askForBlock(interval: number): Promise<number> {
    const count = Math.max(Math.ceil((BLOCK_S * 1_000) / interval), 1)
    const asked = monotonic()
    try {
      const answer = await permits.reserve(name, { count, intervalMs: interval })
      if (answer.kind === 'later') return Math.max(answer.againInMs, 1)
      nextAt = asked + answer.beginsInMs
      intervalMs = interval
      left = count
      return Math.max(nextAt - monotonic(), 0)
    } catch {
      shares.loseRedis()
      return NO_SHARE_MS
    }
  }

  return {
    async dueIn(perSecond) {
      const share = shares.now()
      if (share.part === 0) return NO_SHARE_MS
      const interval = 1_000 / (perSecond * share.part)
      if (!share.isCommon) return runOwn(interval)
      if (left === Number.POSITIVE_INFINITY) left = 0
      lose()
      if (left > 0) return Math.max(nextAt - monotonic(), 0)
      asking ??= askForBlock(interval).finally(() => {
        asking = null
      })
      return asking
    },
    spend() {
      lose()
      if (left === 0 || nextAt > monotonic()) return false
      nextAt += intervalMs
      left -= 1
      return true
    },
  }
}
