/**
 * The rules of a page's `<style>` blocks that hold for a reader at a desk, in light or in dark, found by tag, class or
 * id of the element, so that a page is read once however many rules there are.
 */

import { generate, type Rule, type SelectorList } from 'css-tree'
import type { StyleBlock } from './check.js'
import { type Declaration, declarationsIn } from './declarations.js'
import { type Matchable, matches, type ReadSelector, readSelector } from './selectors.js'

export type Scheme = 'light' | 'dark'

export interface StyleRule {
  readonly selector: ReadSelector
  readonly declarations: readonly Declaration[]
  /** Place among all rules. */
  readonly order: number
  /** False: it may hold or not; a query or a part of its selector is not known here. */
  readonly isSure: boolean
  /** Whether it only holds where a reader prefers dark. */
  readonly isForDark: boolean
}

/** Rules by what their last compound asks for first. */
export interface RuleIndex {
  readonly byKey: ReadonlyMap<string, readonly StyleRule[]>
  readonly hasDark: boolean
}

/** CSS pixels: wider than any mail's breakpoint. */
const DESK_WIDTH = 1000

type Answer = 'yes' | 'no' | 'unknown'

/** `media` stands beside each block as its own attribute says, '' where there is none. */
export function indexRules(
  styles: readonly (Pick<StyleBlock, 'tree'> & { readonly media: string })[],
  scheme: Scheme,
): RuleIndex {
  const byKey = new Map<string, StyleRule[]>()
  let order = 0
  let hasDark = false
  const add = (rule: Rule, isSure: boolean, isForDark: boolean) => {
    const declarations = declarationsIn(rule.block)
    // The type says that a selector may be unreadable text; such a rule is no rule.
    const selectors: Iterable<SelectorList['children'] extends Iterable<infer Node> ? Node : never> =
      rule.prelude.type === 'SelectorList' ? rule.prelude.children : []
    for (const node of selectors) {
      const selector = node.type === 'Selector' ? readSelector(node) : null
      if (selector === null) continue
      order += 1
      hasDark ||= isForDark
      const entry = { selector, declarations, order, isSure: isSure && selector.isSure, isForDark }
      const key = keyOf(selector)
      byKey.set(key, [...(byKey.get(key) ?? []), entry])
    }
  }
  for (const { tree, media } of styles) {
    const outer = answer(media, scheme)
    if (outer === 'no' || tree.type !== 'StyleSheet') continue
    for (const node of tree.children) {
      if (node.type === 'Rule') add(node, outer === 'yes', false)
      if (node.type !== 'Atrule' || node.name !== 'media' || node.block === null) continue
      const query = node.prelude === null ? '' : generate(node.prelude)
      const inner = answer(query, scheme)
      if (inner === 'no') continue
      for (const rule of node.block.children)
        if (rule.type === 'Rule')
          add(rule, outer === 'yes' && inner === 'yes', /prefers-color-scheme/.test(query))
    }
  }
  return { byKey, hasDark }
}

/** Every rule that means the element, in no order. */
export function rulesFor({ byKey }: RuleIndex, at: Matchable): readonly StyleRule[] {
  const { id } = at.element.attributes
  const keys = [
    '*',
    at.element.tag,
    ...(id === undefined ? [] : [`#${id}`]),
    ...[...at.classes].map((name) => `.${name}`),
  ]
  return keys.flatMap((key) => byKey.get(key) ?? []).filter(({ selector }) => matches(selector, at))
}

function keyOf({ compounds }: ReadSelector): string {
  const last = compounds.at(-1)
  if (last === undefined) return '*'
  if (last.id !== null) return `#${last.id}`
  return last.classes[0] === undefined ? (last.tag ?? '*') : `.${last.classes[0]}`
}

/** Whether a media query list holds. */
function answer(list: string, scheme: Scheme): Answer {
  if (list.trim() === '') return 'yes'
  const answers = list.split(',').map((query) => answerQuery(query.trim().toLowerCase(), scheme))
  if (answers.includes('yes')) return 'yes'
  return answers.includes('unknown') ? 'unknown' : 'no'
}

function answerQuery(query: string, scheme: Scheme): Answer {
  const parts = query.split(/\s*\band\b\s*/).map((part) => answerPart(part.trim(), scheme))
  if (parts.includes('no')) return 'no'
  return parts.includes('unknown') ? 'unknown' : 'yes'
}

function answerPart(part: string, scheme: Scheme): Answer {
  const feature = /^\(\s*([a-z-]+)\s*:\s*([^)]+?)\s*\)$/.exec(part)
  if (feature === null) {
    if (/^(only )?(screen|all)$/.test(part)) return 'yes'
    return /^(only )?(print|speech)$/.test(part) ? 'no' : 'unknown'
  }
  const [, name, value = ''] = feature
  const pixels = /^[\d.]+px$/.test(value) ? Number.parseFloat(value) : null
  if (name === 'prefers-color-scheme') return value === scheme ? 'yes' : 'no'
  if (pixels === null) return 'unknown'
  if (name === 'min-width') return DESK_WIDTH >= pixels ? 'yes' : 'no'
  return name === 'max-width' ? (DESK_WIDTH <= pixels ? 'yes' : 'no') : 'unknown'
}
