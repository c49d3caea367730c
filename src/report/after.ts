/**
 * What came after: of each Delivery whether a person opened and clicked, and whether they left, complained or bounced later.
 * By the rules of the Report, so that the lines of a Send add up to its numbers. A page of them is two questions.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, readRows } from '../db/rows.js'
import type { DeliveryState, Verdict } from '../db/schema.js'
import { IS_TAKEN_BACK } from '../event/aftermath.js'
import { type Best, standingOf } from '../event/reach.js'
import { groupBy } from '../group.js'
import { toIso } from './status.js'
import type { Tally } from './tally.js'

export interface After {
  readonly opened: Reading
  /** ISO 8601, when a person first did; null: none has. A person who clicked has opened. */
  readonly openedAt: string | null
  readonly clicked: Reading
  readonly clickedAt: string | null
  readonly unsubscribedAt: string | null
  /** By a report that came after the relay had accepted the Message: by whose fault, the worst of those reported. */
  readonly bouncedLater: LaterFault | null
  /** RFC 3463, `5.1.1`; null where none was given, or the person is erased. */
  readonly bouncedLaterStatus: string | null
  readonly bouncedLaterAt: string | null
  readonly complainedAt: string | null
}

/**
 * The best that any request was taken for; null: none came, or nobody has looked at it yet; `untracked`: it was sent, and
 * nothing is kept of it.
 */
export type Reading = Verdict | 'untracked' | null

/** The worst first. */
const FAULTS = ['hard', 'soft', 'policy', 'content'] as const
export type LaterFault = (typeof FAULTS)[number]

/** A Delivery as it stands. */
export interface Subject {
  readonly id: number
  readonly state: DeliveryState
  readonly is_untracked: number
}

export type Tracking = Tally['tracking']

/** `tracking` is the Send's. */
export async function readAfter(
  query: Query,
  page: readonly Subject[],
  tracking: Tracking,
): Promise<(delivery: Subject) => After> {
  const ids = page.map(({ id }) => id)
  const [hits, facts] = await Promise.all([readHits(query, ids), readFacts(query, ids)])
  const hitsOf = byDelivery(hits)
  const factsOf = byDelivery(facts)
  return (delivery) => ({
    ...tellStanding(delivery, hitsOf(delivery.id), tracking),
    ...tellFacts(delivery, factsOf(delivery.id)),
  })
}

function byDelivery<R extends { readonly id: number }>(rows: readonly R[]): (id: number) => readonly R[] {
  const groups = groupBy(rows, ({ id }) => id)
  return (id) => groups.get(id) ?? []
}

interface FirstHit extends Best {
  readonly id: number
  readonly kind: 'open' | 'click'
}

/** The first of each kind and verdict. */
function readHits(query: Query, ids: readonly number[]): Promise<readonly FirstHit[]> {
  return readRows(
    query,
    sql<FirstHit>`
    select given.id, hit.kind, known.verdict, min(hit.at) as at
    from ${idsOf(query, ids)}
    join hit on hit.delivery_id = given.id and hit.is_filed = 1
    join classification as known on known.hit_id = hit.id
    where hit.kind in ('open', 'click')
    group by 1, 2, 3`,
  )
}

function tellStanding({ state, is_untracked }: Subject, hits: readonly FirstHit[], tracking: Tracking) {
  const { opened, clicked } = standingOf(hits)
  const nobodyLooks = (isTracked: boolean) => state === 'sent' && (!isTracked || is_untracked === 1)
  const tell = (best: Best | null, isTracked: boolean): readonly [Reading, string | null] => {
    if (best === null || !isTracked) return [nobodyLooks(isTracked) ? 'untracked' : null, null]
    return [best.verdict, best.verdict === 'person' ? toIso(best.at) : null]
  }
  const [open, openedAt] = tell(opened, tracking.opens)
  const [click, clickedAt] = tell(clicked, tracking.clicks)
  return { opened: open, openedAt, clicked: click, clickedAt }
}

interface Fact {
  readonly id: number
  readonly kind: 'unsubscribed' | 'complained' | 'bounced'
  readonly at: number
  /** JSON object. */
  readonly detail: string
}

/** A handful of each at most. */
function readFacts(query: Query, ids: readonly number[]): Promise<readonly Fact[]> {
  return readRows(
    query,
    sql<Fact>`
    select given.id, event.kind, event.at, event.detail
    from ${idsOf(query, ids)} join event on event.delivery_id = given.id
    where event.kind in ('unsubscribed', 'complained', 'bounced') and not ${IS_TAKEN_BACK}`,
  )
}

interface Detail {
  readonly how?: string
  readonly type?: string
  readonly fault?: string
  readonly status?: string
}

function tellFacts({ state }: Subject, facts: readonly Fact[]) {
  const read = facts
    // Written by insertEvents.
    .map(({ kind, at, detail }) => ({ kind, at, detail: JSON.parse(detail) as Detail }))
    .sort((one, other) => one.at - other.at)
  const isOptOut = ({ kind, detail }: (typeof read)[number]) =>
    kind === 'complained' && detail.type === 'opt-out'
  const left = read.find((fact) => fact.kind === 'unsubscribed' || isOptOut(fact))
  const complained = read.find((fact) => fact.kind === 'complained' && !isOptOut(fact))
  // Whom a report has settled as bounced has not bounced once more.
  const back = read.filter(
    ({ kind, detail }) => kind === 'bounced' && detail.how !== 'reply' && state !== 'bounced',
  )
  const fault = FAULTS.find((one) => back.some(({ detail }) => detail.fault === one)) ?? null
  const bounced = back.find(({ detail }) => detail.fault === fault)
  return {
    unsubscribedAt: toIso(left?.at ?? null),
    bouncedLater: fault,
    bouncedLaterStatus: bounced?.detail.status ?? null,
    bouncedLaterAt: toIso(bounced?.at ?? null),
    complainedAt: toIso(complained?.at ?? null),
  }
}
