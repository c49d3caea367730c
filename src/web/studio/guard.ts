/**
 * Who may ask the studio: pages of its own, under the name of this machine. A foreign Host is a name that was made to point
 * here (DNS rebinding); a foreign Origin or Sec-Fetch-Site (Fetch Metadata) another site's page. That may lead a person
 * to a page of ours, and do nothing else.
 */

import type { Context, MiddlewareHandler } from 'hono'
import type { StudioEnv } from './env.js'

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

const NAMES = ['127.0.0.1', 'localhost', '[::1]']
/** No page of ours, but what one shows or asks. */
const PARTS = /^\/(?:api|frame|image|client|studio\.css)(?:\/|$)/
/** Programs without a browser say nothing; the page also reads what stands in its frames. */
const FRAME_PLACES: ReadonlySet<string | undefined> = new Set([undefined, 'iframe', 'empty'])

export const guard: MiddlewareHandler<StudioEnv> = async (c, next) => {
  c.header('Content-Security-Policy', PAGE_POLICY)
  c.header('X-Frame-Options', c.req.path.startsWith('/frame/') ? 'SAMEORIGIN' : 'DENY')
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('X-DNS-Prefetch-Control', 'off')
  c.header('Referrer-Policy', 'no-referrer')
  c.header('Cache-Control', 'no-store')
  c.header('Cross-Origin-Resource-Policy', 'same-origin')
  c.header('Cross-Origin-Opener-Policy', 'same-origin')
  if (!isForUs(c) || !isFromUs(c))
    return c.text('The studio answers its own pages on this machine alone.', 403)
  if (c.req.path.startsWith('/frame/') && !FRAME_PLACES.has(c.req.header('sec-fetch-dest')))
    return c.text('This stands in a frame of the studio alone.', 403)
  return isRead(c) || isJson(c) ? next() : c.text('The studio takes GET, and POST of application/json.', 415)
}

/** Under the port that was really asked. */
function isForUs(c: Context<StudioEnv>): boolean {
  const { localPort } = c.env.incoming.socket
  const host = c.req.header('host') ?? ''
  return NAMES.some((name) => host === `${name}:${localPort}` || (host === name && localPort === 80))
}

function isFromUs(c: Context<StudioEnv>): boolean {
  const { host, origin, 'sec-fetch-site': site = 'none' } = c.req.header()
  if (origin !== undefined && origin !== `http://${host}`) return false
  return site === 'same-origin' || site === 'none' || isVisit(c)
}

/** A link elsewhere, followed by a person: what opens is a page that the other site cannot look into. */
function isVisit(c: Context<StudioEnv>): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': place } = c.req.header()
  return c.req.method === 'GET' && mode === 'navigate' && place === 'document' && !PARTS.test(c.req.path)
}

function isRead(c: Context<StudioEnv>): boolean {
  return c.req.method === 'GET' || c.req.method === 'HEAD'
}

/** A form of another site can send no such thing. */
function isJson(c: Context<StudioEnv>): boolean {
  return c.req.method === 'POST' && /^application\/json(?:\s*;|$)/i.test(c.req.header('content-type') ?? '')
}
