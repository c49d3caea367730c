/**
 * Scenario: the Hits of one Send as they would come, each with the truth of who made it and with what may be said of it.
 * Written before the rules, from what vendors, operators and standards say; the source stands beside each.
 */

import type { HitKind, Verdict } from '../../src/db/schema.js'
import { HOW } from '../../src/event/judge/form.js'
import type { JudgedHit } from '../../src/event/judge/judge.js'

export interface LabelledHit extends JudgedHit {
  readonly truth: 'person' | 'machine'
  /** What may be said of it without harm. */
  readonly may: readonly Verdict[]
}

export interface Scenario {
  readonly name: string
  readonly source: string
  /** Distinct Links of the Issue. */
  readonly links: number
  readonly sentAt: number | null
  /** The Hits of each Delivery, in the order they came. */
  readonly deliveries: readonly (readonly LabelledHit[])[]
}

/** 2026-03-03, 09:00 UTC: the 250 of every Delivery. */
export const SENT_AT = Date.UTC(2026, 2, 3, 9)

/** Who asks: agent, network, headers. */
export type Asker = Pick<JudgedHit, 'userAgent' | 'network' | 'headers'>

/** As a browser asks for a page. */
export function browser(userAgent: string, network: string): Asker {
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  return { userAgent, network, headers: { accept, 'accept-language': 'en-GB,en;q=0.9' } }
}

/** As most programs ask, mail programs among them: with no language. */
export function program(userAgent: string, network: string): Asker {
  return { userAgent, network, headers: { accept: '*/*' } }
}

export function withHeaders(asker: Asker, headers: Readonly<Record<string, string>>): Asker {
  return { ...asker, headers: { ...asker.headers, ...headers } }
}

type Label = Asker & Pick<LabelledHit, 'truth' | 'may'>

export function person(asker: Asker, ...may: readonly Verdict[]): Label {
  return { ...asker, truth: 'person', may: may.length > 0 ? may : ['person'] }
}

export function machine(asker: Asker, ...may: readonly Verdict[]): Label {
  return { ...asker, truth: 'machine', may: may.length > 0 ? may : ['machine'] }
}

type Draft = Omit<LabelledHit, 'id'>

interface Given {
  readonly kind: HitKind
  /** Seconds after the 250. */
  readonly after: number
  readonly link?: number
  readonly method?: string
}

function draft({ kind, after, link, method = 'GET' }: Given, label: Label): Draft {
  return { ...label, kind, method, link: link ?? null, at: SENT_AT + Math.round(after * 1_000) }
}

export const open = (after: number, label: Label, method = 'GET') =>
  draft({ kind: 'open', after, method }, label)
export const click = (after: number, link: number, label: Label, method = 'GET') =>
  draft({ kind: 'click', after, link, method }, label)
export const trap = (after: number, label: Label) => draft({ kind: 'trap', after }, label)
/** Preferences saved, a comment sent. */
export const form = (after: number, label: Label) => draft({ kind: 'form', after, method: 'POST' }, label)
/** The way out, by the button of its page. */
export const leave = (after: number, label: Label) => wayOut(after, { label, how: 'page' })
/** The way out by the POST of RFC 8058. */
export const oneClick = (after: number, label: Label) => wayOut(after, { label, how: 'one-click' })

function wayOut(after: number, { label, how }: { readonly label: Label; readonly how: string }): Draft {
  const headers = { ...label.headers, [HOW]: how }
  return draft({ kind: 'unsubscribe', after, method: 'POST' }, { ...label, headers })
}

/** Links 0 to `count` - 1, evenly spread over `seconds`. */
export function sweep(
  after: number,
  { count, seconds }: { readonly count: number; readonly seconds: number },
  label: Label,
): readonly Draft[] {
  return Array.from({ length: count }, (_, link) => click(after + (seconds * link) / count, link, label))
}

interface ScenarioDraft extends Pick<Scenario, 'name' | 'source'> {
  readonly links?: number
  readonly sentAt?: number | null
  /** Of the only Delivery. */
  readonly hits?: readonly Draft[]
  readonly deliveries?: readonly (readonly Draft[])[]
}

export function scenario({ name, source, links = 12, sentAt = SENT_AT, ...given }: ScenarioDraft): Scenario {
  let id = 0
  const deliveries = (given.deliveries ?? [given.hits ?? []]).map((hits) =>
    hits.map((hit) => {
      id += 1
      return { ...hit, id }
    }),
  )
  return { name, source, links, sentAt, deliveries }
}
