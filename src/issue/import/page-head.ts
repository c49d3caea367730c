/** What a page says about itself: in `<head>`, in JSON-LD, and by elements that are made for it. */

import type { Author } from '../issue.js'
import { isWebUrl } from '../links.js'
import { readAnyDate } from './any-date.js'
import { attributeOf, type Element, elementsOf, hasClass, textOf } from './html-tree.js'
import { readLinkedData } from './linked-data.js'
import { lineOfText, NO_FIELDS, type PostContext, type PostFields } from './post.js'

const DATE_NAMES = [
  'article:published_time',
  'og:article:published_time',
  'datepublished',
  'date',
  'dc.date',
  'dcterms.created',
  'dcterms.date',
  'publish_date',
  'pubdate',
  'parsely-pub-date',
]

export interface PageHead {
  readonly fields: PostFields
  /** Null when the page does not name it. */
  readonly url: string | null
}

/** `article` is the part of the page that is the text. */
export function readPageHead(root: Element, article: Element, { timeZone }: PostContext): PageHead {
  const elements = [...elementsOf(root)]
  const meta = readMeta(elements)
  const linked = readLinkedData(root)
  const inside = [...elementsOf(article)]
  const headings = inside.filter(({ tagName }) => tagName === 'h1').map(textOf)
  const onlyHeading = headings.length === 1 ? headings[0] : undefined
  const site = meta.get('og:site_name') ?? null
  const titles = [meta.get('og:title'), linked?.headline, onlyHeading, pageTitle(elements, site), headings[0]]
  const dates = [...DATE_NAMES.map((name) => meta.get(name)), linked?.date, ...markedDates(inside)].map(
    (written) => (written ? readAnyDate(written, { timeZone }) : null),
  )
  return {
    fields: {
      ...NO_FIELDS,
      title: titles.map(lineOfText).find((title) => title !== null) ?? null,
      date: dates.find((date) => date !== null) ?? null,
      authors: authorsOf(meta, linked?.authors ?? [], inside),
      preheader: lineOfText(
        previewOf(elements) ?? meta.get('description') ?? meta.get('og:description') ?? linked?.description,
      ),
      lang: lineOfText(attributeOf(root, 'lang')),
    },
    url: urlOf(elements, meta),
  }
}

/** By name or property, in small letters; the first of each. */
function readMeta(elements: readonly Element[]): ReadonlyMap<string, string> {
  const meta = new Map<string, string>()
  for (const element of elements) {
    if (element.tagName !== 'meta') continue
    const content = attributeOf(element, 'content').trim()
    for (const key of ['property', 'name', 'itemprop']) {
      const name = attributeOf(element, key).toLowerCase()
      if (name !== '' && content !== '' && !meta.has(name)) meta.set(name, content)
    }
  }
  return meta
}

/** `<title>` without the site's name behind it; none when a program was to fill it in. */
function pageTitle(elements: readonly Element[], site: string | null): string | null {
  const element = elements.find(({ tagName }) => tagName === 'title')
  const title = element === undefined ? null : lineOfText(textOf(element))
  if (title === null || /\*\|.*\|\*/.test(title)) return null
  const [, start, name] = /^(.+?)\s+[-|·–—•]\s+([^-|·–—•]+)$/.exec(title) ?? []
  return start !== undefined && name === site ? start : title
}

function markedDates(elements: readonly Element[]): readonly string[] {
  return elements.flatMap((element) => {
    const isMarked = /datePublished/.test(attributeOf(element, 'itemprop'))
    if (element.tagName !== 'time' && !isMarked) return []
    return [attributeOf(element, 'datetime'), attributeOf(element, 'content'), textOf(element)]
  })
}

function authorsOf(
  meta: ReadonlyMap<string, string>,
  linked: readonly Author[],
  elements: readonly Element[],
): readonly Author[] {
  const named = meta.get('author') ?? meta.get('article:author') ?? meta.get('dc.creator') ?? ''
  if (linked.length > 0) return linked
  if (named !== '' && !isWebUrl(named)) return [{ name: named, url: null }]
  const marked = elements.filter(
    (element) =>
      attributeOf(element, 'rel').split(/\s+/).includes('author') ||
      attributeOf(element, 'itemprop') === 'author' ||
      hasClass(element, 'p-author'),
  )
  const names = new Set(marked.map(textOf).filter((name) => name !== ''))
  return [...names].map((name) => ({ name, url: null }))
}

/** The hidden line that old mails begin with, for the inbox to show. */
function previewOf(elements: readonly Element[]): string | null {
  const element = elements.find((each) => hasClass(each, 'mcnPreviewText') || hasClass(each, 'preheader'))
  const text =
    element === undefined
      ? ''
      : textOf(element)
          .replace(/\p{Cf}|\p{Mn}/gu, '')
          .trim()
  return text === '' || /\*\|.*\|\*/.test(text) ? null : text
}

function urlOf(elements: readonly Element[], meta: ReadonlyMap<string, string>): string | null {
  const base = elements.find(({ tagName }) => tagName === 'base')
  const canonical = elements.find(
    (element) => element.tagName === 'link' && attributeOf(element, 'rel').toLowerCase() === 'canonical',
  )
  const urls = [base, canonical].flatMap((element) =>
    element === undefined ? [] : [attributeOf(element, 'href')],
  )
  return [...urls, meta.get('og:url') ?? ''].find(isWebUrl) ?? null
}
