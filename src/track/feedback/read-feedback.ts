/**
 * Bytes that came back → Feedback. Pure; never throws, whatever the bytes are, and its time and memory are bounded.
 */

import type { Feedback } from './feedback.js'
import { findReturnTokens } from './find-tokens.js'

/** `envelopeTo`: the recipients of the envelope (RCPT), when the mail came with one. */
export async function readFeedback(_bytes: Uint8Array, envelopeTo: readonly string[]): Promise<Feedback> {
  return {
    source: 'unknown',
    claims: [],
    returnTokens: findReturnTokens(envelopeTo),
    leaveTokens: [],
    messageIds: [],
  }
}
