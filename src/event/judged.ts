/**
 * Deliveries with all their Hits, judged: what each Hit was taken for before and what it is taken for now. Only reads. What
 * was read is true as long as the turns of the Sends stand; `write-judged.ts` checks that.
 */

import { sql } from 'kysely'
import { readByIndex } from '../db/by-index.js'
import { engineOf, type Query } from '../db/db.js'
import { idsOf, readRows } from '../db/rows.js'
import type { HitKind, Verdict } from '../db/schema.js'
import { groupBy } from '../group.js'
import { type Crowds, readCrowds, readMembers, type SendHit } from './crowds.js'
import { CLASSIFIER_VERSION, type Classification, type JudgedHit, judgeDelivery } from './judge/judge.js'
import type { CountedSurplus, ReachedDelivery } from './reach.js'
import { readTurns, type Turns } from './reach-turn.js'
import { type JudgedSend, readReachedSends } from './reached-send.js'

export interface StoredVerdict extends Classification {
  readonly version: number
}

export interface HitWithVerdicts {
  readonly hit: JudgedHit
  /** Null: nobody has looked at it yet. */
  readonly before: StoredVerdict | null
  /** Null: it is left to a later pass. */
  readonly now: StoredVerdict | null
}

export interface JudgedDelivery {
  readonly id: number
  readonly subscriberId: number
  readonly send: JudgedSend
  readonly delivery: ReachedDelivery
  readonly hits: readonly HitWithVerdicts[]
  readonly surplus: readonly SurplusCount[]
  /** An acceptance may still come, whatever was decided without it, and then its Hits are judged once more. */
  readonly isUnreplied: boolean
}

export interface SurplusCount extends CountedSurplus {
  /** How many of the Hits `reach` holds. */
  readonly counted: number
}

export interface Judged {
  readonly turns: Turns
  readonly deliveries: readonly JudgedDelivery[]
}

/** Besides those asked for, they who turn out to be of a crowd with them. */
export function judgeAll(query: Query, deliveryIds: readonly number[]): Promise<Judged> {
  return atOneMoment(query, async (reading) => {
    const sendIds = await readSendIds(reading, deliveryIds)
    // Before anything else is read.
    const turns = await readTurns(reading, sendIds)
    const sends = await readReachedSends(reading, sendIds)
    const read = await readDeliveries(reading, deliveryIds, sends)
    const crowds = await readCrowds(reading, sendHits(read))
    const asked = new Set(deliveryIds)
    const members = (await readMembers(reading, newlyCrowded(read, crowds))).filter((id) => !asked.has(id))
    const others = await readDeliveries(reading, members, sends)
    const theirs = await readCrowds(reading, sendHits(others))
    return {
      turns,
      deliveries: [
        ...read.map((delivery) => judge(delivery, crowds)),
        ...others.map((delivery) => judgeKnown(delivery, theirs)),
      ],
    }
  })
}

/** One snapshot, looked up by index; on SQLite several, and the turns tell whether they were of one moment. */
async function atOneMoment<T>(query: Query, read: (reading: Query) => Promise<T>): Promise<T> {
  if (engineOf(query) === 'sqlite') return read(query)
  return query
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      await readByIndex(trx)
      return read(trx)
    })
}

/** As they stand, not judged anew: `now` is null throughout. Whoever calls has taken the turns of their Sends. */
export async function readJudged(
  query: Query,
  deliveryIds: readonly number[],
): Promise<readonly JudgedDelivery[]> {
  const sends = await readReachedSends(query, await readSendIds(query, deliveryIds))
  const read = await readDeliveries(query, deliveryIds, sends)
  return read.map(({ hits, ...rest }) => ({ ...rest, hits: hits.map((hit) => ({ ...hit, now: null })) }))
}

export async function readSendIds(query: Query, deliveryIds: readonly number[]): Promise<readonly number[]> {
  const rows = await readRows(
    query,
    sql<{ id: number }>`
    select distinct delivery.send_id as id from ${idsOf(query, deliveryIds)}
    join delivery on delivery.id = given.id`,
  )
  return rows.map(({ id }) => id).sort((one, other) => one - other)
}

interface ReadDelivery extends Omit<JudgedDelivery, 'hits'> {
  readonly sentAt: number | null
  readonly hits: readonly Omit<HitWithVerdicts, 'now'>[]
}

interface DeliveryRow extends ReachedDelivery {
  readonly id: number
  readonly subscriber_id: number
  readonly send_id: number
  readonly sent_at: number | null
}

