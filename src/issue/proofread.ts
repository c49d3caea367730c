/** What no issue may hold, found in its tokens: raw HTML, headings out of place, links that lead nowhere good. */

import type { Token } from 'markdown-it'
import type { Problem } from '../errors.js'
import { describeBadAttributes, isButton } from './attributes.js'
import { describeForbidden } from './characters.js'
import { findEmptyNotes } from './footnotes.js'
import { describeBadImage, describeBadUrl, urlOf } from './links.js'
import { findMisplaced } from './placement.js'
import { findSlips } from './slips.js'
import { type Step, walk } from './walk.js'

/** Deeper lists and quotes cannot be read on a phone; far deeper ones would be cut off by the parser. */
const MAX_DEPTH = 16

/** A file of nonsense has a problem a line; the first ones say it all. */
const MAX_PROBLEMS = 100

/** Every problem in the Markdown, in the order of lines. `source` has the same lines as the tokens' maps. */
export function proofread(tokens: readonly Token[], source: string, file: string): readonly Problem[] {
  const problems: Problem[] = [
    ...findMisplaced(tokens, source, file),
    ...[...findEmptyNotes(tokens, source), ...findSlips(tokens, source)].map((fault) => ({
      where: file,
      ...fault,
    })),
  ]
  // What the source itself holds is found there; here only what entities spell, such as "&#xE000;".
  const describeCharacters = describeForbidden(source) === null ? describeForbiddenIn : () => null
  let headingDepth = 0
  for (const step of walk(tokens)) {
    const { token, line } = step
    if (token.tag === 'h2') headingDepth += token.nesting
    const message = describeToken(step, headingDepth > 0) ?? describeCharacters(token)
    if (message !== null) problems.push({ where: file, line, message })
  }
  return problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, MAX_PROBLEMS)
}

function describeToken({ token, inline }: Step, isInHeading: boolean): string | null {
  if (token.level > MAX_DEPTH)
    return `this stands ${token.level} levels deep in lists or quotes; write it flatter`
  switch (token.type) {
    case 'html_block':
    case 'html_inline':
      return `"${firstWords(token.content)}" is HTML; write Markdown, or a backslash before "<" to show it as it is`
    case 'heading_open':
      return describeHeading(token)
    case 'link_open':
      if (isInHeading) return 'a Section heading cannot be a link; put the link into the text below'
      if (isButton(token) && inline?.meta?.isButton !== true)
        return 'a button is a paragraph of its own; put an empty line above and below it'
      return describeBadUrl(urlOf(token))
    case 'image':
      if (isInHeading) return 'a Section heading cannot hold an image; put it into the text below'
      if (token.attrGet('title'))
        return 'an image has a caption only in a paragraph of its own; put an empty line above and below it'
      return describeBadImage(String(token.attrGet('src') ?? ''))
    case 'bad_attributes':
      return describeBadAttributes(token)
    case 'footnote_ref':
      return isInHeading ? 'a Section heading cannot have a footnote; put it into the text below' : null
    case 'hole':
      return isInHeading
        ? 'a Section heading is the same for every reader; put the hole into the text below'
        : null
    default:
      return describeText(token, inline)
  }
}

function describeHeading(token: Token): string | null {
  if (token.tag === 'h1') return 'the title stands in the front matter; begin a Section with "##"'
  if (token.tag === 'h2' && token.level > 0)
    return 'a Section cannot begin within a list or a quote; use "###" or end the list first'
  return null
}

function describeText({ content, type }: Token, inline: Token | null): string | null {
  if (type !== 'inline' && inline !== null && content.includes('{{') && !inline.content.includes('{{'))
    return 'two braces in a row cannot be shown; put a space between them'
  return null
}

function describeForbiddenIn(token: Token): string | null {
  const values = (token.attrs ?? []).map(([, value]) => String(value))
  const alternatives = token.type === 'image' ? (token.children ?? []).map(({ content }) => content) : []
  return describeForbidden([token.content, ...values, ...alternatives].join('\n'))
}

function firstWords(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}
