/** Candidate: someone a Send is for, before the freeze, and the judgement whether he can be mailed; a dry run asks the same. */

import { type RawBuilder, sql } from 'kysely'
import { wantsMonthly, wantsOtherTopics } from '../audience/preferences.js'
import { hashAddresses } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import { startOfMonth } from '../issue/calendar.js'
import type { Keys } from '../link/token.js'

export interface JudgeContext {
  readonly issueId: number
  /** The Send they are candidates of; null: none yet. */
  readonly sendId: number | null
  readonly listId: number
  readonly copy: number
  /** Of the Issue; empty: for everyone. */
  readonly topics: readonly string[]
  /** What pauses and months take for now. */
  readonly asOf: number
  /** IANA name of the time zone whose months they are. */
  readonly calendar: string
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
  { issueId, sendId, listId, copy, topics, asOf, calendar }: JudgeContext,
): Promise<ReadonlyMap<number, string>> {
  const received = receivedBefore({ issueId, copy })
  // Issues to the List that went out, or may yet, in the month of the freeze.
  const month = startOfMonth(asOf, calendar)
  const hadAnother = (subscriberId: RawBuilder<number>) => sql<boolean>`exists (
    select 1 from delivery join send on send.id = delivery.send_id
    where delivery.subscriber_id = ${subscriberId} and delivery.issue_id <> ${issueId}
      and delivery.state not in ('excluded', 'bounced', 'failed')
      and send.list_id = ${listId} and coalesce(send.started_at, send.as_of, send.created_at) >= ${month})`
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
        when subscription.paused_until > ${asOf} then 'paused'
        when ${topics.length === 0 ? sql`1 = 0` : wantsOtherTopics(query, topics)} then 'other topics'
        when ${wantsMonthly(query)} and (${hadAnother(sql`subscriber.id`)} or exists (
          select 1 from merged where merged.into_id = subscriber.id and ${hadAnother(sql`merged.subscriber_id`)}))
          then 'had one this month'
        else (${another === undefined ? sql`null` : received}) end as reason
      from ${idsOf(query, ids)}
      join subscriber on subscriber.id = given.id
      join subscription on subscription.list_id = ${listId} and subscription.subscriber_id = given.id
    ) as judged where reason is not null`.execute(query)
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}

/**
 * For a SELECT from Subscribers: why the Issue does not go to them again, null when it may. Deliveries of it, in any copy,
 * that went out or may yet; and those of the same copy that failed, who are reached by a repeat alone. Who failed once and got
 * it another time has got it. So has who got it at the address that they had then.
 */
export function receivedBefore({
  issueId,
  copy,
}: Pick<JudgeContext, 'issueId' | 'copy'>): RawBuilder<string | null> {
  // The plus keeps SQLite from reading the whole Issue for each of them.
  return sql`
    select case when delivery.state in ('bounced', 'failed') then delivery.state else 'already received' end
      || ' in Send ' || delivery.send_id
    from (
      select id, send_id, copy, state from delivery
        where issue_id = ${issueId} and address_key = subscriber.address_key
      union all select id, send_id, copy, state from delivery
        where subscriber_id = subscriber.id and +issue_id = ${issueId} and address_key is not null
      union all select mine.id, mine.send_id, mine.copy, mine.state from merged cross join delivery as mine
        where merged.into_id = subscriber.id and mine.subscriber_id = merged.subscriber_id
        and +mine.issue_id = ${issueId} and mine.address_key is not null
    ) as delivery where (delivery.copy = ${copy} or delivery.state <> 'failed')
    order by case delivery.state when 'failed' then 1 else 0 end, delivery.id desc limit 1`
}
