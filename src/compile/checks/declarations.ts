/** CSS declarations as text: of a `style` attribute, or of a rule's block. */

import { type CssNode, generate, parse } from 'css-tree'
import type { Page } from './check.js'

export interface Declaration {
  /** In small letters, but for custom properties. */
  readonly property: string
  /** Without `!important`. */
  readonly value: string
  readonly isImportant: boolean
}

const known = new WeakMap<Page, Map<string, readonly Declaration[]>>()

/**
 * What each different `style` attribute of a page declares; what css-tree cannot read of it is left out, as mail
 * programs do. Read once a page, whoever asks.
 */
export function inlineStylesOf(page: Page): ReadonlyMap<string, readonly Declaration[]> {
  const before = known.get(page)
  if (before !== undefined) return before
  const styles = new Map(
    page.elements.map(({ attributes }) => [attributes.style ?? '', [] as readonly Declaration[]]),
  )
  for (const style of styles.keys()) styles.set(style, readStyle(style))
  known.set(page, styles)
  return styles
}

function readStyle(style: string): readonly Declaration[] {
  return declarationsIn(parse(style, { context: 'declarationList', parseValue: false }))
}

/** The declarations that stand directly in a block or list, not in what nests in it. */
export function declarationsIn(block: CssNode): readonly Declaration[] {
  if (block.type !== 'Block' && block.type !== 'DeclarationList') return []
  const found: Declaration[] = []
  for (const node of block.children) {
    if (node.type !== 'Declaration') continue
    const { property, value, important } = node
    found.push({
      property: property.startsWith('--') ? property : property.toLowerCase(),
      value: (value.type === 'Raw' ? value.value : generate(value)).trim(),
      isImportant: important !== false,
    })
  }
  return found
}
