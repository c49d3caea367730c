/**
 * The Issues that readers click and look at: CompiledIssues as they were pinned. They never change under their hash, so
 * the few that are being read stay in memory.
 */

import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import type { CommentRule } from '../issue/comment-rule.js'
import { elementsOf, parseHtml } from '../issue/import/html-tree.js'
import type { Link } from '../link/link.js'
import { readCompiled } from '../send/send.js'
import { type ArticleSource, findArticle } from './public/article.js'
import { type CutPage, cutPage } from './public/issue-slots.js'
import { openRecent } from './recent.js'

export interface SentIssue {
  readonly hash: string
  readonly slug: string
  readonly title: string
  readonly number: number | null
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly lang: string
  readonly comments: CommentRule
  readonly publication: string
  /** Base of the images in its web page. */
  readonly publicUrl: string
  /** The web page, whole. */
  readonly web: string
  /** What is found in it; parsed when first asked for. */
  readonly page: () => PageParts
  readonly links: readonly Link[]
}

export interface PageParts {
  readonly cut: CutPage
  readonly article: ArticleSource
}

export interface SentIssues {
  /** The Issue that a Delivery carries; null when there is no such Delivery. */
  ofDelivery(deliveryId: number): Promise<SentIssue | null>
  /** As it was pinned under this hash. */
  ofHash(hash: string): Promise<SentIssue>
}

/** About 300 KB each. */
const MAX_IN_MEMORY = 60

export function openSentIssues(query: Query): SentIssues {
  const ofHash = openRecent(MAX_IN_MEMORY, (hash) => readSentIssue(query, hash))

  async function ofDelivery(deliveryId: number): Promise<SentIssue | null> {
    const row = await query
      .selectFrom('delivery')
      .innerJoin('send', 'send.id', 'delivery.send_id')
      .select('send.compiled_hash')
      .where('delivery.id', '=', deliveryId)
      .executeTakeFirst()
    return row ? ofHash(row.compiled_hash) : null
  }

  return { ofDelivery, ofHash }
}

async function readSentIssue(query: Query, hash: string): Promise<SentIssue> {
  const compiled = await readCompiled(query, hash)
  const { slug, title, number, date, lang, comments = 'on', publication, web, links } = compiled
  let parts: PageParts | null = null
  return {
    hash,
    slug,
    title,
    number,
    date,
    lang,
    comments,
    publication: publication.name,
    publicUrl: publication.publicUrl,
    web,
    page() {
      parts ??= readParts(web)
      return parts
    },
    links,
  }
}

function readParts(web: string): PageParts {
  const elements = elementsIn(web)
  return { cut: cutPage(web, elements), article: findArticle(web, elements) }
}

/** None of a page that nests beyond reading: it is shown as it is, and no other page is kept from readers. */
function elementsIn(web: string) {
  try {
    return [...elementsOf(parseHtml(web, 'web page'))]
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}
