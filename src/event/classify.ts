/**
 * What a Hit means: a person, a machine, or nobody can tell. Pure and versioned, so that it can be computed again. Each
 * rule sees one Hit alone; a wrong "machine" hides a reader, so what is merely odd is `unknown`.
 */

import { isbot } from 'isbot'
import type { HitKind, Verdict } from '../db/schema.js'
import type { Classification } from './judge/judge.js'
import type { Requester } from './requester.js'

/** Grows with every change of a rule. */
export const CLASSIFIER_VERSION = 1

export interface ClassifiedHit extends Pick<Requester, 'method' | 'userAgent' | 'headers'> {
  readonly kind: HitKind
}

interface Rule {
  readonly name: string
  readonly verdict: Verdict
  readonly speaks: (hit: ClassifiedHit) => boolean
}

/** The first that speaks decides. */
const RULES: readonly Rule[] = [
  // Nothing acts on a form but a person, if through the provider's servers (RFC 8058).
  { name: 'form', verdict: 'person', speaks: ({ kind }) => kind === 'unsubscribe' || kind === 'form' },
  { name: 'method', verdict: 'machine', speaks: ({ method }) => method !== 'GET' },
  { name: 'prefetch', verdict: 'machine', speaks: isPrefetch },
  // Google and Yahoo fetch a picture when the message is opened, on the reader's behalf.
  { name: 'image-proxy', verdict: 'person', speaks: isImageProxy },
  // Apple's Mail Privacy Protection loads every picture, whether or not anyone reads the message.
  { name: 'privacy-proxy', verdict: 'unknown', speaks: isPrivacyProxy },
  { name: 'mail-app', verdict: 'person', speaks: isMailApp },
  { name: 'known-bot', verdict: 'machine', speaks: ({ userAgent }) => isbot(userAgent) },
  { name: 'no-agent', verdict: 'unknown', speaks: ({ userAgent }) => userAgent === '' },
]

export function classify(hit: ClassifiedHit): Classification {
  const spoke = RULES.filter((rule) => rule.speaks(hit))
  return { verdict: spoke[0]?.verdict ?? 'person', reasons: spoke.map(({ name }) => name) }
}

function isPrefetch({ headers }: ClassifiedHit): boolean {
  return ['purpose', 'sec-purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(headers[name] ?? ''),
  )
}

function isImageProxy({ kind, userAgent }: ClassifiedHit): boolean {
  return kind === 'open' && /GoogleImageProxy|YahooMailProxy/.test(userAgent)
}

function isPrivacyProxy({ kind, userAgent }: ClassifiedHit): boolean {
  return kind === 'open' && userAgent === 'Mozilla/5.0'
}

/** Mail programs whose names isbot does not know. */
function isMailApp({ userAgent }: ClassifiedHit): boolean {
  return /^(Thunderbird|Outlook-(iOS|Android)|Airmail|Spark|Apple ?Mail|eM ?Client)\b/i.test(userAgent)
}
