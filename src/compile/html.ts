/**
 * Prose as HTML: plain semantic elements without classes or styles, the same for email and web. Only where links and
 * images point and how a hole is shown differ; a template gives it its looks.
 */

import type { Token } from 'markdown-it'
import sanitize from 'sanitize-html'
import type { PersonHole } from '../issue/hole.js'
import type { Prose } from '../issue/issue.js'
import { linkIndexOf, urlOf } from '../issue/links.js'
import { escapeHtml } from './escape.js'
import { attributeOf, holeOf, plainText, readPassage } from './tokens.js'

/** Where the Prose is going. All answers but `image` are put in as they are, already escaped. */
export interface HtmlMedium {
  /** Where a link points; `index` is null for mailto:, tel: and #anchors. Not escaped. */
  readonly href: (index: number | null, original: string) => string
  readonly image: (source: string) => HtmlImage
  readonly person: (hole: PersonHole) => string
  /** `present` and `absent` are finished HTML. */
  readonly choice: (name: string, present: string, absent: string) => string
  /** A mark that what follows is from this line of the issue, null: no longer from it. */
  readonly line?: (line: number | null) => string
  /** Attributes for every link that leaves the page, e.g. `rel="noopener"`. */
  readonly linkAttributes?: string
}

/** An image as shown: absolute URL, CSS pixels. */
export interface HtmlImage {
  readonly url: string
  readonly width: number
  readonly height: number
}

export interface ProseOptions {
  /** Bold the first words as a brief's run-in head, unless the editor did. */
  readonly lead?: 'bold'
  /** Put a quiet arrow after the words of the Link with this index. */
  readonly arrowAt?: number | null
}

/** A brief's bold lead: two to four words, and the rest of a name they break off in. */
const LEAD = /^\S+(?:\s+\S+){1,3}(?:\s+\p{Lu}\S*)*/u

const ALLOWED: sanitize.IOptions = {
  allowedTags: (
    'p br hr h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s sub sup a img ' +
    'table thead tbody tr th td'
  ).split(' '),
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'width', 'height', 'title', 'style'],
    ol: ['start'],
    th: ['align', 'scope'],
    td: ['align'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'escape',
  // The only style is an image's, and writeImage wrote it; an editor cannot.
  parseStyleAttributes: false,
}

/** Sanitised HTML of a passage, '' for an empty one. Throws what `medium.image` throws. */
export function renderHtml(prose: Prose, medium: HtmlMedium, options: ProseOptions = {}): string {
  const html = sanitize(writeBlocks(prose, { medium, options, line: 1 }), ALLOWED).trim()
  return html === '' ? '' : html + (medium.line?.(null) ?? '')
}

interface Writer {
  readonly medium: HtmlMedium
  readonly options: ProseOptions
  /** 1-based line of the issue that is being written. */
  readonly line: number
}

function writeBlocks(tokens: Prose, given: Writer): string {
  let html = ''
  let writer = given
  let leadWanted = writer.options.lead === 'bold'
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    // Cells of a table have no map; they stand on the line of their row.
    if (token.map) writer = { ...writer, line: token.map[0] + 1 }
    if (token.type === 'choice_open') {
      const { name, present, absent, end } = readPassage(tokens, at)
      const write = (branch: Prose) => writeBlocks(branch, { ...writer, options: {} })
      html += writer.medium.choice(name, write(present), write(absent))
      at = end
    } else if (token.type === 'inline') {
      const children = token.children ?? []
      html += leadWanted ? writeLead(children, writer) : writeInline(children, writer)
      leadWanted = false
    } else {
      html += markLine(token, writer) + writeBlock(token)
    }
  }
  return html
}

/** Before what begins a block, so that it never parts white space. */
function markLine(token: Token, { medium, line }: Writer): string {
  return token.map && !token.hidden && token.nesting !== -1 ? (medium.line?.(line) ?? '') : ''
}

