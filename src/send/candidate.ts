/** Candidate: someone a Send is for, before the freeze, and the judgement whether he can be mailed; a dry run asks the same. */

import { sql } from 'kysely'
import { findSuppressions } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import type { DeliveryState, SubscriptionStatus } from '../db/schema.js'
import { hashAddress, type Keys } from '../link/token.js'
import { findSend, type SendFacts } from './send.js'

/** Subscribers placed in one transaction: short enough not to hold up the other writers. */
const CHUNK = 2_000

const CANDIDATE = [
  'subscriber.id as subscriber_id',
  'subscription.id as subscription_id',
  'subscription.status',
  'subscriber.address',
  'subscriber.address_key',
  'subscriber.name',
  'subscriber.attributes',
] as const

export interface Candidate {
  readonly subscriber_id: number
  readonly subscription_id: number
  readonly status: SubscriptionStatus
  readonly address: string
  readonly address_key: string
  readonly name: string
  readonly attributes: string
}

/** Whom a Send is for: the List, or certain people of an earlier Send. */
export interface Crowd extends Pick<SendFacts, 'of'> {
  readonly list: { readonly id: number }
}

/** The next ones after a subscriber id, in the order of ids, as they are now; empty at the end. */
export async function readCandidates(
  query: Query,
  { list, of }: Crowd,
  after: number,
): Promise<readonly Candidate[]> {
  if (of === null) return readList(query, list.id, after)
  const people = await readEarlier(query, of, after)
  if (people.length === CHUNK || of.which === 'failed') return people
  const earlier = await findSend(query, of.sendId)
  if (earlier.startedAt !== null) return people
  // It was cancelled while people were being placed, in the order of ids: the rest of its own crowd is due too.
  const rest = await readCandidates(query, earlier, Math.max(after, earlier.freezeCursor))
  return [...people, ...rest].slice(0, CHUNK)
}

async function readList(query: Query, listId: number, after: number): Promise<readonly Candidate[]> {
  return query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select(CANDIDATE)
    .where('subscription.list_id', '=', listId)
    .where('subscription.subscriber_id', '>', after)
    .orderBy('subscription.subscriber_id')
    .limit(CHUNK)
    .execute()
}

async function readEarlier(
  query: Query,
  { sendId, which }: NonNullable<Crowd['of']>,
  after: number,
): Promise<readonly Candidate[]> {
  // An expression, so that SQLite walks by subscriber and does not sort all of a state for each chunk.
  const isWanted =
    which === 'failed'
      ? sql<boolean>`case delivery.state when 'failed' then 1 else 0 end = 1`
      : sql<boolean>`case delivery.state when 'excluded' then delivery.reason else '' end = 'cancelled'`
  return query
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .select(CANDIDATE)
    .where('delivery.send_id', '=', sendId)
    .where('delivery.subscriber_id', '>', after)
    .where(isWanted)
    .orderBy('delivery.subscriber_id')
    .limit(CHUNK)
    .execute()
}

export interface JudgeContext {
  readonly issueId: number
  readonly copy: number
  readonly keys: Keys
}

/** Why someone can't be mailed, by subscriber id: the first reason that holds. Who is not in it can. */
export async function judgeCandidates(
  query: Query,
  candidates: readonly Candidate[],
  { issueId, copy, keys }: JudgeContext,
): Promise<ReadonlyMap<number, string>> {
  const hashes = new Map(candidates.map(({ address_key }) => [address_key, hashAddress(keys, address_key)]))
  const suppressed = await findSuppressions(query, [...hashes.values()])
  const earlier = await alreadyReceived(query, candidates, { issueId, copy })
  const reasons = new Map<number, string>()
  for (const { subscriber_id, status, address_key } of candidates) {
    const received = earlier.get(address_key)
    if (suppressed.has(hashes.get(address_key) ?? '')) reasons.set(subscriber_id, 'suppressed')
    else if (status !== 'active') reasons.set(subscriber_id, status)
    else if (received !== undefined) reasons.set(subscriber_id, received)
  }
  return reasons
}

/**
 * Deliveries of the same Issue, in any copy, that went out or may yet; and those of the same copy that failed, who are
 * reached by a repeat alone. Address key → the reason.
 */
async function alreadyReceived(
  query: Query,
  candidates: readonly Candidate[],
  { issueId, copy }: Pick<JudgeContext, 'issueId' | 'copy'>,
): Promise<ReadonlyMap<string, string>> {
  const rows = candidates.map(({ address_key }) => ({ address_key }))
  // IN, not a join: SQLite would walk all Deliveries and look each up among the candidates.
  const found = await sql<{ address_key: string; send_id: number; state: DeliveryState }>`
    select address_key, send_id, state from delivery where issue_id = ${issueId}
      and address_key in (select given.address_key from ${rowsOf(query, { address_key: 'text' }, rows)})
      and (copy = ${copy} or state <> 'failed')`.execute(query)
  const reasons = found.rows.map(({ address_key, send_id, state }) => ({
    address_key,
    state,
    reason: `${state === 'bounced' || state === 'failed' ? state : 'already received'} in Send ${send_id}`,
  }))
  // Who failed once and got it another time has got it.
  const failedFirst = [...reasons].sort((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'))
  return new Map(failedFirst.map(({ address_key, reason }) => [address_key, reason]))
}

export interface Outlook {
  readonly audience: number
  readonly mailable: number
  /** Reason → how many. */
  readonly excluded: Readonly<Record<string, number>>
}

/** Who on the List would get the Issue now, and why the others would not. `slug` names the Issue. */
export async function countOutlook(
  query: Query,
  { slug, listId, keys }: { readonly slug: string; readonly listId: number; readonly keys: Keys },
): Promise<Outlook> {
  const issue = await query.selectFrom('issue').select('id').where('slug', '=', slug).executeTakeFirst()
  const excluded: Record<string, number> = {}
  let audience = 0
  let mailable = 0
  let after = 0
  for (;;) {
    const candidates = await readCandidates(query, { list: { id: listId }, of: null }, after)
    const last = candidates.at(-1)
    if (last === undefined) return { audience, mailable, excluded }
    // An Issue that was never sent has no id; 0 is nobody's.
    const reasons = await judgeCandidates(query, candidates, { issueId: issue?.id ?? 0, copy: 0, keys })
    for (const reason of reasons.values()) excluded[reason] = (excluded[reason] ?? 0) + 1
    audience += candidates.length
    mailable += candidates.length - reasons.size
    after = last.subscriber_id
  }
}
