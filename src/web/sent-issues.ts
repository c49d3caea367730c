/**
 * The Issues that readers click and look at: CompiledIssues as a Send has pinned them. They never change under their
 * hash, so the few that are being read stay in memory.
 */

import type { Query } from '../db/db.js'
import type { Link } from '../link/link.js'
import { readCompiled } from '../send/send.js'

export interface SentIssue {
  readonly slug: string
  readonly title: string
  readonly number: number | null
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly lang: string
  readonly publication: string
  /** Base of the images in its web page. */
  readonly publicUrl: string
  /** The web page, whole. */
  readonly web: string
  readonly links: readonly Link[]
}

export interface SentIssues {
  /** The Issue that a Delivery carries; null when there is no such Delivery. */
  ofDelivery(deliveryId: number): Promise<SentIssue | null>
  /** As its newest Send has it; null when none has begun. */
  ofSlug(slug: string): Promise<SentIssue | null>
  /** Those sent to a public List, newest first. */
  newest(): Promise<readonly SentIssue[]>
}

/** About 300 KB each. */
const MAX_IN_MEMORY = 60
const MAX_LISTED = 50
/** A Send that has begun has published its Issue; one that is paused before its time has not. */
const PUBLISHED = ['sending', 'paused', 'finished'] as const

export function openSentIssues(query: Query): SentIssues {
  const byHash = new Map<string, Promise<SentIssue>>()

  function read(hash: string): Promise<SentIssue> {
    const known = byHash.get(hash)
    // Last in a Map's order is last used.
    byHash.delete(hash)
    const issue = known ?? readSentIssue(query, hash)
    byHash.set(hash, issue)
    const [oldest] = byHash.keys()
    if (byHash.size > MAX_IN_MEMORY && oldest !== undefined) byHash.delete(oldest)
    // A failure is the asker's to see, and nobody's to keep.
    if (known === undefined) issue.catch(() => byHash.delete(hash))
    return issue
  }

  async function ofDelivery(deliveryId: number): Promise<SentIssue | null> {
    const row = await query
      .selectFrom('delivery')
      .innerJoin('send', 'send.id', 'delivery.send_id')
      .select('send.compiled_hash')
      .where('delivery.id', '=', deliveryId)
      .executeTakeFirst()
    return row ? read(row.compiled_hash) : null
  }

  async function ofSlug(slug: string): Promise<SentIssue | null> {
    const row = await query
      .selectFrom('send')
      .innerJoin('issue', 'issue.id', 'send.issue_id')
      .select('send.compiled_hash')
      .where('issue.slug', '=', slug)
      .where('send.state', 'in', PUBLISHED)
      .where('send.started_at', 'is not', null)
      .orderBy('send.id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row ? read(row.compiled_hash) : null
  }

  async function newest(): Promise<readonly SentIssue[]> {
    const rows = await query
      .selectFrom('send')
      .innerJoin('issue', 'issue.id', 'send.issue_id')
      .select('send.compiled_hash')
      .where('send.id', 'in', (newer) =>
        newer
          .selectFrom('send as newer')
          .innerJoin('list', 'list.id', 'newer.list_id')
          .select(({ fn }) => fn.max('newer.id').as('id'))
          .where('list.visibility', '=', 'public')
          .where('newer.state', 'in', PUBLISHED)
          .where('newer.started_at', 'is not', null)
          .groupBy('newer.issue_id'),
      )
      .orderBy('issue.slug', 'desc')
      .limit(MAX_LISTED)
      .execute()
    return Promise.all(rows.map(({ compiled_hash }) => read(compiled_hash)))
  }

  return { ofDelivery, ofSlug, newest }
}

async function readSentIssue(query: Query, hash: string): Promise<SentIssue> {
  const { slug, title, number, date, lang, publication, web, links } = await readCompiled(query, hash)
  return {
    slug,
    title,
    number,
    date,
    lang,
    publication: publication.name,
    publicUrl: publication.publicUrl,
    web,
    links,
  }
}
