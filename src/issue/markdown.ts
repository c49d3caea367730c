/**
 * The one configured markdown-it, with what Pressrun adds: holes, conditional passages, figures, buttons, pull quotes,
 * footnotes, attributes of `##` headings. Raw HTML is switched on only to be found: proofreading refuses every token
 * of it.
 */

import MarkdownIt, { type StateBlock, type StateCore, type StateInline, type Token } from 'markdown-it'
import footnote from 'markdown-it-footnote'
import { attributesRule } from './attributes.js'
import { allowTightEmphasis } from './emphasis.js'
import { figureRule } from './figure.js'
import { readHeading } from './heading.js'
import { readHole } from './hole.js'
import { pullQuoteRule } from './pull-quote.js'
import { quoteSections } from './quotes.js'

/** Longest chain of nested lists and quotes that is still parsed. */
const MAX_NESTING = 40

const CHOICE_LINE = /^\{\{(?:#if subscriber\.([a-z][a-z0-9_]*)|(else)|(\/if))\}\}$/

/** The parts of a conditional passage, wherever they stand. */
export const CHOICE_TAG = /\{\{(?:#if subscriber\.[a-z][a-z0-9_]*|else|\/if)\}\}/y

export const CHOICE_FORM = '{{#if subscriber.NAME}}, {{else}} and {{/if}}'

const BRACE = 0x7b

/** `source` as block tokens: a token's `map` counts its lines from 0. `lang` is a canonical BCP 47 tag. */
export function parseMarkdown(source: string, lang: string): readonly Token[] {
  return openMarkdown(lang).parse(source, {})
}

function openMarkdown(lang: string) {
  const markdown = new MarkdownIt({
    html: true,
    linkify: true,
    typographer: true,
    maxNesting: MAX_NESTING,
  })
  // Only what says that it is a link becomes one: not "ASP.NET", not "//".
  markdown.linkify.set({ fuzzyLink: false, fuzzyIP: false }).add('//', null).add('ftp:', null)
  // Every URL becomes a token, so that proofreading can name the bad ones; by default they would stay as text.
  markdown.validateLink = () => true
  // A line of dashes below a paragraph is a divider here, no second way to write a heading.
  markdown.disable('lheading')
  allowTightEmphasis(markdown)
  markdown.inline.ruler.before('text', 'hole', holeRule)
  markdown.inline.ruler.before('text', 'attributes', attributesRule)
  markdown.block.ruler.before('table', 'choice', choiceRule, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  })
  markdown.core.ruler.after('block', 'heading_attributes', headingRule)
  markdown.core.ruler.after('block', 'pull_quote', pullQuoteRule)
  markdown.core.ruler.after('inline', 'figure', figureRule)
  markdown.core.ruler.at('smartquotes', (state) => quoteSections(state, lang))
  // Notes have one form, a line of their own, and stand at the end of what refers to them, not of the issue.
  markdown.use(footnote)
  markdown.inline.ruler.disable('footnote_inline')
  markdown.core.ruler.disable('footnote_tail')
  return markdown
}

/** Runs before every other inline rule, so that quotes and dots inside a hole stay as they are. */
function holeRule(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== BRACE) return false
  const found = readHole(state.src, state.pos)
  if (found === null || found.end > state.posMax) return false
  if (!silent) {
    const token = state.push('hole', '', 0)
    token.meta = { ...found.hole }
    // Smart quotes look at the neighbours' text: beside a hole they shall see a word.
    token.content = 'person'
  }
  state.pos = found.end
  return true
}

/** A line of its own. The tokens don't nest, so that lists stay tight and levels stay right. */
function choiceRule(state: StateBlock, line: number, _endLine: number, silent: boolean): boolean {
  const indent = (state.sCount[line] ?? 0) - state.blkIndent
  if (indent < 0 || indent >= 4) return false
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0)
  if (state.src.charCodeAt(start) !== BRACE) return false
  const match = CHOICE_LINE.exec(state.src.slice(start, state.eMarks[line]).trimEnd())
  if (match === null) return false
  if (!silent) {
    const type =
      match[1] !== undefined ? 'choice_open' : match[2] !== undefined ? 'choice_else' : 'choice_close'
    const opened = state.tokens.findLast((token) => token.type === 'choice_open')
    const token = state.push(type, '', 0)
    token.map = [line, line + 1]
    token.meta = { name: match[1] ?? opened?.meta?.name ?? '' }
    state.line = line + 1
  }
  return true
}

/** Takes the attributes off a heading before its text is parsed, and keeps them in `heading_open.meta`. */
function headingRule(state: StateCore): void {
  for (const [index, token] of state.tokens.entries()) {
    const inline = state.tokens[index + 1]
    if (token.type !== 'heading_open' || token.tag !== 'h2' || inline === undefined) continue
    const heading = readHeading(inline.content)
    inline.content = heading.text
    token.meta = { heading }
  }
}
