/**
 * What each element of a page looks like to a reader at a desk: the cascade of `style` attributes, `<style>` rules,
 * old attributes (`bgcolor`) and browsers' defaults, for the few properties that checks ask about. Null stands for
 * what nobody can say from here (an image behind the text, `var()`, a selector that is not known); checks are silent
 * about it.
 */

import { cascade, type Won } from './cascade.js'
import type { Page, PageElement, StyleBlock } from './check.js'
import { BLACK, type Color, layOver, readColor, WHITE } from './color.js'
import { inlineStylesOf } from './declarations.js'
import { computeFontSize, defaultFontSize } from './font-size.js'
import { indexRules, type Scheme } from './rules.js'
import type { Matchable } from './selectors.js'

export interface Look {
  readonly element: PageElement
  readonly parent: Look | null
  readonly color: Color | null
  /** What lies behind its text. */
  readonly ground: Color | null
  /** Its own `background-color`; alpha 0 where it has none. */
  readonly background: Color | null
  /** What its own background shows, as CSS writes it: `url(…)`, a gradient, or `none`. */
  readonly backgroundImage: string
  readonly fontSizePx: number | null
  readonly isBold: boolean
  readonly isUnderlined: boolean
  readonly align: string | null
  readonly isHidden: boolean
  /** Whether its ground shines through its text, so that nobody can say in what colour. */
  readonly isFaded: boolean
  /** Its own words, those of elements within it not among them; white space and fillers are none. */
  readonly text: string
}

export interface PageLooks {
  /** In document order. */
  readonly looks: readonly Look[]
  /** Whether any rule is only for readers who prefer dark. */
  readonly hasDark: boolean
}

const UNSEEN = new Set(['head', 'style', 'script', 'title', 'meta', 'template', 'noscript'])
/** Space, no-break spaces, zero-width and combining fillers of preheaders. */
const NOTHING = /(?:[\s\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u2060\ufeff]|\u034f)+/g
const BOLD = new Set(['b', 'strong', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'th'])
/** As mail programs that know dark paint a page without a ground. */
const DARK_CANVAS: Color = { red: 18, green: 18, blue: 18, alpha: 1 }
export const LINK_BLUE: Color = { red: 0, green: 0, blue: 238, alpha: 1 }
const CLEAR: Color = { red: 0, green: 0, blue: 0, alpha: 0 }

const known = new WeakMap<Page, Partial<Record<Scheme, PageLooks>>>()

/** Counted once a page and scheme; every check that asks gets the same. */
export function looksOf(page: Page, styles: readonly StyleBlock[], scheme: Scheme = 'light'): PageLooks {
  const before = known.get(page) ?? {}
  const looks = before[scheme] ?? readLooks(page, styles, scheme)
  known.set(page, { ...before, [scheme]: looks })
  return looks
}

function readLooks(page: Page, styles: readonly StyleBlock[], scheme: Scheme): PageLooks {
  // A block's own `media` stands in the page; both lists are in document order.
  const blocks = page.elements.filter(({ tag }) => tag === 'style')
  const index = indexRules(
    styles.map(({ tree }, at) => ({ tree, media: blocks[at]?.attributes.media ?? '' })),
    scheme,
  )
  const inline = inlineStylesOf(page)
  const byNode = new Map<unknown, { readonly look: Look; readonly matchable: Matchable }>()
  const canvas = canvasOf(page, scheme)
  const lastOf = new Map(page.elements.map(({ node }) => [node.parentNode, node]))
  const previousIn = new Map<unknown, Matchable>()
  const looks = page.elements.map((element) => {
    const above = byNode.get(element.node.parentNode) ?? null
    const { parentNode } = element.node
    const matchable = {
      element,
      parent: above?.matchable ?? null,
      classes: new Set(element.attributes.class?.split(/\s+/).filter((name) => name !== '')),
      previous: previousIn.get(parentNode) ?? null,
      isLast: lastOf.get(parentNode) === element.node,
    }
    previousIn.set(parentNode, matchable)
    const won = cascade(matchable, index, inline.get(element.attributes.style ?? '') ?? [])
    const look = computeLook(element, above?.look ?? null, won, canvas)
    byNode.set(element.node, { look, matchable })
    return look
  })
  return { looks, hasDark: index.hasDark }
}

interface Canvas {
  readonly ground: Color
  readonly text: Color
  readonly link: Color | null
}

