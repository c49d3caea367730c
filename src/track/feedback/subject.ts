/**
 * Subject: the Delivery that Feedback speaks of. Its Token says so, in the return path first; else our Message-ID, looked for
 * among the Deliveries to the address that the report names. What none of them shows speaks of no Message of ours; when a
 * provider is proven to have said it, it speaks of the address alone.
 */

import { parseAddress } from '../../address.js'
import type { Query } from '../../db/db.js'
import { isSampleToken } from '../../link/sample-keys.js'
import { type Keys, messageIdLeft, verifyToken } from '../../link/token.js'
import type { Feedback } from './feedback.js'

/** A report that comes later than that on a Message of ours is none. */
const DELIVERIES_OF_ADDRESS = 50
const MAX_RECIPIENTS = 5
/** A provider that names nothing but the address speaks of what we sent it lately. */
const LATELY_MS = 30 * 86_400_000

export interface Subject {
  readonly deliveryId: number
  readonly subscriberId: number
  readonly sendId: number
  readonly issueId: number
  readonly listId: number
  readonly lane: string
  /** As it was frozen; '' once erased. */
  readonly address: string
}

export interface SubjectContext {
  readonly keys: Keys
  /** A provider is proven to have said it. */
  readonly isVerified: boolean
}

export interface FoundSubject {
  readonly subject: Subject
  /**
   * By the return path, which no reader sees in their mail, or by a provider's signature. A link of the Message, or its
   * Message-ID, stands in every copy that is forwarded.
   */
  readonly isProven: boolean
}

/** Null: it names nobody, or nothing in it verifies. */
export async function findSubject(
  query: Query,
  feedback: Feedback,
  { keys, isVerified }: SubjectContext,
): Promise<FoundSubject | null> {
  const byReturnPath = await findByTokens(query, 'return', { keys, tokens: feedback.returnTokens })
  if (byReturnPath !== null) return { subject: byReturnPath, isProven: true }
  if (isOfTest(feedback)) return null
  const subject =
    (await findByTokens(query, 'leave', { keys, tokens: feedback.leaveTokens })) ??
    (await findByMessageId(query, feedback, keys))
  return subject && { subject, isProven: isVerified }
}

/** A test send was nobody's Delivery, whoever else has the address that it went to. */
function isOfTest({ returnTokens, leaveTokens }: Feedback): boolean {
  return (
    returnTokens.some((token) => isSampleToken('return', token)) ||
    leaveTokens.some((token) => isSampleToken('leave', token))
  )
}

async function findByTokens(
  query: Query,
  purpose: 'return' | 'leave',
  { keys, tokens }: { readonly keys: Keys; readonly tokens: readonly string[] },
): Promise<Subject | null> {
  for (const token of tokens) {
    const id = verifyToken(keys, purpose, token)
    const subject = id === null ? null : await readSubject(query, id)
    if (subject !== null) return subject
  }
  return null
}

/** Null when nothing was ever sent to it. */
export async function readSubject(query: Query, deliveryId: number): Promise<Subject | null> {
  const row = await query
    .selectFrom('delivery')
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .select([
      'delivery.id',
      'delivery.subscriber_id',
      'delivery.send_id',
      'delivery.issue_id',
      'delivery.lane',
      'delivery.address',
      'send.list_id',
    ])
    .where('delivery.id', '=', deliveryId)
    .where('delivery.attempt', '>', 0)
    .executeTakeFirst()
  return (
    (row && {
      deliveryId: row.id,
      subscriberId: row.subscriber_id,
      sendId: row.send_id,
      issueId: row.issue_id,
      listId: row.list_id,
      lane: row.lane,
      address: row.address,
    }) ??
    null
  )
}

async function findByMessageId(
  query: Query,
  { claims, messageIds }: Feedback,
  keys: Keys,
): Promise<Subject | null> {
  if (messageIds.length === 0) return null
  for (const recipient of recipientsOf(claims)) {
    const sentTo = await readSentTo(query, recipient)
    const ours = sentTo.find(({ id }) => messageIds.includes(messageIdLeft(keys, id)))
    if (ours) return readSubject(query, ours.id)
  }
  return null
}

/** An address, and no Message: a secret or a signature that is a provider's says nothing of which one it was. */
export interface Mailed {
  readonly subscriberId: number
  readonly address: string
  readonly addressKey: string
}

/** The first that a proven report names and that was mailed lately; null: none. */
export async function findMailed(
  query: Query,
  feedback: Feedback,
  { now }: { readonly now: number },
): Promise<Mailed | null> {
  if (isOfTest(feedback)) return null
  for (const recipient of recipientsOf(feedback.claims)) {
    const [last] = await readSentTo(query, recipient)
    if (last !== undefined && last.changed_at >= now - LATELY_MS)
      return { subscriberId: last.subscriber_id, address: last.address, addressKey: last.address_key }
  }
  return null
}

function recipientsOf(claims: Feedback['claims']): readonly string[] {
  const recipients = claims.flatMap((claim) =>
    claim.kind === 'nothing' || claim.recipient === null ? [] : [claim.recipient],
  )
  return [...new Set(recipients)].slice(0, MAX_RECIPIENTS)
}

/** The Deliveries to an address, of whoever has it now, the newest first. */
async function readSentTo(query: Query, recipient: string) {
  const parsed = parseAddress(recipient)
  if (parsed.kind === 'refused') return []
  return query
    .selectFrom('subscriber')
    .innerJoin('delivery', 'delivery.subscriber_id', 'subscriber.id')
    .select([
      'delivery.id',
      'delivery.changed_at',
      'delivery.subscriber_id',
      'subscriber.address',
      'subscriber.address_key',
    ])
    .where('subscriber.address_key', '=', parsed.key)
    .where('delivery.address', '!=', '')
    .where('delivery.attempt', '>', 0)
    .orderBy('delivery.id', 'desc')
    .limit(DELIVERIES_OF_ADDRESS)
    .execute()
}
