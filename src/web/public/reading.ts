/** An Issue that is out as the archive shows it: its newest version, what that says, and what came before it. */

import type { PublishedIssue, PublishedVersion } from '../../send/published.js'
import { newestOf } from '../archive.js'
import { openRecent } from '../recent.js'
import type { SentIssue, SentIssues } from '../sent-issues.js'
import { type Article, readArticle } from './article.js'
import { readEditions } from './editions.js'

export interface Reading {
  readonly published: PublishedIssue
  /** The newest version. */
  readonly issue: SentIssue
  readonly article: Article
  /** Oldest first, never empty; more than one when it was corrected. */
  readonly editions: readonly PublishedVersion[]
  /** When what it says was last changed, in ms. */
  readonly changedAt: number
}

export interface Readings {
  of(published: PublishedIssue): Promise<Reading>
  /** What a version of it says. */
  articleOf(issue: SentIssue): Promise<Article>
}

/** Some 60 KB each. */
const MAX_ARTICLES = 200

export function openReadings(issues: SentIssues, publicUrl: () => Promise<string>): Readings {
  // The hash, then where the web is: a page's links and pictures lead there.
  const articles = openRecent(MAX_ARTICLES, async (key) => {
    const [hash = '', home = ''] = key.split(' ')
    return readArticle(await issues.ofHash(hash), home)
  })
  const articleOf = async ({ hash }: SentIssue) => articles(`${hash} ${await publicUrl()}`)

  return {
    articleOf,
    async of(published) {
      const issue = await issues.ofHash(newestOf(published).hash)
      const editions = await readEditions(published, async (hash) => {
        const version = await issues.ofHash(hash)
        return { title: version.title, article: await articleOf(version) }
      })
      const changedAt = editions.at(-1)?.since ?? published.publishedAt
      return { published, issue, article: await articleOf(issue), editions, changedAt }
    },
  }
}
