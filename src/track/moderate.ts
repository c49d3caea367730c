/** Moderate: an editor reads comments, shows and hides them. Each decision can be taken back by another. */

import { sql } from 'kysely'
import type { Db, Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import type { CommentTable } from '../db/schema.js'
import { transact } from '../db/transact.js'

export type CommentState = CommentTable['state']
/** What an editor sees: not what nobody has confirmed. */
const COMMENT_STATES = ['held', 'shown', 'hidden'] as const
export type ConfirmedState = (typeof COMMENT_STATES)[number]

export interface ModeratedComment {
  readonly id: number
  readonly issue: string
  readonly state: CommentState
  readonly name: string
  /** Null: erased. */
  readonly address: string | null
  readonly text: string
  readonly at: number
  readonly decidedAt: number | null
  readonly decidedBy: string | null
}

export interface CommentFilter {
  /** Null: all that are confirmed. */
  readonly state: ConfirmedState | null
  /** Slug; null: of all Issues. */
  readonly issue: string | null
  readonly limit: number
}

/** Oldest first. What erasure has emptied is not there. */
export async function listComments(
  query: Query,
  { state, issue, limit }: CommentFilter,
): Promise<readonly ModeratedComment[]> {
  let select = query
    .selectFrom('comment')
    .innerJoin('issue', 'issue.id', 'comment.issue_id')
    .leftJoin('subscriber', 'subscriber.id', 'comment.subscriber_id')
    .select(['comment.id', 'issue.slug', 'comment.state', 'comment.name', 'subscriber.address'])
    .select(['comment.text', 'comment.at', 'comment.decided_at', 'comment.decided_by'])
    .where('comment.text', '!=', '')
    .where('comment.state', 'in', state === null ? COMMENT_STATES : [state])
    .orderBy('comment.id')
    .limit(limit)
  if (issue !== null) select = select.where('issue.slug', '=', issue)
  const rows = await select.execute()
  return rows.map((row) => ({
    id: row.id,
    issue: row.slug,
    state: row.state,
    name: row.name,
    address: row.address,
    text: row.text,
    at: row.at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
  }))
}

export interface Decision {
  readonly ids: readonly number[]
  readonly to: ConfirmedState
  readonly by: string
  readonly now: number
}

export interface Decided {
  /** Those that changed. */
  readonly changed: readonly number[]
  /** Those that were so before. */
  readonly already: readonly number[]
  /** There is none of that number, it is erased, or its person has not confirmed it. */
  readonly unknown: readonly number[]
}

/** In one transaction. */
export async function decideComments(
  db: Pick<Db, 'query'>,
  { ids, to, by, now }: Decision,
): Promise<Decided> {
  return transact(db.query, 'decideComments', async (trx) => {
    const given = sql<number>`(select id from ${idsOf(trx, [...new Set(ids)])})`
    const rows = await trx
      .updateTable('comment')
      .set({ state: to, decided_at: now, decided_by: by })
      .where('id', 'in', given)
      .where('state', 'in', COMMENT_STATES)
      .where('state', '!=', to)
      .where('text', '!=', '')
      .returning('id')
      .execute()
    const changed = new Set(rows.map(({ id }) => id))
    const present = await trx
      .selectFrom('comment')
      .select('id')
      .where('id', 'in', given)
      .where('state', '=', to)
      .where('text', '!=', '')
      .execute()
    const known = new Set(present.map(({ id }) => id))
    const asked = [...new Set(ids)]
    return {
      changed: asked.filter((id) => changed.has(id)),
      already: asked.filter((id) => known.has(id) && !changed.has(id)),
      unknown: asked.filter((id) => !known.has(id)),
    }
  })
}

export interface ShownComment {
  readonly id: number
  readonly name: string
  readonly text: string
  readonly at: number
}

/** What stands under an Issue: how many, and the newest of them, oldest first. */
export async function findShown(
  query: Query,
  issueId: number,
  limit: number,
): Promise<{ readonly count: number; readonly comments: readonly ShownComment[] }> {
  const shown = query
    .selectFrom('comment')
    .where('issue_id', '=', issueId)
    .where('state', '=', 'shown')
    .where('text', '!=', '')
  const rows = await shown.select(['id', 'name', 'text', 'at']).orderBy('id', 'desc').limit(limit).execute()
  if (rows.length < limit) return { count: rows.length, comments: rows.reverse() }
  const { count } = await shown
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { count, comments: rows.reverse() }
}
