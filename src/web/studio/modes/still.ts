/**
 * What would act is taken out: scripts, handlers, refreshing, other bases, windows and frames, links of the head. The frame's
 * policy forbids it all as well; without it a browser has nothing to complain of, and a picture nothing to leave for.
 */

import { changeMarkup, nameOf, readAttributes, writeTag } from './markup.js'

const ACTS =
  /\s(?:on[a-z]+|target|ping|http-equiv)\s*=|^<(?:base|link|i?frame|object|embed|applet|portal)\b|href\s*=\s*["']?#/i
/** Chromium connects to where such a one leads before it reads in the policy that it may not. */
const WINDOWS = /^(?:i?frame|object|embed|applet|portal)$/
const LEADS = /^(?:src|srcdoc|data|code|codebase|archive)$/
/** In no style sheet; but one in a drawing is no style sheet to a browser, and this then an element of its own. */
const NO_STYLE = /<(?:i?frame|object|embed|applet|portal|link|base|meta)\b/i

export function still(html: string): string {
  return changeMarkup(html, {
    tag: (tag) => (ACTS.test(tag) ? stillTag(tag) : tag),
    raw: (open, content) => (nameOf(open) === 'script' || NO_STYLE.test(content) ? null : { open, content }),
  })
}

function stillTag(tag: string): string {
  const name = nameOf(tag)
  const attributes = readAttributes(tag)
  // A policy does not govern what a link asks to be connected or looked up ahead.
  if (name === 'base' || name === 'link') return ''
  if (name === 'meta' && /refresh|policy|set-cookie/i.test(attributes.get('http-equiv') ?? '')) return ''
  const isWindow = WINDOWS.test(name)
  const kept = new Map(
    [...attributes].filter(
      ([key]) => !/^(?:on[a-z]+|target|ping)$/.test(key) && !(isWindow && LEADS.test(key)),
    ),
  )
  // To another place of the same picture; all other links open windows, which nobody lets them (`frame-head.ts`).
  if (attributes.get('href')?.startsWith('#')) kept.set('target', '_self')
  return writeTag(name, kept)
}
