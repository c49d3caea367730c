/**
 * Refuses what a page of another site makes a browser send. Our pages have no cookies, so a Token in the URL is the
 * credential; still, nobody's browser shall act here by a stranger's form. What is no browser names no site, and passes.
 */

import type { Context, MiddlewareHandler } from 'hono'
import type { WebEnv } from './env.js'
import { foreignPage } from './failure.js'

const READING = ['GET', 'HEAD', 'OPTIONS']
/** One-click unsubscribe comes from mail programs (RFC 8058); the form that subscribes stands on other sites. */
const OPEN_TO_ALL = /^\/(?:u|subscribe)\/[^/]+$/

export interface SameSiteContext {
  readonly publicUrl: () => Promise<string>
}

export function sameSite({ publicUrl }: SameSiteContext): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    const isOpen = READING.includes(c.req.method) || OPEN_TO_ALL.test(c.req.path)
    if (!isOpen && isForeign(c, await publicUrl())) return foreignPage(c)
    await next()
  }
}

/**
 * Did another site's page send it? Sec-Fetch-Site says so where a browser knows it; else Origin, which is `null` from
 * our own pages, since they send no referrer (Fetch, "append a request Origin header").
 */
export function isForeign(c: Context<WebEnv>, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('origin')
  if (origin === undefined || origin === 'null') return false
  return origin !== new URL(publicUrl).origin && !isOwnHost(c, origin)
}

/** Asked for under a name of ours that is not the public one: a machine inside, or a test. */
function isOwnHost(c: Context<WebEnv>, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}
