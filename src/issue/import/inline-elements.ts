/** What inline elements mean: emphasis, links, images, raised digits. */

import { readDestination, readImageSource } from './destination.js'
import type { ImageRun } from './flow.js'
import { type Flow, keepSendable, lineAt, noteAt, quoted, type Setting } from './flow-context.js'
import { attributeOf, type Element, hasAttribute, isText, textOf } from './html-tree.js'

/** CSS pixels: a smaller image counts readers and shows nothing. */
const MAX_PIXEL = 2

/** What programs call the links that they draw as buttons. */
const BUTTON = /(?:^|[\s_-])(?:button|btn|mcnButton|mceButtonLink)(?:$|[\s_-])/i

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻'
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉₊₋'

/** How the words within an inline element are set. */
export function settingWithin(element: Element, around: Setting, flow: Flow): Setting {
  switch (element.tagName) {
    case 'b':
    case 'strong':
      return { ...around, marks: { ...around.marks, strong: true } }
    case 'i':
    case 'em':
    case 'cite':
    case 'dfn':
    case 'var':
      return { ...around, marks: { ...around.marks, em: true } }
    case 's':
    case 'strike':
    case 'del':
      return { ...around, marks: { ...around.marks, gone: true } }
    case 'code':
    case 'kbd':
    case 'samp':
    case 'tt':
      return { ...around, marks: { ...around.marks, code: true } }
    case 'a':
      return hasAttribute(element, 'href') ? { ...around, link: readLink(element, flow) } : around
    default:
      return around
  }
}

function readLink(element: Element, flow: Flow): string | null {
  const href = attributeOf(element, 'href')
  const destination = readDestination(href, flow.base)
  if (destination.kind === 'url') {
    if (BUTTON.test(attributeOf(element, 'class'))) flow.buttons.add(destination.url)
    return destination.url
  }
  const words = textOf(element)
  if (destination.kind === 'none')
    noteAt(
      element,
      flow,
      `the link to ${quoted(href)} ${destination.reason}; its words ${quoted(words)} stay`,
    )
  else if (!/^[\s\p{P}\p{S}\d]*$/u.test(words))
    noteAt(element, flow, `${quoted(words)} led to a place in the page; its words stay`)
  return null
}

/** The image, none when it shows nothing or cannot be found. */
export function readImage(element: Element, { link }: Setting, flow: Flow): readonly ImageRun[] {
  const alt = keepSendable(attributeOf(element, 'alt'), null, flow).replace(/\s+/g, ' ').trim()
  if (isPixel(element)) {
    noteAt(element, flow, 'an invisible image, which counts readers, was left out')
    return []
  }
  const written = attributeOf(element, 'src')
  const lazy = attributeOf(element, 'data-src') || attributeOf(element, 'data-lazy-src')
  const source = readImageSource(lazy !== '' && !/^https?:/i.test(written) ? lazy : written, flow.base)
  if (source !== null) return [{ kind: 'image', source, alt, link, line: lineAt(element, flow) }]
  noteAt(element, flow, `an image without a usable address was left out: ${quoted(written || alt)}`)
  return []
}

function isPixel(element: Element): boolean {
  const sizes = ['width', 'height'].map((name) => attributeOf(element, name))
  return sizes.some((size) => /^\s*\d+/.test(size) && Number.parseInt(size, 10) <= MAX_PIXEL)
}

/** The raised or lowered digits of `<sup>` and `<sub>`, where Unicode has them: 10⁶ must not become 106. */
export function readRaised(element: Element): string | null {
  if (element.tagName !== 'sup' && element.tagName !== 'sub') return null
  const digits = textOf(element)
  if (!element.childNodes.every(isText) || !/^[\d+\u2212-]{1,6}$/.test(digits)) return null
  const forms = element.tagName === 'sup' ? SUPERSCRIPTS : SUBSCRIPTS
  return digits.replace(/./gu, (sign) => {
    const index = '0123456789+-'.indexOf(sign === '\u2212' ? '-' : sign)
    return forms[index] ?? sign
  })
}
