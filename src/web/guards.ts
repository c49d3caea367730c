/** The headers that every answer of this web has, unless a route says otherwise. */

import { PAGE_CSP } from './page.js'

export const GUARDS = {
  'Content-Security-Policy': PAGE_CSP,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const
