/**
 * Prose as HTML: plain semantic elements without styles, the same for email and web. Only where links and images point
 * and how holes and footnotes are shown differ; a template gives it its looks.
 */

import type { Token } from 'markdown-it'
import sanitize from 'sanitize-html'
import { isButton, widthOf } from '../issue/attributes.js'
import type { PersonHole } from '../issue/hole.js'
import type { Direction, Prose } from '../issue/issue.js'
import { linkIndexOf, urlOf } from '../issue/links.js'
import { escapeHtml } from './escape.js'
import {
  isEndOfNote,
  numberOf,
  writeNoteOpen,
  writeNoteReference,
  writeNotesOpen,
  writeWayBack,
} from './html-notes.js'
import { alignOf, altOf, attributeOf, holeOf, readPassage } from './tokens.js'
import type { Words } from './words-by-language.js'

/** Where the Prose is going. All answers but `image` are put in as they are, already escaped. */
export interface HtmlMedium {
  /** Where a link points; `index` is null for mailto:, tel: and #anchors. Not escaped. */
  readonly href: (index: number | null, original: string) => string
  /** `width` in CSS pixels as the editor wants it, null: its own. */
  readonly image: (source: string, width: number | null) => HtmlImage
  readonly person: (hole: PersonHole) => string
  /** `present` and `absent` are finished HTML. */
  readonly choice: (name: string, present: string, absent: string) => string
  /** A mark that what follows is from this line of the issue, null: no longer from it. */
  readonly line?: (line: number | null) => string
  /** Attributes for every link that leaves the page, e.g. `rel="noopener"`. */
  readonly linkAttributes?: string
  /** What is done to finished HTML for mail programs. */
  readonly finish?: (html: string) => string
  /** Whether footnotes and the references to them are linked both ways. */
  readonly linksNotes?: boolean
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
  /** The way it points: on, in the direction of reading. */
  readonly dir?: Direction
  /** What a list of footnotes and the way back from one are called. */
  readonly words?: Pick<Words, 'notes' | 'backToText'>
}

/** A brief's bold lead: two to four words, and the rest of a name they break off in. */
const LEAD = /^\S+(?:\s+\S+){1,3}(?:\s+\p{Lu}\S*)*/u

const ALLOWED: sanitize.IOptions = {
  allowedTags: (
    'p br hr h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s sub sup a img ' +
    'figure figcaption table thead tbody tr th td'
  ).split(' '),
  allowedAttributes: {
    a: ['href', 'title', 'rel', 'class', 'id', 'role', 'aria-label'],
    blockquote: ['class'],
    img: ['src', 'alt', 'width', 'height', 'style'],
    li: ['id', 'value'],
    ol: ['start', 'class', 'aria-label'],
    p: ['class'],
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
  const finished = medium.finish?.(html) ?? html
  return finished === '' ? '' : finished + (medium.line?.(null) ?? '')
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
  let nextNote = 0
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    // Cells of a table have no map; they stand on the line of their row.
    if (token.map) writer = { ...writer, line: token.map[0] + 1 }
    if (token.type === 'choice_open') {
      const { name, present, absent, end } = readPassage(tokens, at)
      const { lead: _lead, arrowAt: _arrowAt, ...options } = writer.options
      const write = (branch: Prose) => writeBlocks(branch, { ...writer, options })
      html += writer.medium.choice(name, write(present), write(absent))
      at = end
    } else if (token.type === 'inline') {
      const children = token.children ?? []
      html += leadWanted ? writeLead(children, writer) : writeInline(children, writer)
      leadWanted = false
    } else if (token.type === 'footnotes_open') {
      nextNote = numberOf(tokens[at + 1])
      html += writeNotesOpen(nextNote, writer.options)
    } else if (token.type === 'footnote_open') {
      const number = numberOf(token)
      html += writeNoteOpen(number, { isNext: number === nextNote, medium: writer.medium })
      nextNote = number + 1
    } else if (isEndOfNote(tokens, at)) {
      html += writeWayBack(nextNote - 1, writer) + writeBlock(token)
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
  const className = attributeOf(token, 'class')
  if (className !== '') return ` class="${escapeHtml(className)}"`
  const align = alignOf(token)
  const scope = token.tag === 'th' ? ' scope="col"' : ''
  return align === null ? scope : `${scope} align="${align}"`
}

function writeInline(children: Prose, writer: Writer): string {
  let html = ''
  let hasArrow = false
  let { line } = writer
  for (const token of children) {
    if (token.type === 'link_open') {
      const index = linkIndexOf(token)
      hasArrow = index !== null && index === writer.options.arrowAt && !isButton(token)
      html += writeLinkOpen(token, writer)
    } else if (token.type === 'link_close') {
      html += hasArrow ? `\u00a0${writer.options.dir === 'rtl' ? '←' : '→'}</a>` : '</a>'
      hasArrow = false
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
    case 'footnote_ref':
      return writeNoteReference(token, medium)
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
  const attributes = [
    `href="${escapeHref(href)}"`,
    ...(isButton(token) ? ['class="button"'] : []),
    ...(title === '' ? [] : [`title="${escapeHtml(title)}"`]),
    ...(extra === '' ? [] : [extra]),
  ]
  return `<a ${attributes.join(' ')}>`
}

/** As wide as it is shown at most; a template's `width: 100%` lets it shrink, also where it is not loaded. */
function writeImage(token: Token, medium: HtmlMedium): string {
  const { url, width, height } = medium.image(attributeOf(token, 'src'), widthOf(token))
  return (
    `<img src="${escapeHref(url)}" alt="${escapeHtml(altOf(token))}"` +
    ` width="${width}" height="${height}" style="max-width:${width}px">`
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
