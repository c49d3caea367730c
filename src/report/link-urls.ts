/** URLs of single Links, taken from CompiledIssues by the database: one of those is 100 KB, and a person knows many. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { textAt } from '../db/json.js'
import { rowsOf } from '../db/rows.js'

/** A Link of a CompiledIssue, by its hash. */
export interface NamedLink {
  readonly hash: string
  readonly index: number
}

export interface TimelineLink {
  /** Of the Issue, from 0. */
  readonly index: number
  /** '' where the Issue has no such Link. */
  readonly url: string
}

/** What finds the URLs of these; each is read once. */
export async function readLinkUrls(
  query: Query,
  wanted: readonly NamedLink[],
): Promise<(link: NamedLink) => TimelineLink> {
  const unique = [...new Map(wanted.map((link) => [keyOf(link), link])).values()]
  const urls = new Map<string, string>()
  if (unique.length > 0) {
    const given = rowsOf(
      query,
      { hash: 'text', link: 'integer' },
      unique.map(({ hash, index }) => ({ hash, link: index })),
    )
    const place = { list: 'links', index: sql`given.link`, key: 'url' }
    const { rows } = await sql<{ hash: string; link: number; url: string | null }>`
      select given.hash, given.link, ${textAt(query, sql<string>`compiled_issue.content`, place)} as url
      from ${given} join compiled_issue on compiled_issue.hash = given.hash`.execute(query)
    for (const { hash, link, url } of rows) urls.set(keyOf({ hash, index: link }), url ?? '')
  }
  return (link) => ({ index: link.index, url: urls.get(keyOf(link)) ?? '' })
}

function keyOf({ hash, index }: NamedLink): string {
  return `${hash} ${index}`
}
