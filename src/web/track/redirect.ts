/** A redirect of a click: nothing on the way keeps it, and no search engine. Made once for each Link. */

import { GUARDS } from '../guards.js'
import type { Answer } from './answer.js'

/** `target`: as a Location header carries it. */
export function redirectTo(target: string): Answer {
  return { status: 302, headers: { Location: target, ...HEADERS }, body: null }
}

const HEADERS = {
  'Cache-Control': 'no-store, private',
  'X-Robots-Tag': 'noindex',
  'Content-Length': '0',
  ...GUARDS,
} as const
