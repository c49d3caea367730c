/** Which declaration wins for an element: importance, `style` before rules, specificity, order. */

import { readColor } from './color.js'
import type { Declaration } from './declarations.js'
import { type RuleIndex, rulesFor } from './rules.js'
import type { Matchable } from './selectors.js'

/** Null: a rule that may hold or not has a say. */
export type Won = ReadonlyMap<string, string | null>

/** `inline` is what the element's own `style` says. */
export function cascade(at: Matchable, index: RuleIndex, inline: readonly Declaration[]): Won {
  const best = new Map<string, { readonly value: string | null; readonly weight: readonly number[] }>()
  const consider = (declaration: Declaration, weight: readonly number[], isSure: boolean) => {
    for (const [property, value] of expand(declaration)) {
      const before = best.get(property)
      if (before !== undefined && compare(before.weight, weight) > 0) continue
      best.set(property, { value: isSure ? value : null, weight })
    }
  }
  for (const { selector, declarations, order, isSure } of rulesFor(index, at))
    for (const declaration of declarations)
      consider(declaration, [Number(declaration.isImportant), 0, selector.specificity, order], isSure)
  inline.forEach((declaration, order) => {
    consider(declaration, [Number(declaration.isImportant), 1, 0, order], true)
  })
  return new Map([...best].map(([property, { value }]) => [property, value]))
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((part, index) => part !== other[index])
  return (one[at] ?? 0) - (other[at] ?? 0)
}

/** Shorthands as the longhands that are asked about. */
function expand({ property, value }: Declaration): readonly (readonly [string, string])[] {
  switch (property) {
    case 'background': {
      const image = /(url\([^)]*\)|[a-z-]*gradient\(.*\))/i.exec(value)?.[0]
      const rest = value.replace(image ?? '', ' ')
      const parts = rest.match(/[a-z-]+\([^)]*\)|[^\s/]+/gi) ?? []
      const color = parts.find((part) => readColor(part) !== null || /^(var|lab|lch|okl|color)/.test(part))
      return [
        ['background-color', color ?? (/^(inherit|initial|unset)$/.test(value) ? value : 'transparent')],
        ['background-image', image ?? 'none'],
      ]
    }
    case 'font': {
      const size = /(?:^|\s)([\d.]+(?:px|pt|em|rem|%))/.exec(value)?.[1] ?? 'unknown'
      return [
        ['font-size', size],
        ['font-weight', /\b(bold|bolder|[6-9]00)\b/.exec(value)?.[1] ?? 'normal'],
      ]
    }
    case 'text-decoration':
      return [['text-decoration-line', value]]
    default:
      return [[property, value]]
  }
}
