/**
 * Keeps everyone from knocking at a relay that takes no message at all (down, wrong password, no TLS): shut for a
 * while that grows, then one message tries again. Nobody's Attempt is used up meanwhile. A relay that is away comes back
 * by itself; one that refuses us waits for a person.
 */

const FIRST_SHUT_MS = 1_000
const MAX_SHUT_MS = 60_000
/** One refusal of our login or sender may be a relay's bad moment. */
const REFUSALS_IN_A_ROW = 3

export interface RelayGuard {
  /** May messages be tried now? */
  isOpen(): boolean
  /** It was shut, and no message has got a reply since: to be tried with care. */
  isProving(): boolean
  /** A message got a reply: the relay is well. */
  open(): void
  /**
   * No message can be sent now, because of `cause`. True when the relay has refused us so often in a row that it is of
   * no use to go on before a person has mended it.
   */
  close(problem: { readonly cause: string; readonly fault: 'ours' | 'relay' }): boolean
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
  let refusals = 0
  return {
    isOpen: () => monotonic() >= shutUntil,
    isProving: () => shutMs > 0,
    open() {
      refusals = 0
      if (shutMs === 0) return
      shutMs = 0
      shutUntil = Number.NEGATIVE_INFINITY
      onOpen()
    },
    close({ cause, fault }) {
      const isRefused = () => fault === 'ours' && refusals >= REFUSALS_IN_A_ROW
      // Those that were under way together fail together; that is one failure.
      if (monotonic() < shutUntil) return isRefused()
      refusals = fault === 'ours' ? refusals + 1 : 0
      onShut(cause, shutMs === 0)
      shutMs = Math.min(Math.max(shutMs * 2, FIRST_SHUT_MS), MAX_SHUT_MS)
      shutUntil = monotonic() + shutMs
      return isRefused()
    },
  }
}
