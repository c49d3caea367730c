/** Says in the log that something is away without filling the disk: at most once in ten seconds, with a count. */

import type { Log } from '../log.js'

const QUIET_MS = 10_000

export interface OutageLog {
  /** `what` failed, as a constant sentence: never a URL, which holds a Token. */
  report(what: string, error: unknown): void
}

export function openOutageLog({ log, now }: { log: Log; now: () => number }): OutageLog {
  let quietUntil = 0
  let unsaid = 0
  return {
    report(what, error) {
      if (now() < quietUntil) {
        unsaid += 1
        return
      }
      log.error({ err: error, unsaid }, what)
      quietUntil = now() + QUIET_MS
      unsaid = 0
    },
  }
}
