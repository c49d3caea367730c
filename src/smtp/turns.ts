/** Turns: so many at once, the others in order of their coming. */

export interface Turns {
  /** Resolves when it is one's turn; false: closed. */
  take(): Promise<boolean> | boolean
  giveBack(): void
  /** Sends away those that wait; resolves when every turn is given back. */
  close(): Promise<void>
}

export function makeTurns(atOnce: number): Turns {
  let taken = 0
  let isClosed = false
  const waiting: ((isMine: boolean) => void)[] = []
  const onQuiet: (() => void)[] = []
  return {
    take() {
      if (isClosed) return false
      if (taken < atOnce) {
        taken += 1
        return true
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    giveBack() {
      const next = waiting.shift()
      // Who gives a turn back hands it on; the count stays.
      if (next !== undefined) return next(true)
      taken -= 1
      if (taken === 0) for (const resolve of onQuiet.splice(0)) resolve()
    },
    async close() {
      isClosed = true
      for (const next of waiting.splice(0)) next(false)
      if (taken > 0) await new Promise<void>((resolve) => onQuiet.push(resolve))
    },
  }
}
