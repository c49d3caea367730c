/**
 * A mail without any style sheet, as the Gmail app shows it for addresses of other providers (IMAP, POP): inline styles
 * alone, and no pictures behind text.
 */

import { changeMarkup, nameOf, readAttributes, writeTag } from './markup.js'

export function stripStyles(html: string): string {
  return changeMarkup(html, {
    tag: (tag) => {
      if (!/\sbackground\s*=|url\(/i.test(tag)) return tag
      const kept = new Map([...readAttributes(tag)].filter(([name]) => name !== 'background'))
      const style = kept.get('style')
      if (style !== undefined) kept.set('style', style.replace(/url\([^)]{0,4000}\)/gi, 'none'))
      return writeTag(nameOf(tag), kept)
    },
    raw: (open, content) => (nameOf(open) === 'style' ? null : { open, content }),
  })
}
