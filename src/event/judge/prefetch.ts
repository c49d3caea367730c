/** Prefetch: a request that says it is made ahead of a person, who may never come. */

import type { JudgedHit } from './judge.js'

/** Sec-Purpose by the Fetch standard; Purpose by Chromium, X-Moz by old Firefox, X-Purpose by Safari. */
const PURPOSES = ['purpose', 'sec-purpose', 'x-purpose', 'x-moz']

export function isPrefetch({ headers }: Pick<JudgedHit, 'headers'>): boolean {
  return PURPOSES.some((name) => /prefetch|prerender|preview/i.test(headers[name] ?? ''))
}
