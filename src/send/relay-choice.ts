/**
 * Which relay a message goes to: one that is for its lane or its domain, else one that takes the rest, else one that is
 * kept back for when no other is open; among equals by weight. The same questions in the same order get the same answers.
 */

export interface Choosable {
  /** Share of the messages, against the weights of the others. */
  readonly weight: number
  /** Lanes and domains it is for; empty: whatever has no relay of its own. */
  readonly takes: readonly string[]
  readonly isBackup: boolean
  /** What the choice remembers of it; 0 at first. */
  credit: number
}

export interface Route {
  readonly lane: string
  /** Of the recipient, lower-case, in A-labels. */
  readonly domain: string
}

/** Null when none of `open` takes it. */
export function chooseRelay<T extends Choosable>(open: readonly T[], route: Route): T | null {
  const equals = firstOf(
    open.filter((relay) => !relay.isBackup && isFor(relay, route)),
    open.filter((relay) => !relay.isBackup && relay.takes.length === 0),
    open.filter((relay) => relay.isBackup && takesRoute(relay, route)),
  )
  return equals.length === 0 ? null : nextByWeight(equals)
}

/** Would it take a message of that lane, whatever its domain? */
export function takesLane({ takes }: Pick<Choosable, 'takes'>, lane: string): boolean {
  return takes.length === 0 || takes.includes(lane)
}

/** Would it take that message, were it open? */
export function takesRoute(relay: Choosable, route: Route): boolean {
  return relay.takes.length === 0 || isFor(relay, route)
}

function isFor({ takes }: Choosable, { lane, domain }: Route): boolean {
  return takes.includes(lane) || takes.includes(domain)
}

function firstOf<T>(...groups: readonly (readonly T[])[]): readonly T[] {
  return groups.find((group) => group.length > 0) ?? []
}

/** Smooth weighted turns, as nginx takes them: 5 : 1 : 1 comes as a a b a c a a, not as five in a row. */
function nextByWeight<T extends Choosable>(equals: readonly T[]): T | null {
  let total = 0
  let best: T | null = null
  for (const relay of equals) {
    relay.credit += relay.weight
    total += relay.weight
    if (best === null || relay.credit > best.credit) best = relay
  }
  if (best !== null) best.credit -= total
  return best
}
