/**
 * Bytes that came back → Feedback. Pure; never throws, whatever the bytes are, and its time and memory are bounded: see
 * `cut.ts` and the limits in `read-mail.ts`.
 */

import type { Claim, Feedback } from './feedback.js'
import { readArf } from './read-arf.js'
import { readAutoReply } from './read-auto-reply.js'
import { readDsn } from './read-dsn.js'
import { type Mail, readMail } from './read-mail.js'
import { readMailedSes } from './read-mailed-ses.js'
import { readTextBounce } from './read-text.js'
import { findNames } from './returned.js'

/** `envelopeTo`: the recipients of the envelope (RCPT), when the mail came with one. */
export async function readFeedback(bytes: Uint8Array, envelopeTo: readonly string[]): Promise<Feedback> {
  const mail = await readMail(bytes)
  return { ...readClaims(mail), ...findNames(mail, envelopeTo) }
}

/** The strictest form first: what says in a standard's words what it is, is not read as text. */
function readClaims(mail: Mail): { readonly source: Feedback['source']; readonly claims: readonly Claim[] } {
  const complaint = readArf(mail)
  if (complaint !== null) return { source: 'arf', claims: complaint }
  const status = readDsn(mail)
  if (status !== null) return { source: 'dsn', claims: status }
  const notified = readMailedSes(mail)
  if (notified !== null) return { source: 'text', claims: notified }
  const bounce = readTextBounce(mail)
  if (bounce !== null) return { source: 'text', claims: bounce }
  const answer = readAutoReply(mail)
  return answer === null ? { source: 'unknown', claims: [] } : { source: 'autoReply', claims: [answer] }
}
