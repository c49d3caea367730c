/**
 * Keeps everyone from knocking at a relay that takes no message at all (down, wrong password, no TLS): shut for a
 * while that grows, then one Batch tries again. Nobody's Attempt is used up meanwhile.
 */

const FIRST_SHUT_MS = 1_000
const MAX_SHUT_MS = 60_000

export interface RelayGuard {
  /** May messages be tried now? */
  isOpen(): boolean
  /** A message got a reply: the relay is well. */
  open(): void
  /** No message can be sent now, because of `cause`. */
  close(cause: string): void
}

export interface RelayGuardOptions {
  readonly now: () => number
  /** Told when the relay goes (its cause) and when it is back (null). */
  readonly onChange: (cause: string | null) => void
}

export function makeRelayGuard({ now, onChange }: RelayGuardOptions): RelayGuard {
  let shutUntil = 0
  let shutMs = 0
  return {
    isOpen: () => now() >= shutUntil,
    open() {
      if (shutMs === 0) return
      shutMs = 0
      shutUntil = 0
      onChange(null)
    },
    close(cause) {
      // Those that were under way together fail together; that is one failure.
      if (now() < shutUntil) return
      if (shutMs === 0) onChange(cause)
      shutMs = Math.min(Math.max(shutMs * 2, FIRST_SHUT_MS), MAX_SHUT_MS)
      shutUntil = now() + shutMs
    },
  }
}
