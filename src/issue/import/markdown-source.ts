/**
 * Markdown of any program as a Post: its front matter, and its text by way of HTML, so that whatever Markdown allows
 * (reference links, HTML within, headings with a line below) comes out as one thing.
 */

import MarkdownIt, { type StateCore } from 'markdown-it'
import footnotes from 'markdown-it-footnote'
import { InputError } from '../../errors.js'
import { MAX_SOURCE_BYTES } from '../source.js'
import { lineMark } from './flow-context.js'
import { splitFront } from './front-source.js'
import { readHtml } from './html-source.js'
import { firstOf, type Post, type PostContext, type PostFields } from './post.js'

/** Bytes: what an issue holds, and what is lost on the way to it. */
const MAX_BYTES = 3 * MAX_SOURCE_BYTES

/** markdown-it drops what nests deeper than its limit without a word, so it is stopped before. */
const MAX_NESTING = 100
const MAX_LEVEL = 60

const MARKED =
  /^(?:paragraph_open|heading_open|fence|code_block|html_block|hr|table_open|tr_open|list_item_open)$/

/** `fields` is what is known from elsewhere. Throws InputError when the front matter cannot be read. */
export function readMarkdown(source: string, fields: PostFields, context: PostContext): Post {
  const sizeBytes = Buffer.byteLength(source)
  if (sizeBytes > MAX_BYTES)
    throw new InputError([
      {
        where: context.where,
        line: null,
        message: `it has ${sizeBytes} bytes, and an issue ${MAX_SOURCE_BYTES} at most; cut it up`,
      },
    ])
  const front = splitFront(source, context)
  const post = readHtml(
    {
      html: toHtml(front.body, context.where),
      fields: firstOf(fields, front.fields),
      lines: 'marked',
      part: 'text',
    },
    context,
  )
  return { ...post, notes: [...front.notes, ...post.notes] }
}

/** `body` has the lines of the file. */
function toHtml(body: string, where: string): string {
  const markdown = new MarkdownIt({ html: true, linkify: true, maxNesting: MAX_NESTING }).use(footnotes)
  markdown.linkify
    .set({ fuzzyLink: false, fuzzyIP: false, fuzzyEmail: false })
    .add('//', null)
    .add('ftp:', null)
  // Every link shall be seen, so that those which cannot be kept are told.
  markdown.validateLink = () => true
  markdown.core.ruler.push('line_marks', markLines)
  const environment = {}
  const tokens = markdown.parse(body, environment)
  const deep = tokens.find(({ level }) => level > MAX_LEVEL)
  if (deep !== undefined) {
    const message = 'lists or quotes nest too deeply here; write them flatter'
    throw new InputError([{ where, line: (deep.map?.[0] ?? 0) + 1, message }])
  }
  return markdown.renderer.render(tokens, markdown.options, environment)
}

function markLines(state: StateCore): void {
  state.tokens = state.tokens.flatMap((token) => {
    if (token.map === null || !MARKED.test(token.type)) return [token]
    const mark = new state.Token('html_block', '', 0)
    mark.content = lineMark(token.map[0] + 1)
    return [mark, token]
  })
}
