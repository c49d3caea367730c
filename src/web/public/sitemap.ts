/** `/sitemap.xml` (sitemaps.org) names what search engines may list, `/robots.txt` (RFC 9309) what machines need not ask. */

import { Hono } from 'hono'
import type { PublishedIssue } from '../../send/published.js'
import type { Archive } from '../archive.js'
import { answerCached } from '../cached.js'
import type { WebEnv } from '../env.js'
import type { FaceOf } from '../face.js'
import { type Html, html } from '../page.js'
import { issueUrl } from './issue-head.js'
import type { Readings } from './reading.js'

const MAX_AGE_S = 3600
/** The protocol allows 50,000 in a file; the index and a subscription are two. */
const MAX_ISSUES = 49_000
/** Pixels, clicks, and what a Token opens; pages that say noindex must stay open, or nobody would see that they do. */
const CLOSED = ['/c/', '/o/', '/u/', '/p/', '/n/', '/hooks/', '/search']

export interface SitemapContext {
  readonly archive: Archive
  readonly readings: Readings
  readonly face: FaceOf
  readonly publicUrl: () => Promise<string>
}

export function sitemapRoutes({ archive, readings, face, publicUrl }: SitemapContext): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/sitemap.xml', async (c) => {
      const home = await publicUrl()
      const subscribe = (await face())?.subscribe ?? null
      const { issues } = await archive.shelf()
      const pages: SitePage[] = []
      for (const published of issues.slice(0, MAX_ISSUES))
        pages.push({ url: issueUrl(home, published), changedAt: await changedAt(published) })
      const newest = Math.max(0, ...pages.map((page) => page.changedAt ?? 0))
      const body = writeSitemap([
        { url: `${home}/`, changedAt: newest === 0 ? null : newest },
        ...(subscribe === null ? [] : [{ url: subscribe, changedAt: null }]),
        ...pages,
      ])
      return answerCached(c, { body, type: 'application/xml; charset=utf-8', maxAgeS: MAX_AGE_S })
    })
    .get('/robots.txt', async (c) => {
      const home = await publicUrl()
      const folder = new URL(home).pathname.replace(/\/$/, '')
      const closed = CLOSED.map((path) => `Disallow: ${folder}${path}\n`).join('')
      const body = `User-agent: *\n${closed}\nSitemap: ${home}/sitemap.xml\n`
      return answerCached(c, { body, type: 'text/plain; charset=utf-8', maxAgeS: MAX_AGE_S })
    })

  /** What has one version alone need not be read. */
  async function changedAt(published: PublishedIssue): Promise<number> {
    const [only, more] = published.versions
    return only && !more ? only.since : (await readings.of(published)).changedAt
  }
}

interface SitePage {
  readonly url: string
  /** In ms; null: nobody knows. */
  readonly changedAt: number | null
}

function writeSitemap(pages: readonly SitePage[]): string {
  return html`<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${pages.map(writePage)}</urlset>
`.html
}

function writePage({ url, changedAt }: SitePage): Html {
  const lastmod = changedAt === null ? null : html`<lastmod>${new Date(changedAt).toISOString()}</lastmod>`
  return html`<url><loc>${url}</loc>${lastmod}</url>\n`
}
