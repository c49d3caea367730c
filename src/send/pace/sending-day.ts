/**
 * The sending day: what a relay may be given in it. It begins at midnight UTC, which is the same moment for every worker
 * and every relay. A new sender warms up: few messages on the first day of its plan, more on each that follows.
 */

const DAY_MS = 86_400_000

/**
 * Messages on day 1, 2, 3, … of a warm-up; after the last one there is no limit from it. Half as much again or double,
 * which is what providers advise for addresses and domains that have sent nothing before.
 */
export const WARM_UP: readonly number[] = [
  200, 400, 800, 1_500, 3_000, 5_000, 8_000, 12_000, 18_000, 27_000, 40_000, 60_000, 90_000, 130_000, 190_000,
  280_000, 400_000, 600_000, 900_000,
]

export interface DayTerms {
  /** Null: as many as there are. */
  readonly perDay: number | null
  /** First day of its warm-up, `2026-12-01`; before it nothing is sent. */
  readonly warmup: string | null
}

export function beginOfDay(now: number): number {
  return Math.floor(now / DAY_MS) * DAY_MS
}

export function nextDay(now: number): number {
  return beginOfDay(now) + DAY_MS
}

/** How many messages the day of `now` may have; null: no limit. */
export function dayLimit({ perDay, warmup }: DayTerms, now: number): number | null {
  const planned = warmup === null ? null : warmUpLimit(warmup, now)
  if (planned === null) return perDay
  return perDay === null ? planned : Math.min(planned, perDay)
}

function warmUpLimit(warmup: string, now: number): number | null {
  const day = (beginOfDay(now) - Date.parse(warmup)) / DAY_MS
  return day < 0 ? 0 : (WARM_UP[day] ?? null)
}