function canvasOf({ elements }: Page, scheme: Scheme): Canvas {
  const isAware = elements.some(
    ({ tag, attributes }) =>
      tag === 'meta' && attributes.name === 'color-scheme' && /dark/.test(attributes.content ?? ''),
  )
  return scheme === 'dark' && isAware
    ? { ground: DARK_CANVAS, text: WHITE, link: null }
    : { ground: WHITE, text: BLACK, link: LINK_BLUE }
}

function computeLook(element: PageElement, parent: Look | null, won: Won, canvas: Canvas): Look {
  const { tag, attributes } = element
  const background = backgroundOf(element, won)
  const backgroundImage =
    won.get('background-image') ?? (attributes.background ? `url(${attributes.background})` : 'none')
  const fontSizePx = fontSizeOf(element, parent, won)
  const isFaded = (parent?.isFaded ?? false) || (won.get('opacity') ?? '1') !== '1'
  return {
    element,
    parent,
    background,
    backgroundImage,
    fontSizePx,
    isFaded,
    color: isFaded ? null : colorOf(element, parent, won, canvas),
    ground: groundOf(parent === null ? canvas.ground : parent.ground, background, backgroundImage),
    isBold: isBold(element, parent, won),
    isUnderlined: isUnderlined(element, parent, won),
    align: alignOf(element, parent, won),
    isHidden: (parent?.isHidden ?? false) || UNSEEN.has(tag) || hides(won) || 'hidden' in attributes,
    text: ownText(element),
  }
}

function colorOf({ tag, attributes }: PageElement, parent: Look | null, won: Won, canvas: Canvas) {
  const inherited = parent === null ? canvas.text : parent.color
  const written = won.get('color')
  if (written === null) return null
  if (written === undefined) {
    if (tag === 'font' && attributes.color !== undefined) return readColor(attributes.color)
    return tag === 'a' && attributes.href !== undefined ? canvas.link : inherited
  }
  if (/^(inherit|unset|currentcolor)$/i.test(written)) return inherited
  return /^initial$/i.test(written) ? canvas.text : readColor(written)
}

function backgroundOf({ attributes }: PageElement, won: Won): Color | null {
  const written = won.get('background-color')
  if (written === null) return null
  if (written === undefined) return attributes.bgcolor === undefined ? CLEAR : readColor(attributes.bgcolor)
  return /^(initial|unset)$/i.test(written) ? CLEAR : readColor(written)
}

/** An image may be anything; only a ground that hides it would tell, and it lies above its own ground. */
function groundOf(below: Color | null, own: Color | null, image: string): Color | null {
  if (own === null || image !== 'none') return null
  if (own.alpha === 1) return own
  if (own.alpha === 0) return below
  return below === null ? null : layOver(own, below)
}

function fontSizeOf({ tag }: PageElement, parent: Look | null, won: Won): number | null {
  const inherited = parent === null ? 16 : parent.fontSizePx
  const written = won.get('font-size')
  if (written === null) return null
  return computeFontSize(written ?? defaultFontSize(tag), inherited)
}

function isBold({ tag }: PageElement, parent: Look | null, won: Won): boolean {
  const written = won.get('font-weight')
  if (written === undefined || written === null || written === 'inherit') {
    return BOLD.has(tag) || (parent?.isBold ?? false)
  }
  return /^bold/.test(written) || Number(written) >= 600
}

/** A decoration is drawn through everything within, whatever that says of itself. */
function isUnderlined({ tag, attributes }: PageElement, parent: Look | null, won: Won): boolean {
  if (parent?.isUnderlined) return true
  const written = won.get('text-decoration-line')
  if (written === undefined) return tag === 'u' || tag === 'ins' || (tag === 'a' && 'href' in attributes)
  return written === null || /underline/.test(written)
}

function alignOf({ tag, attributes }: PageElement, parent: Look | null, won: Won): string | null {
  const written = won.get('text-align')
  if (written === null) return null
  if (written !== undefined && written !== 'inherit') return written.toLowerCase()
  return attributes.align?.toLowerCase() ?? (tag === 'th' ? 'center' : (parent?.align ?? 'start'))
}

function hides(won: Won): boolean {
  return (
    won.get('display') === 'none' ||
    won.get('visibility') === 'hidden' ||
    Number(won.get('opacity') ?? 1) === 0 ||
    (/^0(px)?$/.test(won.get('max-height') ?? '') && /hidden/.test(won.get('overflow') ?? ''))
  )
}

function ownText({ node }: PageElement): string {
  return node.childNodes
    .map((child) => ('value' in child ? child.value : ' '))
    .join('')
    .replace(NOTHING, ' ')
    .trim()
}
