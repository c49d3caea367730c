/**
 * Who may ask the studio: pages of its own, under the name of this machine. A foreign Host is a name that was made to point
 * here (DNS rebinding); a foreign Origin is another site's page.
 */

import type { MiddlewareHandler } from 'hono'
import type { StudioEnv } from './env.js'

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/

export const guard: MiddlewareHandler<StudioEnv> = async (c, next) => {
  const host = c.req.header('host') ?? ''
  const origin = c.req.header('origin')
  const isOurs = LOCAL_HOST.test(host) && (origin === undefined || origin === `http://${host}`)
  if (!isOurs) return c.text('The studio answers its own pages on this machine alone.', 403)
  c.header('Content-Security-Policy', PAGE_POLICY)
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Referrer-Policy', 'no-referrer')
  c.header('Cache-Control', 'no-store')
  c.header('Cross-Origin-Resource-Policy', 'same-origin')
  return next()
}
