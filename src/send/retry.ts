/** When a deferred Delivery is due again. */

export interface RetryPolicy {
  /** Wait before attempt 2, 3, …; milliseconds. */
  readonly scheduleMs: readonly number[]
  /** 0 ≤ x < 1, for jitter: deferred together is not retried together. */
  readonly random: () => number
}

const JITTER = 0.1

/** Milliseconds to wait after attempt number `attempt` (1-based), or null when the schedule is used up. */
export function retryDelay(attempt: number, { scheduleMs, random }: RetryPolicy): number | null {
  const delay = scheduleMs[attempt - 1]
  return delay === undefined ? null : Math.round(delay * (1 + JITTER * random()))
}
