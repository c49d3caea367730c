/** All Sends, newest first, with what an editor needs to pick one. */

import type { Segment } from '../audience/segment/segment.js'
import type { Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { fromSends } from '../send/send.js'
import { segmentOf, toIso } from './status.js'

export interface SendLine {
  readonly send: number
  readonly issue: string
  readonly list: string
  /** Who of the List; null: all of it, or people of another Send. */
  readonly segment: Pick<Segment, 'name' | 'filter'> | null
  readonly state: SendState
  readonly reason: string | null
  /** What a repeat of an Issue is; null for a plain Send. */
  readonly label: string | null
  /** Null until it is frozen. */
  readonly audience: number | null
  readonly sent: number
  /** ISO 8601; `zone` is the time zone that it was said in. */
  readonly scheduledAt: string | null
  readonly zone: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly alarm: string | null
}

export async function readSends(query: Query): Promise<readonly SendLine[]> {
  const rows = await fromSends(query)
    .select((send) => [
      'send.id',
      'issue.slug',
      'list.name',
      'send.segment',
      'send.state',
      'send.reason',
      'send.label',
      'send.scheduled_at',
      'send.zone',
      'send.audience',
      'send.started_at',
      'send.finished_at',
      'send.alarm',
      send
        .selectFrom('delivery')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('delivery.send_id', '=', 'send.id')
        .where('delivery.state', '=', 'sent')
        .as('sent'),
    ])
    .orderBy('send.id', 'desc')
    .execute()
  return rows.map((row) => ({
    send: row.id,
    issue: row.slug,
    list: row.name,
    segment: segmentOf(row.segment),
    state: row.state,
    reason: row.reason,
    label: row.label,
    audience: row.audience,
    sent: row.sent ?? 0,
    scheduledAt: toIso(row.scheduled_at),
    zone: row.zone,
    startedAt: toIso(row.started_at),
    finishedAt: toIso(row.finished_at),
    alarm: row.alarm,
  }))
}