function writeBlock(token: Token): string {
  if (token.hidden) return token.nesting === -1 ? '\n' : ''
  if (token.type === 'fence' || token.type === 'code_block') {
    return `<pre><code>${escapeHtml(token.content)}</code></pre>\n`
  }
  if (token.type === 'hr') return '<hr>\n'
  if (token.tag === '') return ''
  if (token.nesting === -1) return `</${token.tag}>\n`
  return `<${token.tag}${blockAttributes(token)}>`
}

function blockAttributes(token: Token): string {
  if (token.tag === 'ol') {
    const start = attributeOf(token, 'start')
    return start === '' ? '' : ` start="${escapeHtml(start)}"`
  }
  const align = /text-align:\s*(left|right|center)/.exec(attributeOf(token, 'style'))?.[1]
  const scope = token.tag === 'th' ? ' scope="col"' : ''
  return align === undefined ? scope : `${scope} align="${align}"`
}

function writeInline(children: Prose, writer: Writer): string {
  let html = ''
  let openLink: number | null = null
  let { line } = writer
  for (const token of children) {
    if (token.type === 'link_open') {
      openLink = linkIndexOf(token)
      html += writeLinkOpen(token, writer)
    } else if (token.type === 'link_close') {
      const arrow = openLink !== null && openLink === writer.options.arrowAt
      html += arrow ? '\u00a0\u2192</a>' : '</a>'
      openLink = null
    } else {
      html += writeInlineToken(token, writer)
    }
    if (token.type === 'softbreak' || token.type === 'hardbreak') {
      line += 1
      html += writer.medium.line?.(line) ?? ''
    }
  }
  return html
}

function writeInlineToken(token: Token, { medium }: Writer): string {
  switch (token.type) {
    case 'text':
    case 'text_special':
      return escapeHtml(token.content)
    case 'softbreak':
      return '\n'
    case 'hardbreak':
      return '<br>\n'
    case 'code_inline':
      return `<code>${escapeHtml(token.content)}</code>`
    case 'hole':
      return medium.person(holeOf(token))
    case 'image':
      return writeImage(token, medium)
    default:
      if (token.tag === '') return escapeHtml(token.content)
      return token.nesting === -1 ? `</${token.tag}>` : `<${token.tag}>`
  }
}

/** Bolds the first words of a brief that begins with plain words; a link, a hole or bold text ends the lead. */
function writeLead(children: Prose, writer: Writer): string {
  const [first, ...rest] = children
  const lead = first?.type === 'text' ? (LEAD.exec(first.content)?.[0] ?? '') : ''
  if (first === undefined || lead === '') return writeInline(children, writer)
  const tail = escapeHtml(first.content.slice(lead.length))
  return `<strong>${escapeHtml(lead)}</strong>${tail}${writeInline(rest, writer)}`
}

function writeLinkOpen(token: Token, { medium }: Writer): string {
  const index = linkIndexOf(token)
  const href = medium.href(index, urlOf(token))
  const title = attributeOf(token, 'title')
  const extra = index === null ? '' : (medium.linkAttributes ?? '')
  return `<a href="${escapeHref(href)}"${title ? ` title="${escapeHtml(title)}"` : ''}${extra && ` ${extra}`}>`
}

/** As wide as it is shown at most; a template's `width: 100%` lets it shrink, also where it is not loaded. */
function writeImage(token: Token, medium: HtmlMedium): string {
  const { url, width, height } = medium.image(attributeOf(token, 'src'))
  const title = attributeOf(token, 'title')
  return (
    `<img src="${escapeHref(url)}" alt="${escapeHtml(plainText(token.children ?? []))}"` +
    ` width="${width}" height="${height}" style="max-width:${width}px"` +
    `${title && ` title="${escapeHtml(title)}"`}>`
  )
}

/** For a quoted attribute. Markers of Tokens stay, so that nothing may be dropped here. */
function escapeHref(url: string): string {
  return url
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
