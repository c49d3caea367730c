/** Send: one CompiledIssue to one List, once. What finds and moves it; create.ts and repeat.ts make one. */

import { type RawBuilder, sql } from 'kysely'
import { readSegment, type Segment } from '../audience/segment/segment.js'
import type { CompiledIssue } from '../compile/compiled.js'
import type { Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { InputError } from '../errors.js'
import type { ScheduledTime } from './scheduled-time.js'

export interface SendFacts {
  readonly id: number
  readonly issueId: number
  readonly slug: string
  readonly hash: string
  readonly list: { readonly id: number; readonly name: string; readonly title: string }
  readonly copy: number
  /** The Send whose people this one is for, and which of them; null: everyone on the List. */
  readonly of: { readonly sendId: number; readonly which: 'cancelled' | 'failed' } | null
  /** Who of the List it is for; null: all of it. */
  readonly segment: Segment | null
  /** Of the Issue; empty: for everyone. */
  readonly topics: readonly string[]
  /** When its freeze began; what the Segment, pauses and months take for now. */
  readonly asOf: number | null
  /** IANA name of the time zone of these days and months. */
  readonly calendar: string
  readonly state: SendState
  readonly reason: string | null
  readonly uncertainPolicy: 'hold' | 'resend'
  readonly createdAt: number
  readonly scheduled: ScheduledTime | null
  readonly lateMs: number | null
  readonly startedAt: number | null
  /** How far the freeze has come; see `SendTable`. */
  readonly freezeFrom: number
  readonly freezeCursor: number
  readonly freezeKey: string | null
  readonly audience: number | null
  readonly setDigest: string | null
}

/** Throws InputError when there is no such Send. */
export async function findSend(query: Query, sendId: number): Promise<SendFacts> {
  const row = await fromSends(query)
    .select([
      'send.id',
      'send.issue_id',
      'issue.slug',
      'send.compiled_hash',
      'send.list_id',
      'list.name',
      'list.title',
      'send.copy',
      'send.of_send',
      'send.of_which',
      'send.segment',
      'send.topics',
      'send.as_of',
      'send.calendar',
      'send.state',
      'send.reason',
      'send.uncertain_policy',
      'send.created_at',
      'send.scheduled_at',
      'send.zone',
      'send.late_ms',
      'send.started_at',
      'send.freeze_from',
      'send.freeze_cursor',
      'send.freeze_key',
      'send.audience',
      'send.set_digest',
    ])
    .where('send.id', '=', sendId)
    .executeTakeFirst()
  if (!row) throw new InputError(`there is no Send ${sendId}; pressrun sends lists them`)
  return {
    id: row.id,
    issueId: row.issue_id,
    slug: row.slug,
    hash: row.compiled_hash,
    list: { id: row.list_id, name: row.name, title: row.title },
    copy: row.copy,
    of: row.of_send === null || row.of_which === null ? null : { sendId: row.of_send, which: row.of_which },
    segment: row.segment === null ? null : readSegment(row.segment),
    // Written by createSend from a list of names.
    topics: row.topics === null ? [] : (JSON.parse(row.topics) as string[]),
    asOf: row.as_of,
    calendar: row.calendar ?? 'UTC',
    state: row.state,
    reason: row.reason,
    uncertainPolicy: row.uncertain_policy,
    createdAt: row.created_at,
    scheduled: row.scheduled_at === null ? null : { at: row.scheduled_at, zone: row.zone ?? 'UTC' },
    lateMs: row.late_ms,
    startedAt: row.started_at,
    freezeFrom: row.freeze_from,
    freezeCursor: row.freeze_cursor,
    freezeKey: row.freeze_key,
    audience: row.audience,
    setDigest: row.set_digest,
  }
}

/** Each with its Issue and its List, to select from. */
export function fromSends(query: Query) {
  return query
    .selectFrom('send')
    .innerJoin('issue', 'issue.id', 'send.issue_id')
    .innerJoin('list', 'list.id', 'send.list_id')
}

/** The CompiledIssue a Send has pinned. */
export async function readCompiled(query: Query, hash: string): Promise<CompiledIssue> {
  const { content } = await query
    .selectFrom('compiled_issue')
    .select('content')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow()
  // Written by createSend from a CompiledIssue.
  return JSON.parse(content) as CompiledIssue
}

/** CompiledIssues that were sent, whose hash begins with `prefix`: hex digits. */
export async function findCompiled(
  query: Query,
  prefix: string,
): Promise<readonly { readonly hash: string; readonly compiled: CompiledIssue }[]> {
  const rows = await query
    .selectFrom('compiled_issue')
    .select(['hash', 'content'])
    .where('hash', 'like', `${prefix}%`)
    .execute()
  // Written by createSend from a CompiledIssue.
  return rows.map(({ hash, content }) => ({ hash, compiled: JSON.parse(content) as CompiledIssue }))
}

/** Moves a Send, if it still is in `from`; false: another did it. */
export async function moveSend(
  query: Query,
  sendId: number,
  {
    from,
    to,
    reason = null,
  }: { readonly from: SendState; readonly to: SendState; readonly reason?: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable('send')
    .set({ state: to, reason })
    .where('id', '=', sendId)
    .where('state', '=', from)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Ids of Sends in a state, oldest first. */
export async function sendsIn(query: Query, state: SendState): Promise<readonly number[]> {
  const rows = await query.selectFrom('send').select('id').where('state', '=', state).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** A true reply that came after the finish says that someone is to be tried again: the Send goes on. */
export async function reopenSends(query: Query, sendIds: readonly number[]): Promise<void> {
  if (sendIds.length === 0) return
  await query
    .updateTable('send')
    .set({ state: 'sending', finished_at: null })
    .where('id', 'in', sendIds)
    .where('state', '=', 'finished')
    .execute()
}

/** Correlated with `send`: its Deliveries that a message may still be on its way to, or be begun for. */
export function selectUnderWay(query: Query) {
  return query
    .selectFrom('delivery')
    .select('delivery.id')
    .where(sql<boolean>`delivery.send_id = send.id`)
    .where('delivery.state', 'in', ['queued', 'sending', 'deferred'])
}

/** Over, and nothing of it is under way any more. */
export async function isSettled(query: Query, sendId: number): Promise<boolean> {
  const settled = await query
    .selectFrom('send')
    .select('id')
    .where('id', '=', sendId)
    .where('state', 'in', ['finished', 'cancelled'])
    .where(({ not, exists }) => not(exists(selectUnderWay(query))))
    .executeTakeFirst()
  return settled !== undefined
}

/** When a Send ends, as an SQL value about its row: never before it began, though a clock has been set back meanwhile. */
export function endOf(now: number): RawBuilder<number> {
  return sql<number>`case when send.started_at > ${now} then send.started_at else ${now} end`
}
