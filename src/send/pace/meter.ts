/** Meter: how many a second there were lately. */

const SPAN_S = 5

export interface Meter {
  mark(): void
  /** A second, over the last few whole seconds or since the first mark. */
  perSecond(): number
}

export function openMeter(monotonic: () => number): Meter {
  const counts = new Float64Array(SPAN_S + 1)
  let second = 0
  let beganAt: number | null = null

  /** Empties the seconds that have begun since. */
  function move(now: number): void {
    const present = Math.floor(now / 1_000)
    for (let step = Math.max(second + 1, present - SPAN_S); step <= present; step++)
      counts[step % counts.length] = 0
    second = Math.max(second, present)
  }

  return {
    mark() {
      const now = monotonic()
      beganAt ??= now
      move(now)
      const at = second % counts.length
      counts[at] = (counts[at] ?? 0) + 1
    },
    perSecond() {
      const now = monotonic()
      move(now)
      const sum = counts.reduce((all, count) => all + count, 0)
      const spanMs = Math.min(now - (beganAt ?? now), SPAN_S * 1_000 + (now % 1_000))
      return sum === 0 ? 0 : (sum * 1_000) / Math.max(spanMs, 1_000)
    },
  }
}