async function readDeliveries(
  query: Query,
  ids: readonly number[],
  sends: ReadonlyMap<number, JudgedSend>,
): Promise<readonly ReadDelivery[]> {
  if (ids.length === 0) return []
  const rows = await readRows(
    query,
    sql<DeliveryRow>`
    select delivery.id, subscriber_id, send_id, lane, address, name, attributes, (
      select min(replied_at) from attempt where attempt.delivery_id = delivery.id and attempt.outcome = 'sent'
    ) as sent_at
    from ${idsOf(query, ids)} join delivery on delivery.id = given.id`,
  )
  const hits = await readHits(query, ids)
  const surplus = await readSurplus(query, ids)
  return rows.flatMap(({ id, subscriber_id: subscriberId, send_id, sent_at: sentAt, ...delivery }) => {
    const send = sends.get(send_id)
    if (send === undefined) return []
    const own = { hits: hits.get(id) ?? [], surplus: surplus.get(id) ?? [] }
    return [{ id, subscriberId, send, sentAt, isUnreplied: sentAt === null, delivery, ...own }]
  })
}

interface HitRow {
  readonly id: number
  readonly delivery_id: number
  readonly kind: HitKind
  readonly link: number | null
  readonly method: string
  readonly user_agent: string
  readonly network: string
  readonly headers: string
  readonly at: number
  readonly verdict: Verdict | null
  readonly version: number | null
  readonly reasons: string | null
}

async function readHits(query: Query, ids: readonly number[]) {
  const rows = await readRows(
    query,
    sql<HitRow>`
    select hit.id, hit.delivery_id, hit.kind, hit.link, hit.method, hit.user_agent, hit.network, hit.headers, hit.at,
      known.verdict, known.version, known.reasons
    from ${idsOf(query, ids)} join hit on hit.delivery_id = given.id and hit.is_filed = 1
    left join classification as known on known.hit_id = hit.id`,
  )
  return byDelivery(rows, toHit)
}

function toHit(row: HitRow): Omit<HitWithVerdicts, 'now'> {
  const { id, kind, link, method, user_agent: userAgent, network, headers, at } = row
  const { verdict, version, reasons } = row
  return {
    // Written by insertHits.
    hit: { id, kind, link, method, userAgent, network, headers: JSON.parse(headers), at },
    before:
      verdict === null || version === null
        ? null
        : { verdict, version, reasons: reasons ? reasons.split(',') : [] },
  }
}

async function readSurplus(query: Query, ids: readonly number[]) {
  const rows = await readRows(
    query,
    sql<SurplusCount & { delivery_id: number }>`
    select surplus.delivery_id, surplus.kind, surplus.link, surplus.hits, surplus.counted,
      surplus.first_at as "firstAt"
    from ${idsOf(query, ids)} join surplus on surplus.delivery_id = given.id`,
  )
  return byDelivery(rows, ({ delivery_id: _, ...counts }): SurplusCount => counts)
}

function byDelivery<R extends { readonly delivery_id: number }, T>(
  rows: readonly R[],
  map: (row: R) => T,
): ReadonlyMap<number, readonly T[]> {
  const groups = groupBy(rows, ({ delivery_id: id }) => id)
  return new Map([...groups].map(([id, group]) => [id, group.map(map)]))
}

function sendHits(deliveries: readonly ReadDelivery[]): readonly SendHit[] {
  return deliveries.flatMap(({ send, hits }) => hits.map(({ hit }) => ({ sendId: send.id, hit })))
}

function newlyCrowded(deliveries: readonly ReadDelivery[], crowds: Crowds): readonly SendHit[] {
  return deliveries.flatMap(({ send, hits }) =>
    hits.flatMap(({ hit, before }) =>
      before === null && crowds.isNew(send.id, hit) ? [{ sendId: send.id, hit }] : [],
    ),
  )
}

/** What the rule about crowds is called in reasons. */
const CROWD = 'crowd'
/** Its facts were purged before anyone had looked at it. */
const PURGED: StoredVerdict = { verdict: 'unknown', reasons: ['purged'], version: CLASSIFIER_VERSION }

function judge({ sentAt, hits, ...rest }: ReadDelivery, crowds: Crowds): JudgedDelivery {
  // Once of a crowd, by these rules: the erasure of another one of it does not change that.
  const sticks = new Set(
    hits.flatMap(({ hit, before }) =>
      before?.version === CLASSIFIER_VERSION && before.reasons.includes(CROWD) ? [hit.id] : [],
    ),
  )
  const verdicts = judgeDelivery(
    hits.map(({ hit }) => hit),
    {
      sentAt,
      links: rest.send.links,
      isCrowded: (hit) => sticks.has(hit.id) || crowds.isCrowded(rest.send.id, hit),
    },
  )
  return {
    ...rest,
    hits: hits.map(({ hit, before }) => {
      const verdict = verdicts.get(hit.id)
      const now = verdict ? { ...verdict, version: CLASSIFIER_VERSION } : (before ?? PURGED)
      return { hit, before, now }
    }),
  }
}

/** Hits of theirs that nobody has looked at are left to the pass that finds them, which looks for crowds of those too. */
function judgeKnown(delivery: ReadDelivery, crowds: Crowds): JudgedDelivery {
  const judged = judge(delivery, crowds)
  return {
    ...judged,
    hits: judged.hits.map((one) => (one.before === null ? { ...one, now: null } : one)),
  }
}
