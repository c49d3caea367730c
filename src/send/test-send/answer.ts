/** What became of a test send, message by message. Nothing is tried again by itself. */

import { unreachable } from '../../errors.js'
import type { Reply } from '../../smtp/transport.js'
import type { TestMessage } from './message.js'

export interface TestAnswer {
  /** Slug of the Issue. */
  readonly issue: string
  /** Of what a Send would pin. */
  readonly hash: string
  /** Relays it went through; empty: into the inbox of this machine. */
  readonly through: readonly string[]
  readonly messages: readonly TestLine[]
  /** Errors that checks found: a Send would be refused. */
  readonly errors: number
}

export interface TestLine {
  readonly to: string
  /** Null where all readers get the same. */
  readonly variant: string | null
  readonly subject: string
  /** `uncertain`: it was handed over, and no reply came. `unsent`: it was not. */
  readonly state: 'accepted' | 'refused' | 'uncertain' | 'unsent'
  readonly code: number | null
  /** What was answered, or why nothing was. */
  readonly text: string
  /** Where the inbox of this machine keeps it, relative to the root; null: it went elsewhere. */
  readonly file: string | null
}

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

export function isAllAccepted({ messages }: TestAnswer): boolean {
  return messages.every(({ state }) => state === 'accepted')
}
