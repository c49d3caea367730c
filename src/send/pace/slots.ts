/**
 * Slots: the connections of this process, shared among lanes that have work. A free one goes to the lane that has the
 * fewest, so a lane whose replies take long cannot gather them all; and the last quarter is kept for lanes whose replies
 * come quickly, so that a lane which begins need not wait for another's slow reply.
 */

/** Replies that come within that, on average, are quick. */
const QUICK_MS = 2_000
/** Share of the newest reply in the average. */
const WEIGHT = 1 / 8
const KEPT_SHARE = 4

export interface SlotsOptions {
  /** How many there are; may change. */
  readonly total: () => number
  /** How many a lane may have at most. */
  readonly most: (lane: string) => number
}

export interface Slots {
  /** Takes one if one may be had at once. */
  take(lane: string): boolean
  /** Takes one when it is the lane's turn; false: dismissed. */
  wait(lane: string): Promise<boolean>
  /** `heldMs`: how long its message took; null when there was none. */
  free(lane: string, heldMs: number | null): void
  /** Whoever waits for a slot of this lane gets none. */
  dismiss(lane: string): void
  held(lane: string): number
  /** There may be more of them than when it was looked last: who waits is served. */
  look(): void
}

interface Line {
  readonly lane: string
  held: number
  /** Running average, and the last one; null before the first reply. */
  averageMs: number | null
  lastMs: number
  /** Number of the turn in which it was served last. */
  servedAt: number
  readonly waiting: ((isServed: boolean) => void)[]
}

export function openSlots({ total, most }: SlotsOptions): Slots {
  const lines = new Map<string, Line>()
  let held = 0
  let turn = 0

  function lineOf(lane: string): Line {
    const known = lines.get(lane)
    if (known !== undefined) return known
    const line: Line = { lane, held: 0, averageMs: null, lastMs: 0, servedAt: 0, waiting: [] }
    lines.set(lane, line)
    return line
  }

  function mayTake(line: Line): boolean {
    const all = total()
    const free = all - held
    if (free <= 0 || line.held >= most(line.lane)) return false
    const isQuick = line.averageMs !== null && Math.max(line.averageMs, line.lastMs) <= QUICK_MS
    return line.held === 0 || isQuick || free > keptOf(all)
  }

  function serve(line: Line): void {
    line.held += 1
    held += 1
    turn += 1
    line.servedAt = turn
  }

  /** To the lane with the fewest; of those with as many, to the one that was served longest ago. */
  function look(): void {
    for (;;) {
      let next: Line | null = null
      for (const line of lines.values())
        if (line.waiting.length > 0 && mayTake(line) && (next === null || comesBefore(line, next)))
          next = line
      const resolve = next?.waiting.shift()
      if (next === null || resolve === undefined) return
      serve(next)
      resolve(true)
    }
  }

  return {
    take(lane) {
      const line = lineOf(lane)
      if (line.waiting.length > 0 || !mayTake(line)) return false
      serve(line)
      return true
    },
    wait(lane) {
      const served = new Promise<boolean>((resolve) => lineOf(lane).waiting.push(resolve))
      look()
      return served
    },
    free(lane, heldMs) {
      const line = lineOf(lane)
      line.held -= 1
      held -= 1
      if (heldMs !== null) {
        const before = line.averageMs ?? heldMs
        line.averageMs = before + (heldMs - before) * WEIGHT
        line.lastMs = heldMs
      }
      look()
    },
    dismiss(lane) {
      for (const resolve of lineOf(lane).waiting.splice(0)) resolve(false)
    },
    held: (lane) => lines.get(lane)?.held ?? 0,
    look,
  }
}

function keptOf(all: number): number {
  return all > 1 ? Math.max(1, Math.floor(all / KEPT_SHARE)) : 0
}

function comesBefore(line: Line, other: Line): boolean {
  return line.held !== other.held ? line.held < other.held : line.servedAt < other.servedAt
}
