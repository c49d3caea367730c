/**
 * Reply → Outcome: what happened on the wire → what it means. The basic code decides the class, the enhanced code
 * (RFC 3463) whose fault it is; temporary unless proven permanent.
 */

import { unreachable } from '../errors.js'
import type { Reply } from '../smtp/transport.js'

export type Outcome =
  | { readonly kind: 'sent'; readonly code: number; readonly text: string }
  /** The server refused the recipient for good. */
  | { readonly kind: 'bounced'; readonly code: number; readonly text: string }
  | { readonly kind: 'deferred'; readonly code: number | null; readonly text: string }
  /** For good, but not the recipient's fault. */
  | { readonly kind: 'failed'; readonly reason: string; readonly code: number | null; readonly text: string }
  | { readonly kind: 'uncertain'; readonly text: string }
  /** The relay would take no message now: nothing about this one is known, no attempt is used up. */
  | { readonly kind: 'relayDown'; readonly text: string }

/** RFC 3463: x.1.x is the address; x.2.1 a disabled mailbox. */
const RECIPIENT_GONE = /^5\.(1\.(1|2|3|6|10)|2\.1)$/
/** Mailbox full, message too long for it now, system full: the next try may fare better though the code says 5. */
const SOFT_DESPITE_5 = /^5\.(2\.2|3\.1|4\.\d+)$/
const POLICY = /^5\.7\.\d+$/
const CONTENT = /^5\.(6\.\d+|2\.3|3\.4)$/

/** To MAIL with a SIZE (RFC 1870): this message is too large. */
const TOO_LARGE = 552
/** 530: log in first; 535: the login does not hold (RFC 4954). */
const LOGIN_CODES: ReadonlySet<number> = new Set([530, 535, 538])

export function readOutcome(reply: Reply): Outcome {
  switch (reply.kind) {
    case 'replied':
      return readReply(reply)
    case 'notEnded':
      if (reply.cause === 'needs SMTPUTF8')
        return { kind: 'failed', reason: 'needs SMTPUTF8', code: null, text: reply.cause }
      if (reply.scope === 'relay') return { kind: 'relayDown', text: reply.cause }
      return { kind: 'deferred', code: null, text: reply.cause }
    case 'endedWithoutReply':
      return { kind: 'uncertain', text: reply.cause }
    default:
      return unreachable(reply)
  }
}

function readReply({ code, text, command }: Extract<Reply, { kind: 'replied' }>): Outcome {
  if (code >= 200 && code < 300) return { kind: 'sent', code, text }
  if (code < 500) return { kind: 'deferred', code, text }
  // Our sender or our login is refused: no message would fare better, and no recipient is to blame.
  if ((command === 'MAIL' && code !== TOO_LARGE) || LOGIN_CODES.has(code)) return { kind: 'relayDown', text }
  const enhanced = /^\D*\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? null
  if (enhanced === null) return readBasic({ code, text, command })
  if (RECIPIENT_GONE.test(enhanced)) return { kind: 'bounced', code, text }
  if (SOFT_DESPITE_5.test(enhanced)) return { kind: 'deferred', code, text }
  if (POLICY.test(enhanced)) return { kind: 'failed', reason: 'refused by policy', code, text }
  if (CONTENT.test(enhanced)) return { kind: 'failed', reason: 'content refused', code, text }
  return { kind: 'failed', reason: 'refused', code, text }
}

/** Without an enhanced code only a reply to the recipient that says so proves that the address is gone. */
function readBasic({
  code,
  text,
  command,
}: {
  readonly code: number
  readonly text: string
  readonly command: string
}): Outcome {
  const saysGone =
    /\b(no such|unknown|does not exist|doesn't exist|not found|invalid (recipient|mailbox|address))\b/i
  if (command === 'RCPT' && (code === 550 || code === 551 || code === 553) && saysGone.test(text))
    return { kind: 'bounced', code, text }
  if (code === 552 && command === 'RCPT') return { kind: 'deferred', code, text }
  return { kind: 'failed', reason: 'refused', code, text }
}
