/** What a feed says in any format: the newest Issues with all their words. */

import { dayOf, writeDate } from '../../issue/date.js'
import { directionOf } from '../../issue/language.js'
import { readerLanguage } from '../../issue/reader-language.js'
import type { PublishedIssue } from '../../send/published.js'
import { html } from '../page.js'
import type { SentIssue } from '../sent-issues.js'
import { VERSION_WORDS } from '../words/versions.js'
import { issueUrl } from './issue-head.js'
import type { Reading, Readings } from './reading.js'

export interface Feed {
  readonly title: string
  readonly subtitle: string | null
  /** BCP 47 tag. */
  readonly lang: string
  /** The public URL, without a trailing slash. */
  readonly home: string
  /** When an entry of it was last changed, in ms; 0 while there are none. */
  readonly updatedAt: number
  /** Newest first. */
  readonly entries: readonly FeedEntry[]
}

export interface FeedEntry {
  /** Stays what it was when the Issue was published, wherever the web may move. */
  readonly id: string
  readonly url: string
  readonly title: string
  readonly lang: string
  /** '' when there is none. */
  readonly summary: string
  /** Safe, with absolute URLs. */
  readonly html: string
  readonly authors: readonly string[]
  readonly publishedAt: number
  readonly updatedAt: number
}

const MAX_ENTRIES = 20
/** Characters of all entries together; readers fetch a feed often. The newest is there however long it is. */
const MAX_CHARACTERS = 1_500_000

export interface FeedContext {
  readonly readings: Readings
  readonly issueOf: (hash: string) => Promise<SentIssue>
  /** IANA name; null: the machine's. */
  readonly timeZone: string | null
}

export async function readFeed(
  issues: readonly PublishedIssue[],
  about: Pick<Feed, 'title' | 'subtitle' | 'lang' | 'home'>,
  context: FeedContext,
): Promise<Feed> {
  const entries: FeedEntry[] = []
  let characters = 0
  for (const published of issues.slice(0, MAX_ENTRIES)) {
    const entry = await readEntry(published, about.home, context)
    characters += entry.html.length
    if (characters > MAX_CHARACTERS && entries.length > 0) break
    entries.push(entry)
  }
  const updatedAt = Math.max(0, ...entries.map((entry) => entry.updatedAt))
  return { ...about, updatedAt, entries }
}

async function readEntry(
  published: PublishedIssue,
  home: string,
  { readings, issueOf, timeZone }: FeedContext,
): Promise<FeedEntry> {
  const reading = await readings.of(published)
  const { issue, article, changedAt } = reading
  const first = published.versions[0]?.hash ?? issue.hash
  return {
    id: issueUrl((await issueOf(first)).publicUrl, issue),
    url: issueUrl(home, issue),
    title: issue.title,
    lang: issue.lang,
    summary: article.description,
    html: correction(reading, timeZone) + directed(article.html, issue.lang),
    authors: article.authors,
    publishedAt: published.publishedAt,
    updatedAt: changedAt,
  }
}

/** A feed reader's page runs from left to right. */
function directed(article: string, lang: string): string {
  return directionOf(lang) === 'rtl' ? `<div dir="rtl">\n${article}\n</div>` : article
}

/** The note that its page shows. */
function correction({ issue, editions }: Reading, timeZone: string | null): string {
  const newest = editions.at(-1)
  if (newest === undefined || editions.length === 1) return ''
  const lang = readerLanguage(issue.lang)
  const when = VERSION_WORDS[lang].corrected(writeDate(dayOf(newest.since, timeZone), lang))
  return html`<p><strong>${when}</strong>${newest.note === null ? null : html`: ${newest.note}`}</p>\n`.html
}
