/**
 * `/c/TOKEN/INDEX`: redirects to a Link of the Send that the Token's Delivery belongs to, and to nothing else: what the
 * request says is never a target. Any Link of that Send is a legal one, so one MAC a Message is enough.
 */

import { Hono } from 'hono'
import type { Link } from '../../link/link.js'
import { type Keys, verifyToken } from '../../link/token.js'
import type { WebEnv } from '../env.js'
import { missingPage } from '../failure.js'
import type { SentIssues } from '../sent-issues.js'
import { type HitContext, recordHit } from './hit.js'

export interface ClickContext extends HitContext {
  readonly keys: Keys
  readonly issues: SentIssues
}

export function clickRoutes({ keys, issues, ...context }: ClickContext): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/c/:token/:index', async (c) => {
    c.header('Cache-Control', 'no-store, private')
    c.header('X-Robots-Tag', 'noindex')
    const deliveryId = verifyToken(keys, 'read', c.req.param('token'))
    const issue = deliveryId === null ? null : await issues.ofDelivery(deliveryId)
    const link = issue === null ? null : findLink(issue.links, c.req.param('index'))
    if (deliveryId === null || link === null) return missingPage(c, 'badLink')
    await recordHit(c, { kind: 'click', deliveryId, link: link.index }, context)
    return c.redirect(headerUrl(link.url), 302)
  })
}

/** Only the one way to write a number finds a Link: `07`, `7.0` and `+7` don't. */
function findLink(links: readonly Link[], index: string): Link | null {
  return links.find((link) => String(link.index) === index) ?? null
}

/** A header carries ASCII (RFC 9110 section 5.5); any other URL goes as browsers would write it on the wire. */
function headerUrl(url: string): string {
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href
}
