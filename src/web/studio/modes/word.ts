/**
 * A mail as Outlook on Windows reads it, which draws with Word's engine: what is written for it alone opened, shapes as
 * boxes, and of styles and attributes what Word takes. How Word breaks lines and spaces them is not imitated.
 */

import { serialize } from 'parse5'
import type { PageElement } from '../../../compile/checks/check.js'
import { type Declaration, inlineStylesOf } from '../../../compile/checks/declarations.js'
import { TAGS } from '../../../compile/checks/feature-names.js'
import { parsePage } from '../../../compile/checks/page.js'
import { lackedBy } from '../../../compile/checks/support.js'
import { boxShapes } from './vml.js'
import { openConditions } from './word-conditions.js'
import { type Holders, takeForWord, WORD } from './word-declarations.js'
import { sheetForWord } from './word-sheet.js'

/** Attributes that Word has nothing of, apart from those that only assistive programs read. */
const DROPPED = ['hidden', 'srcset', 'loading', 'popover']

export function openForWord(html: string): string {
  const page = parsePage({ text: boxShapes(openConditions(html)), turns: [] })
  const inline = inlineStylesOf(page)
  for (const element of page.elements) {
    if (element.tag === 'style') readSheet(element)
    else if (isEmptyParagraph(element)) detach(element)
    else if (!isOurs(element)) readElement(element, inline.get(element.attributes.style ?? '') ?? [])
  }
  return serialize(page.document)
}

/** What the studio put there. */
function isOurs({ attributes }: PageElement): boolean {
  return 'data-vml' in attributes || 'data-hole' in attributes
}

/** Word passes it over, whatever its style, for which reason MJML draws a divider once more for it, as a table. */
function isEmptyParagraph({ node, tag }: PageElement): boolean {
  return (
    tag === 'p' && node.childNodes.every((child) => 'value' in child && /^[ \t\r\n\f]*$/.test(child.value))
  )
}

function detach({ node }: PageElement): void {
  const { parentNode } = node
  if (parentNode !== null) parentNode.childNodes = parentNode.childNodes.filter((child) => child !== node)
}

function readSheet({ node }: PageElement): void {
  for (const child of node.childNodes) if ('value' in child) child.value = sheetForWord(child.value)
}

function readElement(element: PageElement, declared: readonly Declaration[]): void {
  const { node, tag } = element
  node.attrs = node.attrs.filter(
    ({ name }) => !DROPPED.includes(name) && !(name === 'background' && tag !== 'body') && name !== 'style',
  )
  // Of several classes it reads the first alone (hteumeuleu/email-bugs, 75).
  for (const attribute of node.attrs)
    if (attribute.name === 'class') attribute.value = attribute.value.trim().split(/\s+/)[0] ?? ''
  // A tag that Word does not know is no element to it: its words stand in the line.
  if (TAGS.get(tag) === 'html-semantics' && lackedBy(WORD).has('html-semantics')) {
    node.tagName = 'span'
    node.nodeName = 'span'
    node.attrs = node.attrs.filter(({ name }) => name !== 'class')
    return
  }
  const style = styleOf(tag, declared)
  if (style !== '') node.attrs.push({ name: 'style', value: style })
}

function styleOf(tag: string, declared: readonly Declaration[]): string {
  const isAlternative = ({ property }: Declaration) => /^mso-.*-alt$/.test(property)
  const inOrder = [...declared.filter((one) => !isAlternative(one)), ...declared.filter(isAlternative)]
  const taken = inOrder.flatMap((declaration) => {
    // It passes over what is important in a `style` (caniemail on !important).
    const own = declaration.isImportant ? null : takeForWord(declaration)
    return own !== null && holdsFor(own.holders, tag) ? [own.declaration] : []
  })
  // Word colours the whole height of a line behind words, as far as is seen; a browser does so for a box alone.
  const isShaded = tag === 'a' && taken.some(({ property }) => property.startsWith('background'))
  return [
    ...taken.map(({ property, value }) => `${property}:${value}`),
    ...(isShaded ? ['display:inline-block'] : []),
  ].join(';')
}

function holdsFor(holders: Holders, tag: string): boolean {
  return holders.kind === 'all' || holders.tags.includes(tag) === (holders.kind === 'only')
}
