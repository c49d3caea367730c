/**
 * Preferences: what someone on a List wants of it. They hold whatever the List offers today: a topic that is gone was
 * still chosen, and the others still were not.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Query } from '../db/db.js'
import { holdsAny, isTrueUnder } from '../db/json.js'

export interface Preferences {
  /** Names of topics; none: every topic. */
  readonly topics?: readonly string[]
  /** One Issue a month at most. */
  readonly monthly?: true
}

export function parsePreferences(json: string): Preferences {
  // Written by track/ alone.
  return JSON.parse(json) as Preferences
}

const PREFERENCES = sql<string>`subscription.preferences`

/** In a query of Subscriptions: who has chosen topics, none of them among these. */
export function wantsOtherTopics(query: Query, topics: readonly string[]): RawBuilder<boolean> {
  const any = holdsAny(query, PREFERENCES, { key: 'topics', values: null })
  const these = holdsAny(query, PREFERENCES, { key: 'topics', values: topics })
  return sql<boolean>`(subscription.preferences <> '{}' and ${any} and not ${these})`
}

/** In a query of Subscriptions: who wants one Issue a month at most. */
export function wantsMonthly(query: Query): RawBuilder<boolean> {
  return sql<boolean>`(subscription.preferences <> '{}' and ${isTrueUnder(query, PREFERENCES, 'monthly')})`
}

/** Active ones of a List who have chosen one of these topics. */
export async function countChoices(
  query: Query,
  { listId, topics }: { readonly listId: number; readonly topics: readonly string[] },
): Promise<number> {
  if (topics.length === 0) return 0
  const { count } = await query
    .selectFrom('subscription')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('list_id', '=', listId)
    .where('status', '=', 'active')
    .where('preferences', '!=', '{}')
    .where(holdsAny(query, PREFERENCES, { key: 'topics', values: topics }))
    .executeTakeFirstOrThrow()
  return count
}
