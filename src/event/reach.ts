/**
 * Reach of a Send is a sum over its Deliveries; this is what one of them adds. Pure, and a function of what is stored: so a
 * Delivery's old share can be taken out and its new one put in, and adding all up from nothing gives the same.
 */

import type { HitKind, Verdict } from '../db/schema.js'
import { domainOf } from './domain.js'
import { alternativeOf, type Frozen } from './passage.js'

export type ReachKind = 'open' | 'click'

export type Sorted = 'all' | 'link' | 'section' | 'time' | 'lane' | 'domain' | 'passage' | 'version'

/** One row of `reach`, and what is added to it. */
export interface Share {
  readonly kind: ReachKind
  readonly sorted: Sorted
  readonly key: string
  readonly verdict: Verdict
  readonly hits: number
  readonly deliveries: number
}

/** What of a Send its Hits are sorted by. */
export interface ReachedSend {
  readonly startedAt: number
  /** Section by Link. */
  readonly sections: ReadonlyMap<number, string>
  /** What each conditional passage asks about. */
  readonly passages: readonly string[]
}

export interface ReachedDelivery extends Frozen {
  readonly lane: string
}

export interface CountedHit {
  readonly kind: HitKind
  readonly link: number | null
  readonly at: number
  readonly verdict: Verdict
  /** Of the rules that said so. */
  readonly version: number
}

/** Hits that were counted and not kept: nobody can judge them. */
export interface CountedSurplus {
  readonly kind: HitKind
  /** -1: none. */
  readonly link: number
  readonly hits: number
  readonly firstAt: number
}

export interface Counted {
  readonly send: ReachedSend
  readonly delivery: ReachedDelivery
  readonly hits: readonly CountedHit[]
  readonly surplus: readonly CountedSurplus[]
}

/** A Delivery counts once for each thing, under the best that any of its Hits on it was taken for. */
export function contributionOf(counted: Counted): readonly Share[] {
  const shares: Sum = new Map()
  const places = placesOf(counted.send, counted.delivery)
  addHits(shares, counted, places)
  addDeliveries(shares, counted, places)
  addSurplus(shares, counted, places)
  return sharesIn(shares)
}

type Place = Pick<Share, 'sorted' | 'key'>

/** Where all Hits of a Delivery belong. */
function placesOf({ passages }: ReachedSend, delivery: ReachedDelivery): readonly Place[] {
  return [
    { sorted: 'all', key: '' },
    { sorted: 'lane', key: delivery.lane },
    { sorted: 'domain', key: domainOf(delivery.address) },
    ...passages.flatMap((asks, index): Place[] => {
      const is = alternativeOf(asks, delivery)
      return is === null ? [] : [{ sorted: 'passage', key: `${index}:${is}` }]
    }),
  ]
}

function addHits(shares: Sum, { send, hits }: Counted, places: readonly Place[]): void {
  for (const { kind, link, at, verdict, version } of hits) {
    if (!isReach(kind)) continue
    const add = (place: Place) => addShare(shares, { kind, ...place, verdict, hits: 1, deliveries: 0 })
    for (const place of places) add(place)
    for (const place of linkPlaces(send, link)) add(place)
    add(timePlace(send, at))
    add({ sorted: 'version', key: String(version) })
  }
}

/** What one Delivery counts as. */
export interface Standing {
  readonly opened: Best | null
  readonly clicked: Best | null
}

/** Whoever clicked has opened, pictures or not. */
export function standingOf(hits: readonly Pick<CountedHit, 'kind' | 'verdict' | 'at'>[]): Standing {
  const opens = bestOf(hits.filter(({ kind }) => kind === 'open'))
  const clicked = bestOf(hits.filter(({ kind }) => kind === 'click'))
  return { opened: clicked?.verdict === 'person' ? earliest(clicked, opens) : opens, clicked }
}

function addDeliveries(shares: Sum, { send, hits }: Counted, places: readonly Place[]): void {
  const { opened, clicked } = standingOf(hits)
  const bests = [
    ['open', opened],
    ['click', clicked],
  ] as const
  for (const [kind, best] of bests) {
    if (best === null) continue
    for (const place of [...places, timePlace(send, best.at)])
      addShare(shares, { kind, ...place, verdict: best.verdict, hits: 0, deliveries: 1 })
  }
  for (const [place, verdict] of bestByLink(send, hits))
    addShare(shares, { kind: 'click', ...place, verdict, hits: 0, deliveries: 1 })
}

