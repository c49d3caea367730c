/** When a deferred Delivery is due again. */

export interface RetryPolicy {
  /** Wait before attempt 2, 3, …; milliseconds, none shorter than the one before. */
  readonly scheduleMs: readonly number[]
  /** 0 ≤ x < 1, for jitter: deferred together is not retried together. */
  readonly random: () => number
}

const JITTER = 0.1
/** After a "slow down" nobody waits longer for the next try, unless the schedule begins with a longer wait. */
const MAX_SLOWED_MS = 1_800_000
const DAY_MS = 86_400_000
/** No wait is longer, jitter and all. */
const MAX_DELAY_MS = 7 * DAY_MS

/**
 * Milliseconds to wait after attempt number `attempt` (1-based), or null when the schedule is used up. Up to a tenth
 * longer than the schedule says, but never longer than its next wait, so that waits grow where the schedule does.
 */
export function retryDelay(attempt: number, { scheduleMs, random }: RetryPolicy): number | null {
  const delay = scheduleMs[attempt - 1]
  if (delay === undefined) return null
  const next = scheduleMs[attempt] ?? Number.POSITIVE_INFINITY
  const longest = next > delay ? Math.min(delay * (1 + JITTER), next) : delay * (1 + JITTER)
  return Math.min(Math.floor(delay + (longest - delay) * random()), MAX_DELAY_MS)
}

/**
 * Milliseconds to wait after the `times`-th "slow down" (1-based), which uses up no attempt; null when the whole schedule
 * has passed since the first attempt, `ageMs` ago, and it was tried as often: a letter that nobody takes for so long is
 * none. Time alone says little: the Send may have been paused, or the relay's day used up.
 */
export function slowedDelay(
  { times, ageMs }: { readonly times: number; readonly ageMs: number },
  { scheduleMs, random }: RetryPolicy,
): number | null {
  const [first] = scheduleMs
  if (first === undefined) return null
  if (ageMs >= wholeSchedule(scheduleMs) && times > scheduleMs.length) return null
  const delay = Math.min(first * 2 ** (times - 1), Math.max(first, MAX_SLOWED_MS))
  return Math.floor(delay * (1 + JITTER * random()))
}

/** From the first attempt to the end, ms, when each is answered at once. */
export function wholeSchedule(scheduleMs: RetryPolicy['scheduleMs']): number {
  return scheduleMs.reduce((sum, ms) => sum + ms, 0)
}
