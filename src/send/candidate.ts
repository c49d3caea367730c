/** Candidate: someone a Send is for, before the freeze, and the judgement whether he can be mailed; a dry run asks the same. */

import { sql } from 'kysely'
import { hashAddresses } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import type { Keys } from '../link/token.js'
import { peopleOf, readWindow } from './crowd.js'

export interface JudgeContext {
  readonly issueId: number
  /** The Send they are candidates of; null: none yet. */
  readonly sendId: number | null
  readonly listId: number
  readonly copy: number
  readonly keys: Keys
}

/** Not a reason: whether it is suppressed can't be told before its address is hashed. */
const UNHASHED = 'unhashed'

/** Why someone can't be mailed, by subscriber id: the first reason that holds. Who is not in it can. */
export async function judgeCandidates(
  query: Query,
  ids: readonly number[],
  context: JudgeContext,
): Promise<ReadonlyMap<number, string>> {
  const reasons = await readReasons(query, ids, context)
  if (![...reasons.values()].includes(UNHASHED)) return reasons
  await hashAddresses(query, ids, context.keys)
  return readReasons(query, ids, context)
}

async function readReasons(
  query: Query,
  ids: readonly number[],
  { issueId, sendId, listId, copy }: JudgeContext,
): Promise<ReadonlyMap<number, string>> {
  // Deliveries of the same Issue, in any copy, that went out or may yet; and those of the same copy that failed, who are
  // reached by a repeat alone. Who failed once and got it another time has got it.
  const received = sql`
    select case when delivery.state in ('bounced', 'failed') then delivery.state else 'already received' end
      || ' in Send ' || delivery.send_id
    from delivery where delivery.issue_id = ${issueId} and delivery.address_key = subscriber.address_key
      and (delivery.copy = ${copy} or delivery.state <> 'failed')
    order by case delivery.state when 'failed' then 1 else 0 end, delivery.id desc limit 1`
  const another = await query
    .selectFrom('send')
    .select('id')
    .where('issue_id', '=', issueId)
    .where('id', '!=', sendId ?? 0)
    .limit(1)
    .executeTakeFirst()
  const { rows } = await sql<{ id: number; reason: string }>`
    select id, reason from (
      select subscriber.id, case
        when subscriber.address_hash is null then ${sql.lit(UNHASHED)}
        when exists (select 1 from suppression where suppression.address_hash = subscriber.address_hash)
          then 'suppressed'
        when subscription.status <> 'active' then subscription.status
        else (${another === undefined ? sql`null` : received}) end as reason
      from ${idsOf(query, ids)}
      join subscriber on subscriber.id = given.id
      join subscription on subscription.list_id = ${listId} and subscription.subscriber_id = given.id
    ) as judged where reason is not null`.execute(query)
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}

export interface Outlook {
  readonly audience: number
  readonly mailable: number
  /** Reason → how many. */
  readonly excluded: Readonly<Record<string, number>>
}

/** Of a window, judged at once by a dry run. */
const CHUNKS = 8

/** Who on the List would get the Issue now, and why the others would not. `slug` names the Issue. */
export async function countOutlook(
  query: Query,
  { slug, listId, keys }: { readonly slug: string; readonly listId: number; readonly keys: Keys },
): Promise<Outlook> {
  const issue = await query.selectFrom('issue').select('id').where('slug', '=', slug).executeTakeFirst()
  // An Issue that was never sent has no id; 0 is nobody's.
  const context = { issueId: issue?.id ?? 0, sendId: null, listId, copy: 0, keys }
  const excluded: Record<string, number> = {}
  let audience = 0
  let mailable = 0
  let after = 0
  for (;;) {
    const window = await readWindow(query, { list: { id: listId }, of: null }, after)
    if (window === null) return { audience, mailable, excluded }
    for (let at = 0; at < window.chunks.length; at += CHUNKS) {
      const ids = peopleOf(window.chunks.slice(at, at + CHUNKS)).map(({ id }) => id)
      const reasons = await judgeCandidates(query, ids, context)
      for (const reason of reasons.values()) excluded[reason] = (excluded[reason] ?? 0) + 1
      audience += ids.length
      mailable += ids.length - reasons.size
    }
    after = window.until
  }
}
