/**
 * What people did with what they were sent, as SQL. The Sends that "in last 3 issues" and "in last 30d" are about are
 * looked up once, before the people are.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Query } from '../../db/db.js'
import { idsOf } from '../../db/rows.js'
import { type Condition, everyCondition, type Span } from './condition.js'
import { DAY_MS, type Of, type SelectContext, type Truth } from './moment.js'

/** Ids of Sends by span. */
export type RecentSends = (span: Span) => readonly number[]

export async function findRecentSends(
  query: Query,
  condition: Condition,
  { listId, asOf }: { readonly listId: number; readonly asOf: number },
): Promise<RecentSends> {
  const found = new Map<string, readonly number[]>()
  for (const one of everyCondition(condition)) {
    if (one.kind !== 'did' || found.has(keyOf(one.within))) continue
    const { within } = one
    const ids =
      'issues' in within
        ? await sendsOfLastIssues(query, { listId, asOf, count: within.issues })
        : await sendsSince(query, { asOf, from: asOf - within.days * DAY_MS })
    found.set(keyOf(within), ids)
  }
  return (span) => found.get(keyOf(span)) ?? []
}

function keyOf(span: Span): string {
  return JSON.stringify(span)
}

/** Of the last Issues that began to be sent to the List, every Send: who is on two Lists got an Issue by one of them. */
async function sendsOfLastIssues(
  query: Query,
  { listId, asOf, count }: { readonly listId: number; readonly asOf: number; readonly count: number },
): Promise<readonly number[]> {
  const issues = query
    .selectFrom('send')
    .select(({ fn }) => ['issue_id', fn.min('started_at').as('began')])
    .where('list_id', '=', listId)
    .where('started_at', '<=', asOf)
    .groupBy('issue_id')
    .orderBy('began', 'desc')
    .orderBy('issue_id', 'desc')
    .limit(count)
  const rows = await query
    .selectFrom('send')
    .innerJoin(issues.as('last'), 'last.issue_id', 'send.issue_id')
    .select('send.id')
    .where('send.started_at', '<=', asOf)
    .orderBy('send.id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Those of which a message may have gone out since then. */
async function sendsSince(
  query: Query,
  { asOf, from }: { readonly asOf: number; readonly from: number },
): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('send')
    .select('id')
    .where('started_at', '<=', asOf)
    .where(({ or, eb }) => or([eb('finished_at', 'is', null), eb('finished_at', '>', from)]))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Opens and clicks count where a person was at them, as far as anyone can tell. */
export function hasDone(did: Of<'did'>, context: SelectContext): Truth {
  const own = sql<number>`subscriber.id`
  // What was sent to whom they were before they moved to this address, and what that one did.
  const former = sql<boolean>`exists (select 1 from merged where merged.into_id = subscriber.id
    and ${isThere(did, sql`merged.subscriber_id`, context)})`
  return sql`(${isThere(did, own, context)} or ${former})`
}

/** Expressions, so that SQLite walks by the person, and not over all that was ever clicked of a Send for each. */
function isThere(
  { what, within }: Of<'did'>,
  id: RawBuilder<number>,
  { query, recent, asOf }: SelectContext,
): Truth {
  const since = 'days' in within ? asOf - within.days * DAY_MS : null
  const sends = sql`(select id from ${idsOf(query, recent(within))})`
  if (what === 'received') {
    const isRecent = since === null ? sql`` : sql`and delivery.changed_at > ${since}`
    return sql`exists (select 1 from delivery where delivery.subscriber_id = ${id}
      and delivery.send_id in ${sends} and case delivery.state when 'sent' then 1 else 0 end = 1
      and delivery.changed_at <= ${asOf} ${isRecent})`
  }
  const isRecent = since === null ? sql`coalesce(event.send_id, 0) in ${sends}` : sql`event.at + 0 > ${since}`
  return sql`exists (select 1 from event
    join classification as seen on seen.hit_id = event.hit_id
    where event.subscriber_id = ${id} and case when event.kind in (${sql.join(shownBy(what))}) then 1 else 0 end = 1
      and event.at + 0 <= ${asOf}
      and ${isRecent} and seen.verdict = 'person')`
}

/** Who clicks a link has the message open, whether or not the pictures were loaded. */
function shownBy(what: 'opened' | 'clicked'): readonly string[] {
  return what === 'opened' ? ['opened', 'clicked'] : ['clicked']
}
