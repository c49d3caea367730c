/**
 * `/issues/SLUG`: an Issue as a web page, the bytes its newest Send has pinned. `/` lists those that went to a public
 * List; one that went to private Lists alone is for who has its address.
 */

import { Hono } from 'hono'
import { writeDate } from '../../issue/date.js'
import type { WebEnv } from '../env.js'
import { missingPage } from '../failure.js'
import { type Html, html, writePage } from '../page.js'
import type { SentIssue, SentIssues } from '../sent-issues.js'
import { type Words, wordsFor, wordsIn } from '../words.js'

/** A correction shows within a minute. */
const CACHE_CONTROL = 'public, max-age=60'

export function issueRoutes({ issues }: { readonly issues: SentIssues }): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/issues/:slug', async (c) => {
      const issue = await issues.ofSlug(c.req.param('slug'))
      if (issue === null) return missingPage(c, 'missing')
      c.header('Content-Security-Policy', issuePolicy(issue))
      c.header('Cache-Control', CACHE_CONTROL)
      return c.html(issue.web)
    })
    .get('/', async (c) => {
      const newest = await issues.newest()
      const [first] = newest
      const words = first ? wordsIn(first.lang) : wordsFor(c.req.header('accept-language') ?? '')
      c.header('Cache-Control', CACHE_CONTROL)
      return c.html(listPage(newest, first?.publication ?? null, words))
    })
}

/** Styles stand in the page itself; pictures come from here, or from where the Send said `here` was. */
function issuePolicy({ publicUrl }: SentIssue): string {
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src 'self' ${new URL(publicUrl).origin}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function listPage(issues: readonly SentIssue[], publication: string | null, words: Words): string {
  const { heading, none } = words.issues
  const body = issues.length === 0 ? html`<p>${none}</p>` : html`<ul>${issues.map(listItem)}</ul>`
  return writePage({ lang: words.lang, publication, heading, body })
}

function listItem({ slug, title, date, number, lang }: SentIssue): Html {
  const numbered = number === null ? null : html`${wordsIn(lang).issues.number(number)} · `
  const href = `issues/${encodeURIComponent(slug)}`
  return html`<li>
<a class="title" href="${href}" lang="${lang}">${title}</a>
<span class="facts">${numbered}<time datetime="${date}">${writeDate(date, lang)}</time></span>
</li>\n`
}
