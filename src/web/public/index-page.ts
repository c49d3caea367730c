/** `/`: Issues that went to a public List, newest first, twenty a page. */

import { type Context, Hono } from 'hono'
import { writeDate } from '../../issue/date.js'
import { readerLanguage } from '../../issue/reader-language.js'
import type { Archive } from '../archive.js'
import { answerCached } from '../cached.js'
import type { WebEnv } from '../env.js'
import { type FaceOf, plainFace } from '../face.js'
import { missingPage } from '../failure.js'
import { languageOf } from '../language.js'
import { type Face, type Html, html, type Page, pagePolicy, writePage } from '../page.js'
import { ARCHIVE_WORDS, type ArchiveWords } from '../words/archive.js'
import { FEEDS, feedLinks } from './feed-links.js'
import { MAX_AGE_S } from './issue-page.js'
import type { Reading, Readings } from './reading.js'

const PAGE_SIZE = 20

export interface IndexContext {
  readonly archive: Archive
  readonly readings: Readings
  readonly face: FaceOf
  readonly publicUrl: () => Promise<string>
}

export function indexRoutes({ archive, readings, face, publicUrl }: IndexContext): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/', async (c) => {
    const { issues } = await archive.shelf()
    const pages = Math.max(1, Math.ceil(issues.length / PAGE_SIZE))
    const page = readPage(c.req.query('page'))
    if (page === null || page > pages) return missingPage(c, 'missing')
    const shown = issues.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
    const entries = await Promise.all(shown.map(readings.of))
    const known = (await face()) ?? plainFaceOf(entries)
    const lang = languageOf(c, { subject: known?.lang ?? null })
    const words = ARCHIVE_WORDS[lang]
    const home = await publicUrl()
    const shell = {
      lang,
      face: known,
      heading: page === 1 ? words.heading : words.page(page),
      head: html`${headOf(home, { page, pages }, known)}`,
      body: html`${page === 1 && issues.length > 0 ? searchForm(words) : null}${
        entries.length === 0 ? html`<p class="lead">${words.none}</p>` : entryList(entries)
      }${pageLinks(words, { page, pages })}${feedLine(words, home)}`,
      ...(page === 1 ? { kind: 'front' as const } : {}),
      languages: 'offered' as const,
    }
    return answerArchivePage(c, shell, page === 1 ? {} : { page: String(page) })
  })
}

/** A page of the archive in our own shell, for anyone to keep. `query` is what of its URL matters to it. */
export function answerArchivePage(
  c: Context<WebEnv>,
  page: Page,
  query: Readonly<Record<string, string>>,
): Promise<Response> {
  c.header('Content-Security-Policy', pagePolicy(page.face))
  c.header('Content-Language', page.lang)
  // Its words are in the reader's language.
  c.header('Vary', 'Accept-Language', { append: true })
  const body = writePage(page, new URLSearchParams(query))
  return answerCached(c, { body, type: 'text/html; charset=utf-8', maxAgeS: MAX_AGE_S })
}

/** 1 when none is asked for; null for what is no number of a page. */
function readPage(text: string | undefined): number | null {
  if (text === undefined) return 1
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null
}

/** Where nobody has told of the publication, its newest Issue has. */
function plainFaceOf([newest]: readonly Reading[]): Face | null {
  return newest ? plainFace(newest.issue.publication) : null
}

interface Place {
  readonly page: number
  readonly pages: number
}

function headOf(home: string, { page, pages }: Place, face: Face | null): Html {
  const link = (rel: string, to: number) => html`<link rel="${rel}" href="${home}/${queryOf(to)}">\n`
  return html`
${link('canonical', page)}${page > 1 ? link('prev', page - 1) : null}${
  page < pages ? link('next', page + 1) : null
}${face && feedLinks(home, face.name)}`
}

function queryOf(page: number): string {
  return page === 1 ? '' : `?page=${page}`
}

export function searchForm(words: ArchiveWords, asked = ''): Html {
  return html`<form class="search" action="search" role="search">
<input type="search" name="q" value="${asked}" maxlength="${MAX_QUERY}" aria-label="${words.searchLabel}" placeholder="${words.searchLabel}">
<button class="quiet">${words.search}</button>
</form>
`
}

/** Characters; more than anyone types in search of an issue. */
export const MAX_QUERY = 100

/** `excerpt` in place of what the Issue says of itself. */
export function entryList(
  entries: readonly (Pick<Reading, 'issue' | 'article'> & { readonly excerpt?: Html })[],
): Html {
  return html`<ul class="entries">\n${entries.map(entry)}</ul>\n`
}

function entry({ issue, article, excerpt }: Parameters<typeof entryList>[0][number]): Html {
  const { slug, title, date, number, lang } = issue
  const words = ARCHIVE_WORDS[readerLanguage(lang)]
  const numbered = number === null ? null : html`${words.number(number)} · `
  const said = excerpt ?? (article.description === '' ? null : html`${article.description}`)
  return html`<li lang="${lang}">
<a class="title" href="issues/${encodeURIComponent(slug)}">${title}</a>
${said && html`<p>${said}</p>\n`}<p class="facts">${numbered}<time datetime="${date}">${writeDate(date, lang)}</time></p>
</li>\n`
}

function pageLinks(words: ArchiveWords, { page, pages }: Place): Html | null {
  if (pages === 1) return null
  const newer =
    page > 1 ? html`<a rel="prev" href="${page === 2 ? './' : queryOf(page - 1)}">${words.newer}</a>\n` : null
  const older = page < pages ? html`<a rel="next" href="${queryOf(page + 1)}">${words.older}</a>\n` : null
  return html`<nav class="pages" aria-label="${words.heading}">\n${newer}${older}</nav>\n`
}

function feedLine(words: ArchiveWords, home: string): Html {
  const links = FEEDS.map(
    ({ path, name }, index) => html`${index === 0 ? null : ', '}<a href="${home}${path}">${name}</a>`,
  )
  return html`<p class="facts">${words.feeds}: ${links}</p>\n`
}
