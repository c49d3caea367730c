/**
 * Moments: all that is known to have happened to one Delivery, in order: when it was frozen, each intent and reply, what
 * was decided, each Hit and what it was taken for, what its person did, and what came back about it.
 */

import { sql } from 'kysely'
import { idsOfPerson } from '../audience/merged.js'
import type { Query } from '../db/db.js'
import type { DeliveryState, EventKind, HitKind, Verdict } from '../db/schema.js'
import { isHitOf } from '../event/file-hits.js'
import { describeEvent } from './event-detail.js'
import { readLinkUrls, type TimelineLink } from './link-urls.js'
import { writeReply } from './reply.js'

export interface Moment {
  /** ISO 8601. */
  readonly at: string
  readonly what: 'frozen' | 'intent' | 'reply' | 'decision' | 'feedback' | DeliveryState | HitKind | EventKind
  /** '' when there is nothing more to say. */
  readonly detail: string
  /** Of a Hit; null: it is none, or nobody has looked yet. */
  readonly verdict: Verdict | null
  /** Names of the rules that spoke, the deciding one first. */
  readonly reasons: readonly string[]
  readonly link: TimelineLink | null
}

/** What is asked about. */
export interface MomentsOf {
  readonly id: number
  readonly sendId: number
  readonly subscriberId: number
}

/** The newest of each kind; a Delivery whose Hits are more has them counted (`surplus`). */
const MAX_EACH = 500

type Dated = Omit<Moment, 'at'> & { readonly at: number }

/** Oldest first; of one instant, in the order in which it follows from what came before. */
export async function readMoments(query: Query, delivery: MomentsOf): Promise<readonly Moment[]> {
  const moments = [
    ...(await readFreeze(query, delivery)),
    ...(await readAttempts(query, delivery)),
    ...(await readHits(query, delivery)),
    ...(await readSurplus(query, delivery)),
    ...(await readEvents(query, delivery)),
    ...(await readFeedback(query, delivery)),
  ]
  return moments
    .sort((one, other) => one.at - other.at)
    .map(({ at, ...moment }) => ({ at: new Date(at).toISOString(), ...moment }))
}

function moment(at: number, what: Moment['what'], detail = ''): Dated {
  return { at, what, detail, verdict: null, reasons: [], link: null }
}

/** Its end stands beside it, where no Attempt says it. */
async function readFreeze(query: Query, { id }: MomentsOf): Promise<readonly Dated[]> {
  const row = await query
    .selectFrom('delivery')
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .select(['send.as_of', 'send.created_at', 'delivery.lane', 'delivery.attempt'])
    .select(['delivery.state', 'delivery.reason', 'delivery.changed_at'])
    .where('delivery.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return []
  const frozen = moment(row.as_of ?? row.created_at, 'frozen', `lane ${row.lane}`)
  const endsByItself = row.state === 'excluded' || (row.state === 'failed' && row.attempt === 0)
  return endsByItself ? [frozen, moment(row.changed_at, row.state, row.reason ?? '')] : [frozen]
}

async function readAttempts(query: Query, { id }: MomentsOf): Promise<readonly Dated[]> {
  const rows = await query
    .selectFrom('attempt')
    .select(['number', 'relay', 'intended_at', 'outcome', 'code', 'text', 'replied_at'])
    .select(['decision', 'decided_by', 'decided_at'])
    .where('delivery_id', '=', id)
    .orderBy('number', 'desc')
    .limit(MAX_EACH)
    .execute()
  return rows.reverse().flatMap((row) => {
    const moments = [moment(row.intended_at, 'intent', `attempt ${row.number}, relay ${row.relay}`)]
    if (row.replied_at !== null)
      moments.push(
        moment(row.replied_at, 'reply', [row.outcome ?? '', writeReply(row) ?? ''].filter(isSaid).join(': ')),
      )
    if (row.decision !== null)
      moments.push(
        moment(row.decided_at ?? row.intended_at, 'decision', `${row.decision}, by ${row.decided_by ?? ''}`),
      )
    return moments
  })
}

async function readHits(query: Query, { id, sendId }: MomentsOf): Promise<readonly Dated[]> {
  const rows = await query
    .selectFrom('hit')
    .leftJoin('classification', 'classification.hit_id', 'hit.id')
    .select(['hit.at', 'hit.kind', 'hit.link', 'hit.method', 'hit.user_agent', 'hit.network'])
    .select(['classification.verdict', 'classification.reasons'])
    .where(isHitOf(query, sql`(${id})`))
    .orderBy('hit.id', 'desc')
    .limit(MAX_EACH)
    .execute()
  const hash = await hashOf(query, sendId)
  const linkOf = await readLinkUrls(
    query,
    rows.flatMap(({ link }) => (link === null ? [] : [{ hash, index: link }])),
  )
  return rows.reverse().map((row) => ({
    at: row.at,
    what: row.kind,
    detail: [row.method === 'GET' ? '' : row.method, row.network, row.user_agent].filter(isSaid).join(', '),
    verdict: row.verdict,
    reasons: (row.reasons ?? '').split(',').filter(isSaid),
    link: row.link === null ? null : linkOf({ hash, index: row.link }),
  }))
}

async function hashOf(query: Query, sendId: number): Promise<string> {
  const { compiled_hash } = await query
    .selectFrom('send')
    .select('compiled_hash')
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
  return compiled_hash
}

/** Hits beyond those that are kept one by one; at most one row a Link and kind. */
async function readSurplus(query: Query, { id }: MomentsOf): Promise<readonly Dated[]> {
  const rows = await query
    .selectFrom('surplus')
    .select(['kind', 'link', 'hits', 'first_at', 'last_at'])
    .where('delivery_id', '=', id)
    .orderBy('last_at', 'desc')
    .limit(MAX_EACH)
    .execute()
  return rows.map(({ kind, link, hits, first_at, last_at }) => {
    const which = link < 0 ? '' : ` on Link ${link}`
    const since = new Date(first_at).toISOString()
    return moment(
      last_at,
      kind,
      `${hits} more${which} since ${since.slice(0, 19).replace('T', ' ')} UTC, counted only`,
    )
  })
}

/** What follows from a Hit stands there already. */
async function readEvents(query: Query, { id, subscriberId }: MomentsOf): Promise<readonly Dated[]> {
  const rows = await query
    .selectFrom('event')
    .select(['at', 'kind', 'detail'])
    // By the person: the index on Deliveries would be one more to keep for each Event there is.
    .where('subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('delivery_id', '=', id)
    .where('kind', 'not in', ['opened', 'clicked'])
    .orderBy('id', 'desc')
    .limit(MAX_EACH)
    .execute()
  return rows.reverse().map(({ at, kind, detail }) => moment(at, kind, describeEvent(detail).join(', ')))
}

/** What came back and says nothing against anyone, such as a notice of delay, or is not understood; the rest are Events. */
async function readFeedback(query: Query, { id }: MomentsOf): Promise<readonly Dated[]> {
  const rows = await query
    .selectFrom('feedback')
    .select(['at', 'source', 'verdict'])
    .where('delivery_id', '=', id)
    .where('verdict', 'in', ['nothing', 'unknown'])
    .orderBy('id', 'desc')
    .limit(MAX_EACH)
    .execute()
  return rows.reverse().map(({ at, source, verdict }) => moment(at, 'feedback', `${verdict}, by ${source}`))
}

function isSaid(text: string): boolean {
  return text !== ''
}
