/** Lines of the publication's own below every issue: running text with emphasis and links, the same for every reader. */

import { describeForbidden } from './characters.js'
import type { Prose } from './issue.js'
import { describeBadUrl, isWebUrl, urlOf } from './links.js'
import { parseMarkdown } from './markdown.js'

const RUNNING = new Set([
  'text',
  'text_special',
  'em_open',
  'em_close',
  'strong_open',
  'strong_close',
  'link_close',
])

/** A line as one paragraph; `lang` is a canonical BCP 47 tag. */
export function parseFooter(line: string, lang: string): Prose {
  return parseMarkdown(line, lang)
}

/** What would be right, when `line` cannot stand in a footer; else null. */
export function describeBadFooter(line: string): string | null {
  const forbidden = describeForbidden(line)
  if (forbidden !== null) return forbidden
  if (line.includes('{{')) return 'cannot hold "{{"; it is the same for every reader'
  const blocks = parseFooter(line, 'en')
  if (blocks.map(({ type }) => type).join(' ') !== 'paragraph_open inline paragraph_close') return RIGHT
  for (const token of blocks[1]?.children ?? []) {
    if (token.type === 'link_open') {
      const bad = describeBadFooterUrl(urlOf(token))
      if (bad !== null) return bad
    } else if (!RUNNING.has(token.type)) return RIGHT
  }
  return null
}

const RIGHT = 'wants running text, which may hold *emphasis* and [links](https://…)'

function describeBadFooterUrl(url: string): string | null {
  return isWebUrl(url) || !url.startsWith('#')
    ? describeBadUrl(url)
    : `"${url}" leads to no Section from here; write a whole URL`
}