export interface Best {
  readonly verdict: Verdict
  /** Of the first Hit that was taken for it. */
  readonly at: number
}

const RANK = { person: 3, unknown: 2, machine: 1 } as const

function bestOf(hits: readonly Best[]): Best | null {
  let best: Best | null = null
  for (const { verdict, at } of hits) {
    const rank = best === null ? 0 : RANK[best.verdict]
    if (RANK[verdict] > rank) best = { verdict, at }
    else if (RANK[verdict] === rank && best !== null && at < best.at) best = { verdict, at }
  }
  return best
}

function earliest(clicks: Best, opens: Best | null): Best {
  return opens?.verdict === 'person' && opens.at < clicks.at ? opens : clicks
}

/** By Link and by Section, since one may have clicked several. */
function bestByLink(send: ReachedSend, hits: readonly CountedHit[]): readonly (readonly [Place, Verdict])[] {
  const bests = new Map<string, readonly [Place, Verdict]>()
  for (const { kind, link, verdict } of hits)
    for (const place of kind === 'click' ? linkPlaces(send, link) : []) {
      const name = `${place.sorted} ${place.key}`
      const before = bests.get(name)
      if (before === undefined || RANK[verdict] > RANK[before[1]]) bests.set(name, [place, verdict])
    }
  return [...bests.values()]
}

/** Some are under no verdict's Deliveries; what they were taken for is not known. */
function addSurplus(shares: Sum, { send, surplus }: Counted, places: readonly Place[]): void {
  for (const { kind, link, hits, firstAt } of surplus) {
    if (!isReach(kind) || hits === 0) continue
    for (const place of [...places, ...linkPlaces(send, link), timePlace(send, firstAt)])
      addShare(shares, { kind, ...place, verdict: 'unknown', hits, deliveries: 0 })
  }
}

function isReach(kind: HitKind): kind is ReachKind {
  return kind === 'open' || kind === 'click'
}

function linkPlaces({ sections }: ReachedSend, link: number | null): readonly Place[] {
  const section = link === null ? undefined : sections.get(link)
  if (section === undefined) return []
  return [
    { sorted: 'link', key: String(link) },
    { sorted: 'section', key: section },
  ]
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const BY_THE_HOUR_MS = 48 * HOUR_MS

/** Beginning of the span, ISO 8601: an hour in the first two days, then a day, from the hour in which the Send began. */
function timePlace({ startedAt }: ReachedSend, at: number): Place {
  const began = Math.floor(startedAt / HOUR_MS) * HOUR_MS
  const since = Math.max(0, at - began)
  const spanMs = since < BY_THE_HOUR_MS ? HOUR_MS : DAY_MS
  return { sorted: 'time', key: new Date(began + Math.floor(since / spanMs) * spanMs).toISOString() }
}

/** How long the span is that begins there. */
export function spanOf(startedAt: number, beginsAt: number): number {
  const began = Math.floor(startedAt / HOUR_MS) * HOUR_MS
  return beginsAt - began < BY_THE_HOUR_MS ? HOUR_MS : DAY_MS
}

/** Shares added up by row. */
export type Sum = Map<string, Share>

export function addShare(sum: Sum, share: Share): void {
  const row = `${share.kind} ${share.sorted} ${share.verdict} ${share.key}`
  const before = sum.get(row)
  sum.set(row, {
    ...share,
    hits: share.hits + (before?.hits ?? 0),
    deliveries: share.deliveries + (before?.deliveries ?? 0),
  })
}

export function takeShare(sum: Sum, share: Share): void {
  addShare(sum, { ...share, hits: -share.hits, deliveries: -share.deliveries })
}

/** Those that come to anything. */
export function sharesIn(sum: Sum): readonly Share[] {
  return [...sum.values()].filter(({ hits, deliveries }) => hits !== 0 || deliveries !== 0)
}
