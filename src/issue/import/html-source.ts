/** A page or a fragment of HTML as a Post. */

import { InputError } from '../../errors.js'
import { MAX_SOURCE_BYTES } from '../source.js'
import type { Block, Note } from './flow.js'
import { wordsOf } from './flow.js'
import type { FlowContext } from './flow-context.js'
import { bodyOf, parseHtml, textOf } from './html-tree.js'
import { readPageHead } from './page-head.js'
import { firstOf, NO_FIELDS, type Post, type PostContext, type PostFields } from './post.js'
import { readFlow } from './read-flow.js'
import { findArticle } from './visible.js'
import { readWrittenDate } from './written-date.js'

/** Paragraphs among which a date in words is looked for. */
const MAX_DATE_DEPTH = 5

/** Characters of words: more would never be an issue, and take minutes to be read. */
const MAX_TEXT_LENGTH = 2_000_000

export interface HtmlText {
  readonly html: string
  /** What is known from elsewhere; it is believed before what the page says. */
  readonly fields?: PostFields
  readonly lines: FlowContext['lines']
  /** Whether a page stands around the text, or the text is all there is. */
  readonly part: 'page' | 'text'
}

/** Throws InputError when the tags nest too deeply. */
export function readHtml({ html, fields = NO_FIELDS, lines, part }: HtmlText, context: PostContext): Post {
  const notes: Note[] = []
  const root = parseHtml(html, context.where)
  const body = bodyOf(root)
  const all = textOf(body)
  if (all.length > MAX_TEXT_LENGTH)
    throw new InputError([
      {
        where: context.where,
        line: null,
        message: `it holds ${all.length} characters of text, and an issue ${MAX_SOURCE_BYTES} bytes at most; cut it up`,
      },
    ])
  const article = part === 'page' ? findArticle(body) : body
  const head = readPageHead(root, article, context)
  const base = head.url ?? context.site
  const blocks = readFlow(article, { base, lines, note: (note) => notes.push(note) })
  const outside = article === body ? 0 : wordCount(all) - wordCount(textOf(article))
  if (outside > 0)
    notes.push({
      line: null,
      message: `${outside} ${outside === 1 ? 'word' : 'words'} outside of <${article.tagName}> (menus and the like) were left out`,
    })
  const known = firstOf(fields, head.fields)
  return {
    where: context.where,
    fields: { ...known, date: known.date ?? dateAbove(blocks) },
    blocks,
    notes: oncePerLine(notes),
    base,
  }
}

function wordCount(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
}

function dateAbove(blocks: readonly Block[]): string | null {
  for (const block of blocks.slice(0, MAX_DATE_DEPTH)) {
    const date =
      block.kind === 'paragraph' || block.kind === 'heading' ? readWrittenDate(wordsOf(block.runs)) : null
    if (date !== null) return date
  }
  return null
}

function oncePerLine(notes: readonly Note[]): readonly Note[] {
  const seen = new Set<string>()
  return notes.filter(({ line, message }) => {
    const key = `${line} ${message}`
    return !seen.has(key) && seen.add(key)
  })
}
