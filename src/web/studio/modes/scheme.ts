/**
 * Light or dark as the mail's author wrote them, whatever this machine prefers: what is asked of the reader's preference
 * in a style sheet is answered in its place.
 */

import { changeMarkup, readAttributes } from './markup.js'

const PREFERENCE = /\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi
const ALWAYS = '(min-width:0px)'
const NEVER = '(max-width:0px)'
const AWARE = /<meta\b[^>]{0,300}\bcolor-scheme\b[^>]{0,300}\bdark\b/i

export function chooseScheme(html: string, scheme: 'light' | 'dark'): string {
  if (!/prefers-color-scheme/i.test(html)) return html
  const choose = (css: string) =>
    css.replace(PREFERENCE, (_whole, asked: string) => (asked.toLowerCase() === scheme ? ALWAYS : NEVER))
  // Of a tag, its `media`: words of the issue may stand in its other attributes.
  const chooseInTag = (tag: string) => {
    const media = readAttributes(tag).get('media')
    return media === undefined ? tag : tag.replace(media, () => choose(media))
  }
  return changeMarkup(html, {
    tag: (tag) => (/prefers-color-scheme/i.test(tag) ? chooseInTag(tag) : tag),
    raw: (open, content) => ({ open: chooseInTag(open), content: choose(content) }),
  })
}

/** Whether the mail says that it has a dark look; Apple Mail on Macs paints the page below it dark only then. */
export function isDarkAware(html: string): boolean {
  return AWARE.test(html)
}
