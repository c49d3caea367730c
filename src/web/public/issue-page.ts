/**
 * `/issues/SLUG`: the newest version of an Issue as a web page, the bytes that were pinned with our links around them;
 * `/issues/SLUG/versions/HASH`: an earlier one; `/issues/SLUG/test`: where "View in browser" of a test leads. An Issue that
 * went to private Lists alone is for who has its address: no index, feed, sitemap or search names it, and it asks machines
 * not to.
 */

import { type Context, Hono } from 'hono'
import type { PublishedIssue } from '../../send/published.js'
import { type Archive, newestOf } from '../archive.js'
import { answerCached } from '../cached.js'
import type { WebEnv } from '../env.js'
import type { FaceOf } from '../face.js'
import { missingPage, testPage } from '../failure.js'
import { html } from '../page.js'
import type { SentIssue } from '../sent-issues.js'
import type { CommentsOf } from './comments.js'
import { issueHead } from './issue-head.js'
import { fillSlots } from './issue-slots.js'
import { correctionNote, earlierNote, versionHistory } from './issue-versions.js'
import { neighbourLinks, wayHome } from './issue-ways.js'
import type { Reading, Readings } from './reading.js'

/** A correction shows within a minute. */
export const MAX_AGE_S = 60

const HASH = /^[0-9a-f]{64}$/

export interface IssueContext {
  readonly archive: Archive
  readonly readings: Readings
  readonly issueOf: (hash: string) => Promise<SentIssue>
  readonly face: FaceOf
  readonly publicUrl: () => Promise<string>
  /** IANA name; null: the machine's. */
  readonly timeZone: () => Promise<string | null>
  readonly comments: CommentsOf
}

export function issueRoutes(context: IssueContext): Hono<WebEnv> {
  const { archive, readings, issueOf, face, publicUrl, timeZone, comments } = context
  return new Hono<WebEnv>()
    .get('/issues/:slug', async (c) => {
      const { issues, bySlug } = await archive.shelf()
      const published = bySlug.get(c.req.param('slug'))
      if (published === undefined) return missingPage(c, 'missing')
      const reading = await readings.of(published)
      const at = issues.indexOf(published)
      const [newer, older] = published.isPublic ? [issues[at - 1], issues[at + 1]] : []
      const about = { reading, home: await publicUrl(), face: await face(), timeZone: await timeZone() }
      const [newerIssue, olderIssue] = await Promise.all([newer, older].map(newestIssue))
      const links = { newer: newerIssue ?? null, older: olderIssue ?? null }
      const body = fillSlots(reading.issue.page().cut, {
        head: issueHead({ ...about, ...links }),
        top: wayHome(about, '../'),
        before: correctionNote(about),
        after: html`${versionHistory(about, { shown: reading.issue.hash, href: versionBelow(published) })}${await comments(about)}${neighbourLinks(about, links)}`,
      })
      return answerIssue(c, reading, body)
    })
    .get('/issues/:slug/test', async (c) => {
      // The same for every name, so that it tells nobody which issues are being written.
      const slug = c.req.param('slug')
      const published = (await archive.shelf()).bySlug.get(slug)
      return published === undefined ? testPage(c) : c.redirect(`../${encodeURIComponent(slug)}`, 302)
    })
    .get('/issues/:slug/versions/:hash', async (c) => {
      const { slug, hash } = c.req.param()
      const published = HASH.test(hash) ? (await archive.shelf()).bySlug.get(slug) : undefined
      const version = published?.versions.findLast((one) => one.hash === hash)
      if (published === undefined || version === undefined) return missingPage(c, 'missing')
      const newest = newestOf(published).hash
      if (hash === newest) return c.redirect(`../../${encodeURIComponent(slug)}`, 302)
      const [reading, issue] = await Promise.all([readings.of(published), issueOf(hash)])
      const about = { reading, home: await publicUrl(), face: await face(), timeZone: await timeZone() }
      c.header('X-Robots-Tag', 'noindex')
      const body = fillSlots(issue.page().cut, {
        head: issueHead({ ...about, newer: null, older: null, kind: 'earlier' }),
        top: wayHome(about, '../../../'),
        before: earlierNote(about, version),
        after: versionHistory(about, {
          shown: hash,
          href: (other) => (other === newest ? `../../${encodeURIComponent(slug)}` : other),
        }),
      })
      return answerIssue(c, { ...reading, issue }, body)
    })

  async function newestIssue(published: PublishedIssue | undefined): Promise<SentIssue | null> {
    return published ? issueOf(newestOf(published).hash) : null
  }
}

/** As a link from the Issue's own page. */
function versionBelow({ slug }: PublishedIssue) {
  return (hash: string) => `${encodeURIComponent(slug)}/versions/${hash}`
}

function answerIssue(c: Context<WebEnv>, { published, issue }: Reading, body: string): Promise<Response> {
  c.header('Content-Security-Policy', issuePolicy(issue))
  c.header('Content-Language', issue.lang)
  if (!published.isPublic) c.header('X-Robots-Tag', 'noindex')
  return answerCached(c, { body, type: 'text/html; charset=utf-8', maxAgeS: MAX_AGE_S })
}

/** Styles stand in the page itself; pictures come from here, or from where the Send said `here` was. */
function issuePolicy({ publicUrl }: SentIssue): string {
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src 'self' ${new URL(publicUrl).origin}`,
    "form-action 'none'",
    // Nothing here connects; a browser's own look at robots.txt counts as the page's.
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
