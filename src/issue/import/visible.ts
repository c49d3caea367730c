/** What of a page a reader sees: which elements are words, which are furniture, which are never shown. */

import { attributeOf, type Element, elementsOf, hasAttribute, textOf } from './html-tree.js'

/** What becomes of an element: its words go on in the line, it begins a block, or it is left out. */
export type Role = 'inline' | 'block' | 'out'

const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre search section summary ' +
    'table tbody td tfoot th thead tr caption ul video audio iframe embed object listing plaintext xmp noframes'
  ).split(' '),
)

/** Nothing of these is ever words. */
const SILENT: ReadonlySet<string> = new Set(
  (
    'script style noscript template head title meta link base canvas svg input select textarea button option datalist ' +
    'progress meter map area frame frameset param source track col colgroup'
  ).split(' '),
)

/** Of a page's own frame: a longer form holds the page itself. */
const MAX_FORM_LENGTH = 300

export function roleOf(element: Element): Role {
  if (SILENT.has(element.tagName) || isHidden(element)) return 'out'
  return BLOCKS.has(element.tagName) ? 'block' : 'inline'
}

/** Hidden by its attributes; what a style sheet hides is not known here. */
export function isHidden(element: Element): boolean {
  if (hasAttribute(element, 'hidden')) return true
  return /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i.test(
    attributeOf(element, 'style'),
  )
}

/** A form to sign up or search: something to fill in and few words. */
export function isSmallForm(element: Element): boolean {
  if (element.tagName !== 'form') return false
  const hasField = [...elementsOf(element)].some(({ tagName }) => /^(?:input|textarea|select)$/.test(tagName))
  return hasField && textOf(element).length <= MAX_FORM_LENGTH
}

/** Where the article stands in a page: its only `<article>`, else its only `<main>`, that holds words; else all of it. */
export function findArticle(body: Element): Element {
  for (const name of ['article', 'main']) {
    const found = outermost(body, name)
    const [only] = found
    if (only !== undefined && found.length === 1 && !isHidden(only) && textOf(only) !== '') return only
  }
  return body
}

/** Those with this name that stand in no other of it. */
function outermost(root: Element, name: string): readonly Element[] {
  const found = [...elementsOf(root)].filter(({ tagName }) => tagName === name)
  const all = new Set<Element['parentNode']>(found)
  return found.filter((element) => {
    for (let above = element.parentNode; above !== null && 'parentNode' in above; above = above.parentNode)
      if (all.has(above)) return false
    return true
  })
}
