/**
 * What the Hits of one Delivery mean: a person, a machine, or nobody can tell. Pure, and the same in whatever order they
 * come, so that judging as they arrive and judging all anew agree.
 */

import type { HitKind, Verdict } from '../../db/schema.js'
import { classify } from '../classify.js'

export { CLASSIFIER_VERSION } from '../classify.js'

export interface Classification {
  readonly verdict: Verdict
  /** Names of the rules that spoke, the deciding one first; empty when none did. */
  readonly reasons: readonly string[]
}

/** A Hit as the rules see it. */
export interface JudgedHit {
  readonly id: number
  readonly kind: HitKind
  /** Index of the Link; null where there is none. */
  readonly link: number | null
  readonly method: string
  readonly userAgent: string
  readonly network: string
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface DeliveryFacts {
  /** When its Message was accepted; null when that is not known. */
  readonly sentAt: number | null
  /** Distinct Links of the Issue. */
  readonly links: number
  /** Whether the Hit is one of a crowd, see `crowd.ts`. */
  readonly isCrowded: (hit: JudgedHit) => boolean
}

/**
 * Judges all Hits of one Delivery at once: what one means depends on its neighbours. By id; a Hit whose facts were
 * purged is missing, and keeps the verdict it has.
 */
export function judgeDelivery(
  hits: readonly JudgedHit[],
  _facts: DeliveryFacts,
): ReadonlyMap<number, Classification> {
  return new Map(hits.filter((hit) => !isPurged(hit)).map((hit) => [hit.id, classify(hit)]))
}

/** Retention and erasure leave this in place of what was asked. */
export function isPurged({ headers }: Pick<JudgedHit, 'headers'>): boolean {
  return headers.purged === '1'
}
