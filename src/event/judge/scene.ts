/** Scene: what the neighbours of each Hit say, worked out once for a Delivery, in time that grows with its Hits. */

import { groupBy } from '../../group.js'
import { isForm } from './form.js'
import type { DeliveryFacts, JudgedHit } from './judge.js'
import { askerOf, near } from './near.js'
import { isPrefetch } from './prefetch.js'
import { inWindows } from './windows.js'

export type Ids = ReadonlySet<number>

export interface Scene extends Pick<DeliveryFacts, 'sentAt' | 'isCrowded'> {
  /** By whoever passed a form, about then. */
  readonly nearForm: Ids
  /** From the network that walked into the honeypot, about then; the honeypot's own Hits too. */
  readonly nearTrap: Ids
  /** Clicks from one network, faster than a hand. */
  readonly bursts: Ids
  /** Clicks from one network on all Links there are, faster than anybody would. */
  readonly sweeps: Ids
  /** By the program of a burst or sweep, about then: it draws the message, and looks again. */
  readonly besideBurst: Ids
  /** As a burst or a sweep, but from several networks: a scanner with many, or several readers. */
  readonly scattered: Ids
  /** All Links of an Issue that has so few that a person may well click them all. */
  readonly allFewLinks: Ids
  /** Clicks of one asker on all Links there are, at leisure; what was a burst is not among them. */
  readonly everyLink: Ids
}

const HOUR_MS = 3_600_000
/** How far from a form its person is taken to be the one at work. */
const FORM_MS = HOUR_MS
const TRAP_MS = 60_000
const BESIDE_MS = 60_000

const BURST = { links: 3, withinMs: 2_000 }
const SWEEP_MS = 10_000
/** With fewer Links than that, a person may click them all. */
const MANY_LINKS = 5

/** Hits in the order of time. */
export function readScene(hits: readonly JudgedHit[], { sentAt, links, isCrowded }: DeliveryFacts): Scene {
  const clicks = hits.filter((hit) => hit.kind === 'click' && !isPrefetch(hit))
  const byNetwork = [...groupBy(clicks, networkOf).values()]
  const burst = (group: readonly JudgedHit[]) => inWindows(group, BURST)
  const all = (withinMs: number) => (group: readonly JudgedHit[]) => inWindows(group, { links, withinMs })
  const hasMany = links >= MANY_LINKS
  const bursts = collect(byNetwork, burst)
  const sweeps = hasMany ? collect(byNetwork, all(SWEEP_MS)) : NONE
  const fast = union(bursts, sweeps)
  const slow = clicks.filter((click) => !fast.has(click.id))
  return {
    sentAt,
    isCrowded,
    nearForm: near(hits, { of: isForm, by: askerOf, withinMs: FORM_MS }),
    nearTrap: near(hits, { of: ({ kind }) => kind === 'trap', by: networkOf, withinMs: TRAP_MS }),
    bursts,
    sweeps,
    besideBurst: without(
      near(hits, { of: ({ id }) => fast.has(id), by: askerOf, withinMs: BESIDE_MS }),
      fast,
    ),
    scattered: without(union(burst(clicks), hasMany ? all(SWEEP_MS)(clicks) : NONE), fast),
    allFewLinks: !hasMany && links > 1 ? collect(byNetwork, all(SWEEP_MS)) : NONE,
    everyLink: hasMany ? collect([...groupBy(slow, askerOf).values()], all(HOUR_MS)) : NONE,
  }
}

const NONE: Ids = new Set()

/** Where the network is not known, the agent has to do. */
function networkOf(hit: JudgedHit): string {
  return hit.network === '' ? askerOf(hit) : hit.network
}

function collect(groups: readonly (readonly JudgedHit[])[], find: (group: readonly JudgedHit[]) => Ids): Ids {
  return union(...groups.map(find))
}

function union(...sets: readonly Ids[]): Ids {
  const all = new Set<number>()
  for (const set of sets) for (const id of set) all.add(id)
  return all
}

function without(ids: Ids, others: Ids): Ids {
  return new Set([...ids].filter((id) => !others.has(id)))
}
