/**
 * A Transport for what takes a message whole: a program, an HTTP request. There the end can't be held back on its own:
 * a pipe is closed by the kernel when we die, and a program takes that for the end. So `beforeEnd` is asked before the
 * first byte leaves, and from its yes on only a clear word of the other side means anything but `endedWithoutReply`.
 */

import { isPlainAscii, plainAddress } from './plain-address.js'
import type { RelayTerms } from './relay-terms.js'
import type { Reply, Transport, WireMessage } from './transport.js'
import { makeTurns } from './turns.js'

const BEING_CLOSED: Reply = { kind: 'notEnded', cause: 'the relay is being closed', scope: 'relay' }

export interface HandOverOptions {
  readonly terms: RelayTerms
  /** How long the whole of it may take. */
  readonly timeoutMs: number
  readonly verify: () => Promise<void>
  /** Why it can't take this one message; null: it can. */
  readonly objection?: (message: WireMessage) => string | null
  /** Hands it over; `cut` is aborted when nobody waits for the answer any more. Never rejects. */
  readonly carry: (message: WireMessage, cut: AbortSignal) => Promise<Reply>
}

export function openHandOver({
  terms,
  timeoutMs,
  verify,
  carry,
  objection = () => null,
}: HandOverOptions): Transport {
  const turns = makeTurns(terms.maxConnections)
  const end = new AbortController()
  return {
    name: terms.name,
    concurrency: terms.maxConnections,
    verify,

    async send(message, { beforeEnd }) {
      const { from, to } = message.envelope
      const isAscii = isPlainAscii(plainAddress(to)) && (from === '' || isPlainAscii(plainAddress(from)))
      // Whether what comes behind it can do it, nothing here says.
      if (!isAscii) return { kind: 'notEnded', cause: 'needs SMTPUTF8', scope: 'message' }
      const cause = objection(message)
      if (cause !== null) return { kind: 'notEnded', cause, scope: 'message' }
      if (!(await turns.take())) return BEING_CLOSED
      try {
        if (!(await beforeEnd())) return { kind: 'notEnded', cause: 'not to be ended', scope: 'message' }
        if (end.signal.aborted) return BEING_CLOSED
        // The bytes are the caller's again when this resolves; what nodemailer still holds of them must not change.
        const kept = { ...message, bytes: Uint8Array.from(message.bytes) }
        return await carry(kept, AbortSignal.any([end.signal, AbortSignal.timeout(timeoutMs)]))
      } finally {
        turns.giveBack()
      }
    },

    async close({ withinMs } = {}) {
      const closed = turns.close()
      if (withinMs === undefined) return closed
      const deadline = setTimeout(() => end.abort(), Math.min(withinMs, MAX_TIMER_MS))
      return closed.finally(() => clearTimeout(deadline))
    },
  }
}

/** A timer takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1
