/**
 * Form: whether a Hit is of a form that somebody passed on a page. The one-click POST of RFC 8058 is none: providers' servers
 * make it, and so may any scanner.
 */

import type { JudgedHit } from './judge.js'

/** Beside the headers that a Hit keeps: how somebody left, `page`, `one-click` or `post`. */
export const HOW = 'how'

export function isForm({ kind, headers }: Pick<JudgedHit, 'kind' | 'headers'>): boolean {
  if (kind !== 'unsubscribe') return kind === 'form'
  const how = headers[HOW]
  // Not kept once. A browser that posts a form asks for a page.
  return how === undefined ? /html/i.test(headers.accept ?? '') : how === 'page'
}
