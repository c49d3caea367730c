/** Candidate: someone on a List before the freeze, and the judgement whether he can be mailed; a dry run asks the same. */

import { sql } from 'kysely'
import { findSuppressions } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { hashAddress, type Keys } from '../link/token.js'

/** Subscribers placed in one transaction: short enough not to hold up the other writers. */
const CHUNK = 2_000

export interface Candidate {
  readonly subscriber_id: number
  readonly subscription_id: number
  readonly status: SubscriptionStatus
  readonly address: string
  readonly address_key: string
  readonly name: string
  readonly attributes: string
}

/** The next ones on the List after a subscriber id, in the order of ids; empty at the end. */
export async function readCandidates(
  query: Query,
  listId: number,
  after: number,
): Promise<readonly Candidate[]> {
  return query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select([
      'subscriber.id as subscriber_id',
      'subscription.id as subscription_id',
      'subscription.status',
      'subscriber.address',
      'subscriber.address_key',
      'subscriber.name',
      'subscriber.attributes',
    ])
    .where('subscription.list_id', '=', listId)
    .where('subscription.subscriber_id', '>', after)
    .orderBy('subscription.subscriber_id')
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
    const earlierSend = earlier.get(address_key)
    if (suppressed.has(hashes.get(address_key) ?? '')) reasons.set(subscriber_id, 'suppressed')
    else if (status !== 'active') reasons.set(subscriber_id, status)
    else if (earlierSend !== undefined) reasons.set(subscriber_id, `already received in Send ${earlierSend}`)
  }
  return reasons
}

/** Deliveries of the same Issue and copy that went out or may yet: address key → Send. */
async function alreadyReceived(
  query: Query,
  candidates: readonly Candidate[],
  { issueId, copy }: Pick<JudgeContext, 'issueId' | 'copy'>,
): Promise<ReadonlyMap<string, number>> {
  const rows = candidates.map(({ address_key }) => ({ address_key }))
  // IN, not a join: SQLite would walk all Deliveries and look each up among the candidates.
  const found = await sql<{ address_key: string; send_id: number }>`
    select address_key, send_id from delivery where issue_id = ${issueId} and copy = ${copy}
      and address_key in (select given.address_key from ${rowsOf(query, { address_key: 'text' }, rows)})`.execute(
    query,
  )
  return new Map(found.rows.map(({ address_key, send_id }) => [address_key, send_id]))
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
    const candidates = await readCandidates(query, listId, after)
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
