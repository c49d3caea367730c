/** What a relay's Reply says of a test's Message. */

import { unreachable } from '../../errors.js'
import type { Reply } from '../../smtp/transport.js'
import type { TestLine } from './answer.js'
import type { TestMessage } from './message.js'

/** `file`: where it is kept on this machine. */
export function readTestLine(
  { to, variant, subject }: Omit<TestMessage, 'message'>,
  reply: Reply,
  file: string | null,
): TestLine {
  const about = { to, variant, subject, file }
  switch (reply.kind) {
    case 'replied': {
      const { code, text, ended } = reply
      return { ...about, state: ended && code < 300 ? 'accepted' : 'refused', code, text }
    }
    case 'notEnded':
      return { ...about, state: 'unsent', code: null, text: reply.cause }
    case 'endedWithoutReply':
      return { ...about, state: 'uncertain', code: null, text: reply.cause }
    default:
      return unreachable(reply)
  }
}

/** A next message would fare no better. */
export function isHopeless(reply: Reply): boolean {
  return reply.kind === 'notEnded' && reply.scope !== 'message'
}
