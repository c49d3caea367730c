/**
 * The versions of an Issue as a reader tells them apart. One that differs only in what stands around the article, since
 * a template or an address was changed, is none of its own; one with an editor's note always is.
 */

import type { PublishedIssue, PublishedVersion } from '../../send/published.js'
import type { Article } from './article.js'

export interface Told {
  readonly title: string
  readonly article: Article
}

/** Oldest first. The last is the newest version, whatever it differs in. */
export async function readEditions(
  { versions }: PublishedIssue,
  tell: (hash: string) => Promise<Told>,
): Promise<readonly PublishedVersion[]> {
  const editions: PublishedVersion[] = []
  let before: string | null = null
  for (const version of versions) {
    if (versions.length === 1) return versions
    const { title, article } = await tell(version.hash)
    const says = `${title}\n${article.html}`
    const last = editions.at(-1)
    if (last !== undefined && says === before && version.note === null)
      editions[editions.length - 1] = { ...last, hash: version.hash }
    else editions.push(version)
    before = says
  }
  return editions
}
