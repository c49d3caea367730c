/** `/search?q=`: past Issues by their words. Nothing is kept of what was asked. */

import { Hono } from 'hono'
import type { Archive } from '../archive.js'
import type { WebEnv } from '../env.js'
import type { FaceOf } from '../face.js'
import { languageOf } from '../language.js'
import { html } from '../page.js'
import { ARCHIVE_WORDS } from '../words/archive.js'
import { SEARCH_WORDS } from '../words/search.js'
import { answerArchivePage, entryList, MAX_QUERY, searchForm } from './index-page.js'
import type { Readings } from './reading.js'
import { excerptOf } from './search-excerpt.js'
import { openSearch } from './search-index.js'

const MAX_SHOWN = 20

export interface SearchContext {
  readonly archive: Archive
  readonly readings: Readings
  readonly face: FaceOf
}

export function searchRoutes({ archive, readings, face }: SearchContext): Hono<WebEnv> {
  const search = openSearch({ archive, readings })

  return new Hono<WebEnv>().get('/search', async (c) => {
    const known = await face()
    const lang = languageOf(c, { subject: known?.lang ?? null })
    const [words, archiveWords] = [SEARCH_WORDS[lang], ARCHIVE_WORDS[lang]]
    const asked = [...(c.req.query('q') ?? '')].slice(0, MAX_QUERY).join('').trim()
    const found = asked === '' ? [] : await search.find(asked)
    const entries = await Promise.all(
      found.slice(0, MAX_SHOWN).map(async ({ published, terms }) => {
        const { issue, article } = await readings.of(published)
        return { issue, article, excerpt: excerptOf(article.text, terms) }
      }),
    )
    const said = found.length === 0 ? words.nothing(asked) : words.found(found.length, asked)
    const more = found.length > MAX_SHOWN ? html`<p class="facts">${words.more(MAX_SHOWN)}</p>` : null
    c.header('X-Robots-Tag', 'noindex')
    const page = {
      lang,
      face: known,
      heading: words.heading,
      description: archiveWords.searchLabel,
      head: html`\n<meta name="robots" content="noindex">`,
      body: html`${searchForm(archiveWords, asked)}${
        asked === ''
          ? html`<p class="facts">${words.hint}</p>`
          : html`<p role="status">${said}</p>\n${entries.length === 0 ? null : entryList(entries)}${more}`
      }`,
      languages: 'offered' as const,
    }
    return answerArchivePage(c, page, asked === '' ? {} : { q: asked })
  })
}
