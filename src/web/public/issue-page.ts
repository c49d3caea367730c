/**
 * `/issues/SLUG`: an Issue as a web page, the bytes its newest Send has pinned. `/` lists those that went to a public
 * List; one that went to private Lists alone is for who has its address.
 */

import { Hono } from 'hono'
import { writeDate } from '../../issue/date.js'
import { acceptedLanguage, type ReaderLanguage, readerLanguage } from '../../issue/reader-language.js'
import type { WebEnv } from '../env.js'
import { type FaceOf, plainFace } from '../face.js'
import { missingPage } from '../failure.js'
import { answerPage, type Html, html, type Page } from '../page.js'
import type { SentIssue, SentIssues } from '../sent-issues.js'
import { ARCHIVE_WORDS } from '../words/archive.js'

/** A correction shows within a minute. */
const CACHE_CONTROL = 'public, max-age=60'

export interface IssueContext {
  readonly issues: SentIssues
  readonly face: FaceOf
}

export function issueRoutes({ issues, face }: IssueContext): Hono<WebEnv> {
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
      const lang = first
        ? readerLanguage(first.lang)
        : (acceptedLanguage(c.req.header('accept-language') ?? '') ?? 'en')
      c.header('Cache-Control', CACHE_CONTROL)
      const known = (await face()) ?? (first ? plainFace(first.publication) : null)
      return answerPage(c, { face: known, ...listPage(newest, lang) })
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

function listPage(issues: readonly SentIssue[], lang: ReaderLanguage): Omit<Page, 'face'> {
  const { heading, none } = ARCHIVE_WORDS[lang]
  const body = issues.length === 0 ? html`<p>${none}</p>` : html`<ul>${issues.map(listItem)}</ul>`
  return { lang, heading, body }
}

function listItem({ slug, title, date, number, lang }: SentIssue): Html {
  const words = ARCHIVE_WORDS[readerLanguage(lang)]
  const numbered = number === null ? null : html`${words.number(number)} · `
  const href = `issues/${encodeURIComponent(slug)}`
  return html`<li>
<a class="title" href="${href}" lang="${lang}">${title}</a>
<span class="facts">${numbered}<time datetime="${date}">${writeDate(date, lang)}</time></span>
</li>\n`
}
