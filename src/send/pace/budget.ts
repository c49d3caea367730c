/** Budget: what a relay may be given: so many messages a second, and so many a day. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Quota } from './quota.js'
import type { Timeline } from './timeline.js'

/** How long at most until it is looked again whether the day still allows it. */
const LOOK_MS = 1_000

export interface Budget {
  /** May it be given anything today? */
  isOpen(): boolean
  /** Waits for its rate; false: nothing more today, or this process ends. */
  take(): Promise<boolean>
  /** The message is through, or was not given after all. */
  settle(): void
}

export interface BudgetOptions {
  readonly perSecond: number | null
  readonly timeline: Timeline
  readonly quota: Quota
  /** Aborted: nobody waits any more. */
  readonly stop: AbortSignal
}

export function openBudget({ perSecond, timeline, quota, stop }: BudgetOptions): Budget {
  async function untilDue(rate: number): Promise<boolean> {
    while (!stop.aborted && quota.isOpen()) {
      const waitMs = await timeline.dueIn(rate)
      if (waitMs > 0)
        // Aborting the wait is how it ends early.
        await wait(Math.min(waitMs, LOOK_MS), undefined, { signal: stop }).catch(() => {})
      else if (timeline.spend()) return true
    }
    return false
  }

  return {
    isOpen: quota.isOpen,
    async take() {
      if (perSecond !== null && !(await untilDue(perSecond))) return false
      return quota.take()
    },
    settle: quota.settle,
  }
}
