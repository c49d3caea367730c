/**
 * What the Hits of one Delivery mean: a person, a machine, or nobody can tell. Pure, and the same in whatever order they
 * come, so that judging as they arrive and judging all anew agree. A wrong "machine" hides a reader, so one odd thing
 * alone makes no machine: it takes two, or one that no person does.
 */

import type { HitKind, Verdict } from '../../db/schema.js'
import { readAgent } from './agent.js'
import { isForm } from './form.js'
import { DOUBTS, SIGNS, WORDS } from './rules.js'
import { readScene, type Scene } from './scene.js'

/** Grows with every change of a rule. */
export const CLASSIFIER_VERSION = 3

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
  facts: DeliveryFacts,
): ReadonlyMap<number, Classification> {
  const known = hits
    .filter((hit) => !isPurged(hit))
    .sort((one, other) => one.at - other.at || one.id - other.id)
  const scene = readScene(known, facts)
  return new Map(known.map((hit) => [hit.id, judgeHit(hit, scene)]))
}

/** Retention and erasure leave this in place of what was asked. */
function isPurged({ headers }: Pick<JudgedHit, 'headers'>): boolean {
  return headers.purged === '1'
}

/**
 * Whoever passes a form is a person: what he did around it is forgiven, and what his requests say is only doubted. But nobody
 * sees the honeypot's Link.
 */
function judgeHit(hit: JudgedHit, scene: Scene): Classification {
  if (isForm(hit)) return { verdict: 'person', reasons: ['form'] }
  const signs = SIGNS.filter(({ speaks }) => speaks(hit, scene))
  if (hit.kind === 'unsubscribe') return judgeOneClick(hit, { signs, scene })
  const words = WORDS.filter(({ speaks }) => speaks(hit))
  if (scene.nearForm.has(hit.id)) {
    const isTrap = hit.kind === 'trap'
    const isDoubted = words.some(({ verdict }) => verdict !== 'person') || !isSomebody(hit.userAgent)
    return {
      verdict: isTrap || isDoubted ? 'unknown' : 'person',
      reasons: ['near-form', ...(isTrap ? ['honeypot'] : []), ...namesOf(words)],
    }
  }
  const doubts = DOUBTS.filter(({ speaks }) => speaks(hit, scene))
  return weigh({ words, signs, doubts })
}

/** Made by servers for a person, unless they do then what no person does. It leaves the List in any case. */
function judgeOneClick(
  { id }: JudgedHit,
  { signs, scene }: Pick<Spoken, 'signs'> & { readonly scene: Scene },
): Classification {
  const isDoubted = signs.length > 0 && !scene.nearForm.has(id)
  return { verdict: isDoubted ? 'unknown' : 'person', reasons: ['one-click', ...namesOf(signs)] }
}

/** Two that bear no name, or an odd one, need not be the same. */
function isSomebody(userAgent: string): boolean {
  return ['browser', 'mail-app'].includes(readAgent(userAgent))
}

interface Spoken {
  readonly words: readonly { readonly name: string; readonly verdict: Verdict }[]
  readonly signs: readonly { readonly name: string }[]
  readonly doubts: readonly { readonly name: string }[]
}

function weigh({ words, signs, doubts }: Spoken): Classification {
  const [first] = words
  const rest = [...signs, ...doubts]
  if (first?.verdict === 'machine') return { verdict: 'machine', reasons: namesOf([...words, ...rest]) }
  if (signs.length > 0) return { verdict: 'machine', reasons: namesOf([...rest, ...words]) }
  if (first?.verdict === 'unknown') return { verdict: 'unknown', reasons: namesOf([...words, ...rest]) }
  if (doubts.length > 1) return { verdict: 'machine', reasons: namesOf([...doubts, ...words]) }
  if (doubts.length > 0) return { verdict: 'unknown', reasons: namesOf([...doubts, ...words]) }
  return { verdict: 'person', reasons: namesOf(words) }
}

function namesOf(rules: readonly { readonly name: string }[]): readonly string[] {
  return rules.map(({ name }) => name)
}
