/** Timeline: what is known to have happened to one Subscriber, Deliveries and Events in one order. */

import { idsOfPerson } from '../audience/merged.js'
import type { Query } from '../db/db.js'
import type { DeliveryState, EventKind, Verdict } from '../db/schema.js'
import { describeEvent } from './event-detail.js'
import { readLinkUrls, type TimelineLink } from './link-urls.js'

export interface TimelineEntry {
  /** ISO 8601; of a Delivery, when it came into its present state. */
  readonly at: string
  readonly what: EventKind | DeliveryState
  /** The List's name, where it is about one. */
  readonly list: string | null
  readonly send: number | null
  readonly issue: string | null
  /** Why or how; '' when there is nothing to say. */
  readonly detail: string
  /** Who an open or a click was taken for; null: it is neither, or nobody has looked yet. */
  readonly verdict: Verdict | null
  /** What was clicked, or commented from; null: no Link. */
  readonly link: TimelineLink | null
}

/** The newest of each kind are read; someone who opens everything has thousands. */
const MAX_ENTRIES = 500
/** No person acts so often. */
const MAX_CONSENT = 10_000

/** How someone came, left and was left alone: all of it, whatever else there is. */
const CONSENT: readonly EventKind[] = [
  'subscribed',
  'unsubscribed',
  'restored',
  'preferred',
  'moved',
  'exported',
  'erased',
  'suppressed',
  'allowed',
]

/** Oldest first: the last 500, and every Event of consent. */
export async function readTimeline(query: Query, subscriberId: number): Promise<readonly TimelineEntry[]> {
  const entries = [
    ...(await readDeliveries(query, subscriberId)),
    ...(await readEvents(query, subscriberId, 'others')),
  ]
  const last = entries.sort((a, b) => a.at - b.at).slice(-MAX_ENTRIES)
  return [...last, ...(await readEvents(query, subscriberId, 'consent'))]
    .sort((a, b) => a.at - b.at)
    .map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry }))
}

type DatedEntry = Omit<TimelineEntry, 'at'> & { readonly at: number }

async function readDeliveries(query: Query, subscriberId: number): Promise<readonly DatedEntry[]> {
  const rows = await query
    .selectFrom('delivery')
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .innerJoin('issue', 'issue.id', 'send.issue_id')
    .innerJoin('list', 'list.id', 'send.list_id')
    .select([
      'delivery.changed_at',
      'delivery.state',
      'delivery.reason',
      'delivery.reply_text',
      'list.name',
      'send.id as send',
      'issue.slug',
    ])
    .where('delivery.subscriber_id', 'in', idsOfPerson(subscriberId))
    .orderBy('delivery.id', 'desc')
    .limit(MAX_ENTRIES)
    .execute()
  return rows.map((row) => ({
    at: row.changed_at,
    what: row.state,
    list: row.name,
    send: row.send,
    issue: row.slug,
    detail: row.reason ?? row.reply_text ?? '',
    verdict: null,
    link: null,
  }))
}

async function readEvents(
  query: Query,
  subscriberId: number,
  which: 'consent' | 'others',
): Promise<readonly DatedEntry[]> {
  const rows = await query
    .selectFrom('event')
    .leftJoin('send', 'send.id', 'event.send_id')
    .leftJoin('issue', 'issue.id', 'send.issue_id')
    .leftJoin('list', 'list.id', 'event.list_id')
    .leftJoin('classification', 'classification.hit_id', 'event.hit_id')
    .select([
      'event.at',
      'event.kind',
      'event.link',
      'event.detail',
      'list.name',
      'send.id as send',
      'issue.slug',
      'send.compiled_hash',
      'classification.verdict',
    ])
    .where('event.subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('event.kind', which === 'consent' ? 'in' : 'not in', CONSENT)
    .orderBy('event.id', 'desc')
    .limit(which === 'consent' ? MAX_CONSENT : MAX_ENTRIES)
    .execute()
  const linkOf = await readLinkUrls(
    query,
    rows.flatMap(({ compiled_hash: hash, link }) =>
      hash === null || link === null ? [] : [{ hash, index: link }],
    ),
  )
  // Of one instant, too, what came first stands first.
  return rows.reverse().map((row) => ({
    at: row.at,
    what: row.kind,
    list: row.name,
    send: row.send,
    issue: row.slug,
    detail: describeEvent(row.detail).join(', '),
    verdict: row.verdict,
    link: row.link === null ? null : linkOf({ hash: row.compiled_hash ?? '', index: row.link }),
  }))
}
