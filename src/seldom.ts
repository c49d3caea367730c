/** Seldom: of what happens again and again, whether it is time for it once more: for a line in the log, for a look. */

/** True the first time, then at most once in `everyMs`, for each `what` by itself. `monotonic`: ms of a clock that is never set back. */
export function openSeldom(
  everyMs: number,
  monotonic: () => number = () => performance.now(),
): (what?: string) => boolean {
  const lastAt = new Map<string, number>()
  return (what = '') => {
    const now = monotonic()
    if (now - (lastAt.get(what) ?? Number.NEGATIVE_INFINITY) < everyMs) return false
    lastAt.set(what, now)
    return true
  }
}
