/** A correction: the newest version of an Issue that was sent, published on the web without a Send. */

import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { type PinnedIssue, savePinned } from './create.js'
import { type PublishedIssue, readPublished } from './published.js'

export type Corrected =
  /** It was never sent, or its Send was cancelled. */
  | { readonly kind: 'unpublished' }
  /** The page says these bytes already, and nothing was ever corrected that a note could be about. */
  | { readonly kind: 'same' }
  /** `noted`: only the note is new. */
  | { readonly kind: 'published' | 'noted'; readonly hashBefore: string }

export interface NewCorrection {
  readonly pinned: PinnedIssue
  /** One line, for readers. */
  readonly note: string
  readonly now: number
}

/** What `createCorrection` would answer; nothing is written. */
export function foreseeCorrection(published: PublishedIssue | null, hash: string): Corrected {
  const newest = published?.versions.at(-1)
  if (published === null || newest === undefined) return { kind: 'unpublished' }
  if (newest.hash !== hash) return { kind: 'published', hashBefore: newest.hash }
  return published.versions.length > 1 ? { kind: 'noted', hashBefore: newest.hash } : { kind: 'same' }
}

/** Stores the CompiledIssue and its images whole, and that they are what the page shows from now on. */
export function createCorrection(query: Query, { pinned, note, now }: NewCorrection): Promise<Corrected> {
  return transact(query, 'correct', async (trx) => {
    const { compiled, hash } = pinned.compilation
    const published = await findPublished(trx, compiled.slug)
    const foreseen = foreseeCorrection(published, hash)
    if (published === null || foreseen.kind === 'unpublished' || foreseen.kind === 'same') return foreseen
    await savePinned(trx, pinned, now)
    await trx
      .insertInto('correction')
      .values({ issue_id: published.id, compiled_hash: hash, note, at: now })
      .execute()
    return foreseen
  })
}

/** Null when it is not out. */
export async function findPublished(query: Query, slug: string): Promise<PublishedIssue | null> {
  const published = await readPublished(query)
  return published.find((issue) => issue.slug === slug) ?? null
}
