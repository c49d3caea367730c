/**
 * Reply → Outcome: what happened on the wire → what it means. Temporary unless proven permanent; what a refusal means
 * stands in `reply-rules.ts`.
 */

import { unreachable } from '../errors.js'
import type { Reply } from '../smtp/transport.js'
import { CONTENT_REFUSED, isLimit, readRefusal, SLOWED_DOWN } from './reply-rules.js'

export type Outcome =
  | { readonly kind: 'sent'; readonly code: number; readonly text: string }
  /** The server refused the recipient for good. */
  | { readonly kind: 'bounced'; readonly code: number; readonly text: string }
  /** Not now. `reason`: a few stable words, which reports count by. */
  | {
      readonly kind: 'deferred'
      readonly reason: string
      readonly code: number | null
      readonly text: string
    }
  /** For good, but not the recipient's fault. */
  | { readonly kind: 'failed'; readonly reason: string; readonly code: number | null; readonly text: string }
  | { readonly kind: 'uncertain'; readonly text: string }
  /**
   * The relay would take no message now: nothing about this one is known, no attempt is used up. `fault` ours: it
   * refuses our login or our sender, and a person has to mend that.
   */
  | { readonly kind: 'relayDown'; readonly fault: 'relay'; readonly text: string }
  | {
      readonly kind: 'relayDown'
      readonly fault: 'ours'
      readonly refused: 'login' | 'sender'
      readonly text: string
    }

/** To MAIL with a SIZE (RFC 1870): this message is too large. */
const TOO_LARGE = 552
/** 530: log in first; 535: the login does not hold; 538: not without TLS (RFC 4954). */
const LOGIN_CODES: ReadonlySet<number> = new Set([530, 535, 538])

export function readOutcome(reply: Reply): Outcome {
  switch (reply.kind) {
    case 'replied':
      return readReply(reply)
    case 'notEnded':
      return readNotEnded(reply)
    case 'endedWithoutReply':
      return { kind: 'uncertain', text: reply.cause }
    default:
      return unreachable(reply)
  }
}

function readNotEnded({ cause, scope }: Extract<Reply, { kind: 'notEnded' }>): Outcome {
  if (cause === 'needs SMTPUTF8') return { kind: 'failed', reason: cause, code: null, text: cause }
  if (scope === 'login') return refusedUs('login', cause)
  if (scope === 'relay') return { kind: 'relayDown', fault: 'relay', text: cause }
  return { kind: 'deferred', reason: 'connection lost', code: null, text: cause }
}

function readReply({ code, text, command, ended }: Extract<Reply, { kind: 'replied' }>): Outcome {
  if (ended && code >= 200 && code < 300) return { kind: 'sent', code, text }
  if (LOGIN_CODES.has(code) && !ended) return refusedUs('login', text)
  // Our sender is refused: no message would fare better, and no recipient is to blame.
  if (command === 'MAIL' && code >= 500 && code < 600)
    return code === TOO_LARGE
      ? { kind: 'failed', reason: CONTENT_REFUSED, code, text }
      : refusedUs('sender', text)
  const meaning = readRefusal({ code, text, command })
  if (meaning !== null) return { ...meaning, code, text }
  // Neither yes nor no. After the end nobody can know.
  return ended
    ? { kind: 'uncertain', text }
    : { kind: 'deferred', reason: 'reply not understood', code, text }
}

/** For good, unless the words say that less or later would do. */
function refusedUs(refused: 'login' | 'sender', text: string): Outcome {
  if (isLimit(text)) return { kind: 'relayDown', fault: 'relay', text }
  return { kind: 'relayDown', fault: 'ours', refused, text }
}

/** The receiver wants less of us for now: it says nothing of the message, and uses up no attempt of the schedule. */
export function isSlowed(outcome: Outcome): outcome is Extract<Outcome, { kind: 'deferred' }> {
  return outcome.kind === 'deferred' && outcome.reason === SLOWED_DOWN
}

/** … and it is about all that we send there, not about one mailbox (RFC 3463: x.1.x and x.2.x). */
export function isLaneSlowed(outcome: Outcome): outcome is Extract<Outcome, { kind: 'deferred' }> {
  return isSlowed(outcome) && !/^\d{3}[ -]\d\.[12]\.\d/.test(outcome.text)
}
