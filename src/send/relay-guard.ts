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
  /** Milliseconds of a clock that is never set back. */
  readonly monotonic: () => number
  /** Told at each failed try (the cause, and whether it is the first), and when the relay is back. */
  readonly onShut: (cause: string, isFirst: boolean) => void
  readonly onOpen: () => void
}

export function makeRelayGuard({ monotonic, onShut, onOpen }: RelayGuardOptions): RelayGuard {
  let shutUntil = Number.NEGATIVE_INFINITY
  let shutMs = 0
  return {
    isOpen: () => monotonic() >= shutUntil,
    open() {
      if (shutMs === 0) return
      shutMs = 0
      shutUntil = Number.NEGATIVE_INFINITY
      onOpen()
    },
    close(cause) {
      // Those that were under way together fail together; that is one failure.
      if (monotonic() < shutUntil) return
      onShut(cause, shutMs === 0)
      shutMs = Math.min(Math.max(shutMs * 2, FIRST_SHUT_MS), MAX_SHUT_MS)
      shutUntil = monotonic() + shutMs
    },
  }
}
