/**
 * What an Issue says, taken from the web page it was pinned with: for feeds, search and the index. Safe to stand in a
 * reader of someone else's: known elements alone, absolute URLs, no picture but ours, so nothing that tracks.
 */

import type { DefaultTreeAdapterTypes } from 'parse5'
import sanitize from 'sanitize-html'
import { attributeOf } from '../../issue/import/html-tree.js'
import type { SentIssue } from '../sent-issues.js'

type Element = DefaultTreeAdapterTypes.Element

export interface Article {
  /** Of the page's head: the preheader, or what the Issue is about; '' when it has none. */
  readonly description: string
  /** Names, in reading order. */
  readonly authors: readonly string[]
  readonly html: string
  /** Its words, white space as one blank each. */
  readonly text: string
}

const MAX_AUTHORS = 20

/** What is taken from the page as it is. */
export interface ArticleSource {
  readonly description: string
  readonly authors: readonly string[]
  /** What stands in its `<article>`, not safe yet. */
  readonly inner: string
}

/** `elements` are all of the page, in document order. */
export function findArticle(web: string, elements: readonly Element[]): ArticleSource {
  const sheet = ['article', 'main', 'body']
    .map((name) => elements.find(({ tagName }) => tagName === name)?.sourceCodeLocation)
    .find((place) => place?.startTag)
  return {
    description: descriptionOf(elements),
    authors: authorsOf(elements),
    inner: sheet ? web.slice(sheet.startTag?.endOffset, sheet.endTag?.startOffset ?? web.length) : web,
  }
}

export function readArticle(issue: SentIssue, publicUrl: string): Article {
  const { description, authors, inner } = issue.page().article
  const html = sanitize(inner, cleaning(issue, publicUrl)).trim()
  return { description, authors, html, text: textIn(html) }
}

function descriptionOf(elements: readonly Element[]): string {
  const meta = elements.find(
    (element) => element.tagName === 'meta' && attributeOf(element, 'name') === 'description',
  )
  return meta ? attributeOf(meta, 'content').trim() : ''
}

/** Persons of the page's JSON-LD; an organisation is no author that needs naming. */
function authorsOf(elements: readonly Element[]): readonly string[] {
  const script = elements.find(
    (element) => element.tagName === 'script' && attributeOf(element, 'type') === 'application/ld+json',
  )
  const source = script?.childNodes.map((node) => ('value' in node ? node.value : '')).join('') ?? ''
  const { author } = readJson(source)
  return (Array.isArray(author) ? author : [])
    .flatMap((one: unknown) => {
      const { '@type': type, name } = Object(one) as Readonly<Record<string, unknown>>
      return type === 'Person' && typeof name === 'string' ? [name] : []
    })
    .slice(0, MAX_AUTHORS)
}

function readJson(source: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(source))
  } catch {
    // A template may say it in any way, or not at all.
    return {}
  }
}

const BLOCKS = 'p br hr h2 h3 h4 h5 h6 ul ol li blockquote pre figure figcaption div'
const TABLES = 'table thead tbody tr th td'
const INLINE = 'code em strong i b s sub sup a img'

function cleaning(issue: SentIssue, publicUrl: string): sanitize.IOptions {
  const page = `${publicUrl}/issues/${encodeURIComponent(issue.slug)}`
  const absolute = (url: string) => absoluteUrl(url, page, issue.publicUrl, publicUrl)
  return {
    allowedTags: `${BLOCKS} ${TABLES} ${INLINE}`.split(' '),
    allowedAttributes: {
      a: ['href', 'title'],
      img: ['src', 'alt', 'width', 'height'],
      ol: ['start'],
      li: ['value'],
      th: ['align', 'scope'],
      td: ['align'],
      '*': ['lang', 'dir'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['http', 'https'] },
    allowProtocolRelative: false,
    transformTags: {
      h1: 'h2',
      a: (tagName, { href = '', class: classes = '', ...attribs }) =>
        // The way to a headline is no part of it.
        classes.split(/\s+/).includes('anchor')
          ? { tagName, attribs: { title: LEFT_OUT } }
          : { tagName, attribs: { ...attribs, href: absolute(href) } },
      img: (tagName, { src = '', ...attribs }) => ({ tagName, attribs: { ...attribs, src: absolute(src) } }),
      // Elsewhere only a language is worth a box of its own.
      section: (_name, { lang, dir }) =>
        lang === undefined
          ? { tagName: 'section', attribs: {} }
          : { tagName: 'div', attribs: { lang, ...(dir === undefined ? {} : { dir }) } },
    },
    nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'template', 'form', 'title', 'nav'],
    // The title once more, and pictures that others would count readers by.
    exclusiveFilter: ({ tag, attribs, text }) =>
      tag === 'img'
        ? !(attribs.src ?? '').startsWith(`${publicUrl}/i/`)
        : attribs.title === LEFT_OUT ||
          ((tag === 'h1' || tag === 'h2') && plainText(text).trim() === issue.title),
  }
}

/** Marks what is not shown; an issue can't hold this character. */
const LEFT_OUT = '\ue000'

/** Pictures of ours move with the public URL; what is no URL becomes none. */
function absoluteUrl(url: string, page: string, pinnedUrl: string, publicUrl: string): string {
  if (url.startsWith(`${pinnedUrl}/i/`)) return publicUrl + url.slice(pinnedUrl.length)
  return URL.canParse(url, page) ? new URL(url, page).href : ''
}

const WITHIN_WORDS = /<\/?(?:a|b|code|em|i|s|strong|sub|sup)(?: [^>]*)?>/g

/** A headline has no full stop of its own. */
const HEADING_END = /<\/h[2-6]>/g

/** The words of sanitised HTML, in which a `>` is always the end of a tag. */
function textIn(html: string): string {
  return plainText(
    html
      .replace(WITHIN_WORDS, '')
      .replaceAll(HEADING_END, ' · ')
      .replace(/<[^>]*>/g, ' '),
  )
    .replace(/\s+/g, ' ')
    .trim()
}

/** What sanitize-html escapes. */
function plainText(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
