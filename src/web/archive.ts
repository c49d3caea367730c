/** The archive in memory: which Issues are out, read again only when that has changed. A few hundred bytes an Issue. */

import type { Query } from '../db/db.js'
import { type PublishedIssue, printPublished, readPublished } from '../send/published.js'

export interface Shelf {
  /** Those that went to a public List, newest first. */
  readonly issues: readonly PublishedIssue[]
  /** Also those that did not, by their slug. */
  readonly bySlug: ReadonlyMap<string, PublishedIssue>
  /** Changes with any of it. */
  readonly print: string
}

export interface Archive {
  shelf(): Promise<Shelf>
}

export function openArchive(query: Query): Archive {
  let known: Shelf = { issues: [], bySlug: new Map(), print: '' }
  let reading: Promise<Shelf> | null = null

  async function read(): Promise<Shelf> {
    // Printed first: what is published meanwhile is seen the next time.
    const print = await printPublished(query)
    if (print === known.print) return known
    const all = await readPublished(query)
    const bySlug = new Map(all.map((issue) => [issue.slug, issue]))
    known = { issues: all.filter(({ isPublic }) => isPublic), bySlug, print }
    return known
  }

  return {
    shelf() {
      reading ??= read().finally(() => {
        reading = null
      })
      return reading
    },
  }
}

/** The version that is shown. */
export function newestOf({ versions }: PublishedIssue): PublishedIssue['versions'][number] {
  const newest = versions.at(-1)
  if (newest === undefined) throw new Error('an Issue that is out has a version')
  return newest
}
