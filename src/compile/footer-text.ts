/** Footer lines of the publication in the text part. */

import { parseFooter } from '../issue/footer.js'
import { urlOf } from '../issue/links.js'
import { escapeText } from './escape.js'

/** A link here is no Link of the Issue and has no number: its URL follows its words, unless they are it. */
export function writeFooterLine(line: string, lang: string): string {
  let text = ''
  let opened: { url: string; at: number } | null = null
  for (const token of parseFooter(line, lang)[1]?.children ?? []) {
    if (token.type === 'link_open') {
      opened = { url: urlOf(token), at: text.length }
    } else if (token.type === 'link_close' && opened !== null) {
      const target = escapeText(opened.url.replace(/^(?:mailto|tel):/, ''))
      if (!text.slice(opened.at).includes(target)) text += ` (${target})`
      opened = null
    } else {
      text += escapeText(token.content)
    }
  }
  return text
}
