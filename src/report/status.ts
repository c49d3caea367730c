/** Status of a Send: how many Deliveries are in which state, read in one statement so that the parts add up. */

import { readSegment, type Segment } from '../audience/segment/segment.js'
import type { Query } from '../db/db.js'
import { DELIVERY_STATES, type DeliveryState, type SendState } from '../db/schema.js'
import { InputError } from '../errors.js'
import { fromSends } from '../send/send.js'

export interface Status extends Readonly<Record<DeliveryState, number>> {
  readonly send: number
  /** Slug. */
  readonly issue: string
  /** Name of the List. */
  readonly list: string
  /** Who of the List; null: all of it, or people of another Send. */
  readonly segment: Pick<Segment, 'name' | 'filter'> | null
  /** Of the Issue; empty: for everyone. */
  readonly topics: readonly string[]
  readonly state: SendState
  /** Why it is paused, waiting, cancelled, or does not get on. */
  readonly reason: string | null
  /** What a repeat of an Issue is; null for a plain Send. */
  readonly label: string | null
  /** SHA-256 of the CompiledIssue. */
  readonly hash: string
  /** Everyone frozen; while the Send is still `preparing`, those placed so far. */
  readonly audience: number
  /** What becomes of those whose reply nobody knows. */
  readonly uncertainPolicy: 'hold' | 'resend'
  /** ISO 8601; `zone` is the time zone that it was said in. */
  readonly scheduledAt: string | null
  readonly zone: string | null
  readonly startedAt: string | null
  /** For a cancelled one: when nothing of it was under way any more. */
  readonly finishedAt: string | null
  /** What does not hold, as a sentence; null when all does. */
  readonly alarm: string | null
}

/** Throws InputError when there is no such Send. */
export async function readStatus(query: Query, sendId: number): Promise<Status> {
  const rows = await selectParts(query, sendId).execute()
  const [row] = rows
  if (row === undefined) throw await missingSend(query, sendId)
  return toStatus(row, countStates(rows))
}

/** The same with states that were counted before. */
export async function readStatusWith(
  query: Query,
  sendId: number,
  states: Readonly<Record<DeliveryState, number>>,
): Promise<Status> {
  const row = await selectSend(query, sendId).executeTakeFirst()
  if (row === undefined) throw await missingSend(query, sendId)
  return toStatus(row, states)
}

type SendRow = Awaited<ReturnType<ReturnType<typeof selectSend>['executeTakeFirstOrThrow']>>

function toStatus(row: SendRow, counts: Readonly<Record<DeliveryState, number>>): Status {
  const total = DELIVERY_STATES.reduce((sum, state) => sum + counts[state], 0)
  return {
    send: row.id,
    issue: row.slug,
    list: row.name,
    segment: segmentOf(row.segment),
    topics: row.topics === null ? [] : JSON.parse(row.topics),
    state: row.state,
    reason: row.reason,
    label: row.label,
    hash: row.compiled_hash,
    audience: row.audience ?? total,
    ...counts,
    uncertainPolicy: row.uncertain_policy,
    scheduledAt: toIso(row.scheduled_at),
    zone: row.zone,
    startedAt: toIso(row.started_at),
    finishedAt: toIso(row.finished_at),
    alarm: joinAlarms([row.alarm, missingAlarm(row.audience, total)]),
  }
}

export function segmentOf(json: string | null): Pick<Segment, 'name' | 'filter'> | null {
  if (json === null) return null
  const { name, filter } = readSegment(json)
  return { name, filter }
}

function selectSend(query: Query, sendId: number) {
  return fromSends(query)
    .select([
      'send.id',
      'issue.slug',
      'list.name',
      'send.segment',
      'send.topics',
      'send.state',
      'send.reason',
      'send.label',
      'send.compiled_hash',
      'send.uncertain_policy',
      'send.scheduled_at',
      'send.zone',
      'send.audience',
      'send.started_at',
      'send.finished_at',
      'send.alarm',
    ])
    .where('send.id', '=', sendId)
}

/** One row a state that any Delivery is in; one row in all while there is none. */
function selectParts(query: Query, sendId: number) {
  return selectSend(query, sendId)
    .leftJoin(
      (parts) =>
        parts
          .selectFrom('delivery')
          .select(({ fn }) => ['delivery.state', fn.countAll<number>().as('count')])
          .where('delivery.send_id', '=', sendId)
          .groupBy('delivery.state')
          .as('part'),
      (join) => join.onTrue(),
    )
    .select(['part.state as part_state', 'part.count as part_count'])
}

function countStates(
  rows: readonly { readonly part_state: DeliveryState | null; readonly part_count: number | null }[],
): Record<DeliveryState, number> {
  const counts = {
    queued: 0,
    sending: 0,
    deferred: 0,
    sent: 0,
    bounced: 0,
    failed: 0,
    uncertain: 0,
    excluded: 0,
  }
  for (const { part_state, part_count } of rows) if (part_state !== null) counts[part_state] = part_count ?? 0
  return counts
}

function missingAlarm(frozen: number | null, total: number): string | null {
  if (frozen === null || frozen === total) return null
  return `${frozen.toLocaleString('en')} were frozen, but there are ${total.toLocaleString('en')} Deliveries`
}

function joinAlarms(alarms: readonly (string | null)[]): string | null {
  const said = alarms.filter((alarm) => alarm !== null)
  return said.length === 0 ? null : said.join('; ')
}

/** Says what there is instead. */
export async function missingSend(query: Query, sendId: number): Promise<InputError> {
  const newest = await query.selectFrom('send').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return new InputError(
    newest === undefined
      ? `there is no Send ${sendId}, nor any other yet; pressrun send SLUG --list NAME makes one`
      : `there is no Send ${sendId}; the newest is Send ${newest.id}, and pressrun sends lists them all`,
  )
}

export function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
