/**
 * The publication as the engine knows it. Where the root's `issues/newsletter.yaml` lies, it is read when it changes and
 * kept in the database; an engine elsewhere takes it from there.
 */

import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Query } from '../db/db.js'
import { messageOf } from '../errors.js'
import { PUBLICATION_FILE, type Publication } from '../issue/publication.js'
import { readPublication } from '../issue/read.js'
import { USUAL_TRACKING } from '../issue/tracking.js'
import type { Log } from '../log.js'

/** How often the file is looked at. */
const LOOK_MS = 1_000

/** Not `publication`, which is the name that its keys in Redis begin with: `publication-key.ts`. */
const META_KEY = 'publication file'

export interface PublicationContext {
  readonly root: string
  readonly query: Query
  readonly log: Log
}

/** Null: no engine of this database ever saw the file. A file that is wrong is logged, and the last good one stays. */
export function openPublication({ root, query, log }: PublicationContext): () => Promise<Publication | null> {
  let known: Publication | null = null
  let readFrom = ''
  let isKept = true
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | null = null

  return async () => {
    if (performance.now() - lookedAt >= LOOK_MS) {
      looking ??= look().finally(() => {
        lookedAt = performance.now()
        looking = null
      })
      await looking
    }
    return known
  }

  async function look(): Promise<void> {
    const print = await printOf(path.join(root, PUBLICATION_FILE))
    if (print !== null && print !== readFrom) {
      readFrom = print
      try {
        known = await readPublication(root)
        isKept = false
      } catch (error) {
        log.warn({ error: messageOf(error) }, 'the publication could not be read; what it was stays')
      }
    }
    // A database that is away gets it when it is back.
    if (known !== null && !isKept) isKept = await keep(query, known)
    if (known === null || print === null) known = (await recall(query)) ?? known
  }
}

/** Changes with the file; null where there is none. */
async function printOf(file: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(file)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    // Whatever keeps it from being seen, it can't be read.
    return null
  }
}

/** False: it could not be written. */
async function keep(query: Query, publication: Publication): Promise<boolean> {
  const value = JSON.stringify(publication)
  return query
    .insertInto('meta')
    .values({ key: META_KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
    .then(
      () => true,
      () => false,
    )
}

async function recall(query: Query): Promise<Publication | null> {
  const row = await query.selectFrom('meta').select('value').where('key', '=', META_KEY).executeTakeFirst()
  if (row === undefined) return null
  // Written by `keep` alone, but maybe before there was a choice about these.
  const kept = JSON.parse(row.value) as Omit<Publication, 'tracking' | 'utm'> & Partial<Publication>
  return { ...kept, tracking: kept.tracking ?? USUAL_TRACKING, utm: kept.utm ?? null }
}
