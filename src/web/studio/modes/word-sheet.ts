/** A style sheet as Word reads it: rules whose selectors it knows, with what it takes of them; no media queries. */

import { type CssNode, generate, parse, type Selector } from 'css-tree'
import { declarationsIn } from '../../../compile/checks/declarations.js'
import { featuresOfSelector } from '../../../compile/checks/features.js'
import { lackedBy } from '../../../compile/checks/support.js'
import { type Holders, takeForWord, WORD } from './word-declarations.js'

export function sheetForWord(css: string): string {
  const tree = parse(css, { parseValue: false })
  if (tree.type !== 'StyleSheet') return ''
  const rules: string[] = []
  for (const node of tree.children) if (node.type === 'Rule') rules.push(...writeRule(node))
  return rules.join('\n')
}

/** A declaration that holds for some elements alone has a rule of its own. */
function writeRule({ prelude, block }: Extract<CssNode, { type: 'Rule' }>): readonly string[] {
  if (prelude.type !== 'SelectorList') return []
  const selectors: string[] = []
  for (const selector of prelude.children)
    if (selector.type === 'Selector' && isKnown(selector)) selectors.push(generate(selector))
  if (selectors.length === 0) return []
  return declarationsIn(block).flatMap((declaration) => {
    const taken = takeForWord(declaration)
    if (taken === null) return []
    const { property, value, isImportant } = taken.declaration
    const suffix = suffixOf(taken.holders)
    return `${selectors.map((selector) => (selector.endsWith(suffix) ? selector : selector + suffix)).join(',')}{${property}:${value}${isImportant ? ' !important' : ''}}`
  })
}

function isKnown(selector: Selector): boolean {
  const lacked = lackedBy(WORD)
  return !featuresOfSelector(selector).some((slug) => lacked.has(slug))
}

/** Adds nothing to how much the selector weighs. */
function suffixOf(holders: Holders): string {
  switch (holders.kind) {
    case 'all':
      return ''
    case 'only':
      return `:where(${holders.tags.join(',')})`
    case 'not':
      return `:not(:where(${holders.tags.join(',')}))`
  }
}
