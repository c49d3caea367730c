/**
 * The index of past Issues, in memory: made when somebody first searches, and brought up to date when an Issue is sent
 * or corrected. It holds terms, not texts: some 30 KB for an Issue of 2,000 words.
 */

import { setImmediate as breath } from 'node:timers/promises'
import MiniSearch from 'minisearch'
import type { PublishedIssue } from '../../send/published.js'
import { type Archive, newestOf } from '../archive.js'
import type { Readings } from './reading.js'
import { fold, termsIn } from './search-terms.js'

/** The newest are found; a weekly has as many in nineteen years. */
const MAX_ISSUES = 1_000
/** Characters of an Issue that are indexed; few have as many. */
const MAX_TEXT = 120_000
const MAX_TERMS = 8
/** From this length on the beginning of a word, or one with a slip, is enough. */
const [MIN_PREFIX, MIN_FUZZY] = [3, 5]
const FUZZINESS = 0.2

export interface Found {
  readonly published: PublishedIssue
  /** Folded words of the Issue that what was asked has met. */
  readonly terms: ReadonlySet<string>
}

export interface SearchIndex {
  /** Best first; every word has to be met. */
  find(query: string): Promise<readonly Found[]>
}

interface Document {
  readonly id: string
  readonly title: string
  readonly text: string
}

export function openSearch({
  archive,
  readings,
}: {
  readonly archive: Archive
  readonly readings: Readings
}): SearchIndex {
  const index = new MiniSearch<Document>({
    fields: ['title', 'text'],
    tokenize: termsIn,
    processTerm: (term) => term,
    searchOptions: {
      tokenize: (query) => [...new Set(termsIn(query))].slice(0, MAX_TERMS),
      processTerm: fold,
      combineWith: 'AND',
      boost: { title: 3 },
      prefix: (term) => term.length >= MIN_PREFIX,
      fuzzy: (term) => (term.length >= MIN_FUZZY ? FUZZINESS : false),
      maxFuzzy: 2,
    },
  })
  /** Document id → the Issue; a corrected one is another document. */
  const indexed = new Map<string, PublishedIssue>()
  let print = ''
  let updating: Promise<void> | null = null

  async function update(): Promise<void> {
    const shelf = await archive.shelf()
    if (shelf.print === print) return
    const wanted = new Map(shelf.issues.slice(0, MAX_ISSUES).map((issue) => [idOf(issue), issue]))
    for (const id of [...indexed.keys()].filter((known) => !wanted.has(known))) {
      index.discard(id)
      indexed.delete(id)
    }
    for (const [id, published] of wanted) {
      if (!indexed.has(id)) {
        const { issue, article } = await readings.of(published)
        index.add({ id, title: issue.title, text: article.text.slice(0, MAX_TEXT) })
        // Each takes some milliseconds; requests come between.
        await breath()
      }
      indexed.set(id, published)
    }
    print = shelf.print
  }

  return {
    async find(query) {
      updating ??= update().finally(() => {
        updating = null
      })
      await updating
      return index.search(query).flatMap(({ id, terms }) => {
        const published = indexed.get(String(id))
        return published ? [{ published, terms: new Set(terms) }] : []
      })
    },
  }
}

function idOf(issue: PublishedIssue): string {
  return `${issue.id} ${newestOf(issue).hash}`
}
