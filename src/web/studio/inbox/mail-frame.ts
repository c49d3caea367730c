/**
 * A mail's HTML without what a frame's policy does not govern: hints to connect or to look up names, refreshes, other bases;
 * and without what that policy would only forbid. What is left goes to `modes/show.ts`, which places its pictures.
 */

import { attributeOf, elementsOf, type MailElement } from './mail-tree.js'

/** Gone with all that they hold. */
const WHOLE: ReadonlySet<string> = new Set([
  'script',
  'iframe',
  'object',
  'embed',
  'applet',
  'frame',
  'portal',
])
/** Their own tag goes; they hold nothing. */
const TAGS: ReadonlySet<string> = new Set(['link', 'base'])
/** Attributes that act, load or send, but for links, which are only shown, and pictures, which are placed later. */
const LOADS = /^(?:on.*|autofocus|ping|srcset|poster|data|action|formaction|manifest|(?:xlink:)?href|src)$/i
const KEPT: Readonly<Record<string, RegExp>> = { a: /href$/i, area: /href$/i, img: /^src$/i }

interface Cut {
  readonly from: number
  readonly to: number
}

/** All that stays does so byte for byte. */
export function cleanHtml(html: string): string {
  const cuts = elementsOf(html)
    .flatMap((element) => cutsOf(element, html.length))
    .sort((one, other) => one.from - other.from || other.to - one.to)
  let text = ''
  let at = 0
  // An element that misplaced mark-up makes twice stands in the text once; what lies in one that is gone is gone with it.
  for (const { from, to } of cuts) {
    if (from < at) continue
    text += html.slice(at, from)
    at = to
  }
  return text + html.slice(at)
}

function cutsOf(element: MailElement, length: number): readonly Cut[] {
  const { tagName, sourceCodeLocation: place } = element
  if (!place) return []
  const tag = place.startTag ?? place
  if (WHOLE.has(tagName)) {
    // What is raw text and has no end holds all that follows; parse5 has no place for that.
    const isOpen = place.endOffset < tag.endOffset
    return [{ from: place.startOffset, to: isOpen ? length : place.endOffset }]
  }
  const isOrder = tagName === 'meta' && attributeOf(element, 'http-equiv') !== null
  if (TAGS.has(tagName) || isOrder) return [{ from: tag.startOffset, to: tag.endOffset }]
  return Object.entries(place.attrs ?? {})
    .filter(([name]) => LOADS.test(name) && !KEPT[tagName]?.test(name))
    .map(([, { startOffset, endOffset }]) => ({ from: startOffset, to: endOffset }))
}
