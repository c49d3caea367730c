/** `/issues/SLUG/card.png`: the card of an Issue's newest version. */

import { Hono } from 'hono'
import { writeDate } from '../../issue/date.js'
import { readerLanguage } from '../../issue/reader-language.js'
import { type Archive, newestOf } from '../archive.js'
import { answerCached } from '../cached.js'
import type { WebEnv } from '../env.js'
import { type FaceOf, plainFace } from '../face.js'
import { missingPage } from '../failure.js'
import { openRecent } from '../recent.js'
import type { SentIssue } from '../sent-issues.js'
import { ARCHIVE_WORDS } from '../words/archive.js'
import { type CardText, drawCard } from './card.js'

/** Some 40 KB each. */
const MAX_CARDS = 100
const MAX_AGE_S = 3600

export interface CardContext {
  readonly archive: Archive
  readonly issueOf: (hash: string) => Promise<SentIssue>
  readonly face: FaceOf
}

export function cardRoutes({ archive, issueOf, face }: CardContext): Hono<WebEnv> {
  // What it shows is its key.
  const cards = openRecent(MAX_CARDS, (key) => drawCard(JSON.parse(key) as CardText))

  return new Hono<WebEnv>().get('/issues/:slug/card.png', async (c) => {
    const published = (await archive.shelf()).bySlug.get(c.req.param('slug'))
    if (published === undefined) return missingPage(c, 'missing')
    const issue = await issueOf(newestOf(published).hash)
    const { name, accent } = (await face()) ?? plainFace(issue.publication)
    const text: CardText = { publication: name, title: issue.title, edition: editionOf(issue), accent }
    if (!published.isPublic) c.header('X-Robots-Tag', 'noindex')
    c.header('Cross-Origin-Resource-Policy', 'cross-origin')
    const body = await cards(JSON.stringify(text))
    return answerCached(c, { body, type: 'image/png', maxAgeS: MAX_AGE_S })
  })
}

function editionOf({ number, date, lang }: SentIssue): string {
  const day = writeDate(date, lang)
  return number === null ? day : `${ARCHIVE_WORDS[readerLanguage(lang)].number(number)} · ${day}`
}
