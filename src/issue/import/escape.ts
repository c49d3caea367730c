/**
 * Plain text as Markdown that shows exactly that text: what would read as a mark is escaped, URLs become links.
 * "{{" gets a space between its braces, since no issue can show it.
 */

import { isWebUrl } from '../links.js'

const URL_PATTERN = /https?:\/\/[^\s<>"“”]+/gi

/** Marks of a sentence around a URL, not of the URL. */
const TRAILING_MARKS = /[.,;:!?'’)\]}*_~]+$/

/** One paragraph (one line of text), to begin a block. */
export function escapeParagraph(text: string): string {
  return escapeStart(escapeInline(text))
}

/** The text of a heading: attributes in braces, closing "#" and URLs are text too. */
export function escapeHeading(text: string): string {
  return escapeMarks(text).replace(/(\s)(#+)$/, '$1\\$2')
}

/** Text within a line; URLs become links. */
export function escapeInline(text: string): string {
  let escaped = ''
  let position = 0
  for (const match of text.matchAll(URL_PATTERN)) {
    const url = match[0].replace(TRAILING_MARKS, '')
    if (!isWebUrl(url) || /[\\{}]/.test(url)) continue
    escaped += `${escapeMarks(text.slice(position, match.index))}<${url}>`
    position = match.index + url.length
  }
  return escaped + escapeMarks(text.slice(position))
}

/** Text within a line, where URLs are text too. */
export function escapeMarks(text: string): string {
  return (
    text
      .replace(/\{(?=\{)/g, '{ ')
      // Emphasis, code, links, attributes, strikethrough, addresses. An underscore within a word is only that.
      .replace(/[\\`*[{@]|~(?=~)|(?<!\p{L}|\p{N})_|_(?!\p{L}|\p{N})/gu, '\\$&')
      // Tags and entities, where "<" and "&" would begin one.
      .replace(/<(?=[a-z/!?])|&(?=#?\w+;)/gi, '\\$&')
      // A scheme would make a link of the rest.
      .replace(/:(?=\/\/)/g, '\\:')
      // What the typographer turns into another sign: ©, ®, ™, ±, one comma for two.
      .replace(/\((?=(?:c|r|tm)\))|\+(?=-)|,(?=,)/gi, '\\$&')
  )
}

/** Headings, quotes, dividers, lists: marks at the start of a line. */
export function escapeStart(text: string): string {
  return text
    .replace(/^(?:#{2,}|#(?=\s|$)|>|[-+](?=\s|$)|[-=]{2,})/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
}
