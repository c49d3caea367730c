/**
 * Repeats: a Send for some people of an earlier one. `supersede` stops a Send and brings a corrected Issue to those who
 * had not got it; `repeat` tries again those who failed. The unique index on (of_send, of_which) lets there be one each.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { type PinnedIssue, savePinned, sendsOf, writeTopics } from './create.js'
import { markCancelled } from './life.js'
import { findSend, type SendFacts } from './send.js'

interface RepeatContext {
  readonly query: Query
  readonly now: () => number
  /** Who wants it, for the reason of the earlier Send. */
  readonly by: string
}

/** `exists`: there is one for these people. `refused`: the earlier Send is in a state that allows none. */
export type CreatedRepeat =
  | { readonly kind: 'created'; readonly sendId: number; readonly state: SendState }
  | { readonly kind: 'exists'; readonly sendId: number; readonly state: SendState }
  | { readonly kind: 'refused'; readonly why: 'finished' | 'running' | 'nobody'; readonly state: SendState }

/**
 * Cancels the Send, if it is not yet, and creates the correction for those whom it had not reached, in one step. The
 * correction waits by itself until nothing of the earlier Send is under way. `pinned` null: the same bytes.
 */
export async function supersedeSend(
  sendId: number,
  { query, now, by, pinned }: RepeatContext & { readonly pinned: PinnedIssue | null },
): Promise<CreatedRepeat> {
  const supersede = async (trx: Query): Promise<CreatedRepeat> => {
    const before = await repeatOf(trx, sendId, 'cancelled')
    if (before) return { kind: 'exists', ...before }
    const isCancelled = await markCancelled(trx, sendId, `superseded by ${by}`)
    const send = await findSend(trx, sendId)
    if (send.state === 'finished') return { kind: 'refused', why: 'finished', state: send.state }
    const created = await insertRepeat(trx, send, {
      which: 'cancelled',
      pinned,
      now,
      label: `${pinned === null ? 'continuation' : 'correction'} of Send ${sendId}`,
      reason: `waits for what Send ${sendId} has under way`,
    })
    if (isCancelled)
      await trx
        .updateTable('send')
        .set({ reason: `superseded by Send ${created.sendId} (${by})` })
        .where('id', '=', sendId)
        .execute()
    return { kind: 'created', ...created }
  }
  return transact(query, 'supersede', supersede, { onConflict: 'again' })
}

/** Creates the Send for those who failed in one that is over. `pinned` null: the same bytes. */
export async function repeatSend(
  sendId: number,
  { query, now, by, pinned }: RepeatContext & { readonly pinned: PinnedIssue | null },
): Promise<CreatedRepeat> {
  const repeat = async (trx: Query): Promise<CreatedRepeat> => {
    const before = await repeatOf(trx, sendId, 'failed')
    if (before) return { kind: 'exists', ...before }
    const send = await findSend(trx, sendId)
    if (send.state !== 'finished' && send.state !== 'cancelled')
      return { kind: 'refused', why: 'running', state: send.state }
    const failed = await trx
      .selectFrom('delivery')
      .select('id')
      .where('send_id', '=', sendId)
      .where('state', '=', 'failed')
      .limit(1)
      .executeTakeFirst()
    if (!failed) return { kind: 'refused', why: 'nobody', state: send.state }
    const label = `repeat for those who failed in Send ${sendId}, by ${by}`
    return {
      kind: 'created',
      ...(await insertRepeat(trx, send, { which: 'failed', pinned, now, label, reason: null })),
    }
  }
  return transact(query, 'repeat', repeat, { onConflict: 'again' })
}

/** The Send that is for these people of an earlier one. */
export async function repeatOf(
  query: Query,
  sendId: number,
  which: 'cancelled' | 'failed',
): Promise<{ readonly sendId: number; readonly state: SendState } | null> {
  const row = await query
    .selectFrom('send')
    .select(['id', 'state'])
    .where('of_send', '=', sendId)
    .where('of_which', '=', which)
    .executeTakeFirst()
  return row ? { sendId: row.id, state: row.state } : null
}

async function insertRepeat(
  trx: Query,
  send: SendFacts,
  repeat: {
    readonly which: 'cancelled' | 'failed'
    readonly pinned: PinnedIssue | null
    readonly label: string
    readonly reason: string | null
    readonly now: () => number
  },
): Promise<{ readonly sendId: number; readonly state: SendState }> {
  const { which, pinned, label, reason, now } = repeat
  if (pinned !== null) await savePinned(trx, pinned, now())
  const [last] = await sendsOf(trx, { issueId: send.issueId, listId: send.list.id })
  // What nobody was to have before its time keeps it.
  const keepsTime = which === 'cancelled' && send.startedAt === null && send.scheduled !== null
  const isToCome = keepsTime ? sql<boolean>`${send.scheduled.at} > ${clock(trx, now)}` : sql<boolean>`1 = 0`
  const { id, state } = await trx
    .insertInto('send')
    .values({
      issue_id: send.issueId,
      compiled_hash: pinned?.compilation.hash ?? send.hash,
      list_id: send.list.id,
      // Its crowd comes of the earlier Send, and that one's Segment with it.
      segment: null,
      topics: writeTopics(pinned === null ? send.topics : pinned.compilation.compiled.topics),
      calendar: send.calendar,
      copy: (last?.copy ?? 0) + 1,
      label,
      of_send: send.id,
      of_which: which,
      state: sql<SendState>`case when ${isToCome} then 'scheduled' else 'preparing' end`,
      reason: sql<string | null>`case when ${isToCome} then null else ${reason} end`,
      uncertain_policy: send.uncertainPolicy,
      created_at: now(),
      scheduled_at: keepsTime ? send.scheduled.at : null,
      zone: keepsTime ? send.scheduled.zone : null,
      late_ms: keepsTime ? send.lateMs : null,
    })
    .returning(['id', 'state'])
    .executeTakeFirstOrThrow()
  return { sendId: id, state }
}
