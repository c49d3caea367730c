/**
 * A mail as the Gmail app shows it for addresses of other providers (IMAP, POP): no style sheet, no `background` attribute,
 * and of inline styles what caniemail's notes do not say is for Google's own accounts alone. Pictures that CSS puts behind
 * text stay: by the same data the app shows them there since October 2018.
 */

import { serialize } from 'parse5'
import type { PageElement } from '../../../compile/checks/check.js'
import { type Declaration, inlineStylesOf } from '../../../compile/checks/declarations.js'
import { featuresOfDeclaration } from '../../../compile/checks/features.js'
import { parsePage } from '../../../compile/checks/page.js'
import { notedOf } from '../../../compile/checks/support.js'

const GMAIL_APP = 'gmail/android'
/** Of a whole feature; notes on single values begin otherwise. */
const GOOGLE_ALONE = /^(?:Partial\. )?(?:Not supported|Doesn't work) with non Google accounts\./

export function stripStyles(html: string): string {
  const page = parsePage({ text: html, turns: [] })
  const inline = inlineStylesOf(page)
  for (const element of page.elements) {
    if (element.tag === 'style') detach(element)
    else stripElement(element, inline.get(element.attributes.style ?? '') ?? [])
  }
  return serialize(page.document)
}

function detach({ node }: PageElement): void {
  const { parentNode } = node
  if (parentNode !== null) parentNode.childNodes = parentNode.childNodes.filter((child) => child !== node)
}

function stripElement({ node }: PageElement, declared: readonly Declaration[]): void {
  const lacked = notedOf(GMAIL_APP, GOOGLE_ALONE)
  const kept = declared.filter((one) => !featuresOfDeclaration(one).some((slug) => lacked.has(slug)))
  node.attrs = node.attrs.filter(({ name }) => name !== 'background')
  if (kept.length === declared.length) return
  node.attrs = node.attrs.filter(({ name }) => name !== 'style')
  const style = kept.map(
    ({ property, value, isImportant }) => `${property}:${value}${isImportant ? ' !important' : ''}`,
  )
  if (style.length > 0) node.attrs.push({ name: 'style', value: style.join(';') })
}
