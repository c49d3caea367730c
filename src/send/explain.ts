/**
 * Why the Sends under way do not get on: one text a Send, whoever wrote it. An engine says its own again while it lasts
 * and takes back only its own; a text that nobody has said again for a while is a dead engine's.
 */

import { type RawBuilder, sql } from 'kysely'
import { clock, type Query } from '../db/db.js'

/** Said again at least twice within it. */
export const EXPLANATION_LASTS_MS = 60_000

export interface Explanation {
  /** null: this engine has no trouble. */
  readonly text: string | null
  /** What it said last; null: nothing. */
  readonly before: string | null
}

/** Touches Sends that are `sending` alone; their state stays as it is. */
export async function explainSends(
  { text, before }: Explanation,
  { query, now }: { readonly query: Query; readonly now: () => number },
): Promise<void> {
  const time = clock(query, now)
  const mayChange = [sql<boolean>`reason in (${sql.join([text, before].filter((said) => said !== null))})`]
  if (text === null && before === null) mayChange.pop()
  if (text !== null) mayChange.push(sql<boolean>`reason is null`)
  mayChange.push(isForgotten(time))
  await query
    .updateTable('send')
    .set({ reason: text, explained_at: text === null ? null : time })
    .where('state', '=', 'sending')
    .where(sql<boolean>`(${sql.join(mayChange, sql` or `)})`)
    .execute()
}

function isForgotten(time: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(reason is not null and coalesce(explained_at, 0) < ${time} - ${sql.lit(EXPLANATION_LASTS_MS)})`
}

/** Of an engine that is alone: what others have said is not true any more. */
export async function forgetExplanations(query: Query): Promise<void> {
  await query
    .updateTable('send')
    .set({ reason: null, explained_at: null })
    .where('state', '=', 'sending')
    .where('reason', 'is not', null)
    .execute()
}
