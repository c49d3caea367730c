/** What a page says about its article in JSON-LD (schema.org), as far as an issue can hold it. */

import { z } from 'zod'
import { parseJson } from '../../json.js'
import type { Author } from '../issue.js'
import { attributeOf, type Element, elementsOf, isText } from './html-tree.js'

export interface LinkedArticle {
  readonly headline: string | null
  readonly description: string | null
  readonly date: string | null
  readonly authors: readonly Author[]
}

const MAX_DEPTH = 6

const text = z.string().nullish().catch(null)
const person = z.union([
  z.string().transform((name) => ({ name, url: null })),
  z.object({ name: z.string(), url: text }).transform(({ name, url }) => ({ name, url: url ?? null })),
])
const article = z.object({
  headline: text,
  description: text,
  datePublished: text,
  author: z
    .union([person.transform((one) => [one]), z.array(person.nullable().catch(null))])
    .nullish()
    .catch(null),
})

/** The first article that the page describes; null when it describes none. */
export function readLinkedData(root: Element): LinkedArticle | null {
  for (const element of elementsOf(root)) {
    if (element.tagName !== 'script' || attributeOf(element, 'type') !== 'application/ld+json') continue
    const found = findArticle(
      parseJson(
        element.childNodes
          .filter(isText)
          .map(({ value }) => value)
          .join(''),
      ),
      0,
    )
    const parsed = article.safeParse(found)
    if (!parsed.success) continue
    const { headline, description, datePublished, author } = parsed.data
    const authors = (author ?? []).flatMap((one) => (one === null ? [] : [one]))
    return {
      headline: headline ?? null,
      description: description ?? null,
      date: datePublished ?? null,
      authors,
    }
  }
  return null
}

function findArticle(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) {
    for (const entry of value) {
      const found = findArticle(entry, depth + 1)
      if (found !== null) return found
    }
    return null
  }
  const type = '@type' in value ? [value['@type']].flat() : []
  if (type.some((name) => typeof name === 'string' && /Article$|Posting$|^Report$/.test(name))) return value
  return '@graph' in value ? findArticle(value['@graph'], depth + 1) : null
}
