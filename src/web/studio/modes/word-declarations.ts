/**
 * What Word takes of a declaration. Properties, values and units that it has nothing of come from caniemail's data on
 * Outlook for Windows; what it has in part, from the notes there, but for what a browser cannot be told: line heights and
 * letter-spacing that come out otherwise, margins that are coloured in, tables that stay visible in what is hidden.
 */

import { readColor } from '../../../compile/checks/color.js'
import type { Declaration } from '../../../compile/checks/declarations.js'
import { featuresOfDeclaration } from '../../../compile/checks/features.js'
import { lackedBy } from '../../../compile/checks/support.js'

export const WORD = 'outlook/windows'

/** Elements that a property holds for, or does not. */
export type Holders =
  | { readonly kind: 'all' }
  | { readonly kind: 'only' | 'not'; readonly tags: readonly string[] }

const ALL: Holders = { kind: 'all' }
const CELLS: Holders = { kind: 'only', tags: ['td', 'th'] }
const HOLDERS: readonly (readonly [RegExp, Holders])[] = [
  [/^padding/, CELLS],
  [/^margin/, { kind: 'not', tags: ['span', 'body'] }],
  [/^width$/, { kind: 'not', tags: ['body', 'span', 'div', 'p', 'img'] }],
  [/^height$/, { kind: 'not', tags: ['body', 'span', 'div', 'p'] }],
  [/^max-width$/, { kind: 'only', tags: ['table'] }],
  [/^display$/, { kind: 'not', tags: ['img'] }],
  // Microsoft, Word 2007 HTML and CSS Rendering Capabilities in Outlook 2007: of these a border as a whole alone.
  [/^border-(?:top|right|bottom|left)/, { kind: 'not', tags: ['body', 'span', 'div', 'p'] }],
]
/** Wider borders are drawn so wide. */
const WIDEST_BORDER_PX = 8

export interface Taken {
  readonly declaration: Declaration
  readonly holders: Holders
}

/** Null: Word drops it. */
export function takeForWord(declaration: Declaration): Taken | null {
  const own = fromMso(declaration)
  if (own !== null) return own
  if (declaration.property.startsWith('mso-') || lacksPart(declaration)) return null
  const value = takeValue(declaration)
  if (value === null) return null
  const holders = HOLDERS.find(([pattern]) => pattern.test(declaration.property))?.[1] ?? ALL
  return { declaration: { ...declaration, value }, holders }
}

/** What only Word knows, as a browser can show it. What ends in `-alt` holds before what it stands for. */
function fromMso({ property, value, isImportant }: Declaration): Taken | null {
  const taken = (own: string, shown: string, holders = ALL): Taken => ({
    declaration: { property: own, value: shown, isImportant },
    holders,
  })
  switch (property) {
    case 'mso-hide':
      return value === 'all' ? taken('display', 'none') : null
    case 'mso-padding-alt':
      return taken('padding', value.replace(/(^|\s)(\d+)(?=\s|$)/g, '$1$2px'), CELLS)
    case 'mso-text-raise':
      return taken('vertical-align', value)
    // Characters so much wider; it is used on white space.
    case 'mso-font-width':
      return /^\d+%$/.test(value)
        ? taken('letter-spacing', `${(Number.parseInt(value, 10) - 100) / 100}em`)
        : null
    default:
      return null
  }
}

/** A font that Word does not have is passed over in its list. */
const OF_ONE_FONT = new Set(['css-sytem-ui'])

function lacksPart(declaration: Declaration): boolean {
  const lacked = lackedBy(WORD)
  return featuresOfDeclaration(declaration).some((slug) => lacked.has(slug) && !OF_ONE_FONT.has(slug))
}

const PIXELS = /(?<![\w.-])\d+(?:\.\d+)?px/g

function narrow(width: string): string {
  return `${Math.min(Number.parseFloat(width), WIDEST_BORDER_PX)}px`
}

/** Null: it takes none such. */
function takeValue({ property, value }: Declaration): string | null {
  if (/^border(?!-(?:collapse|spacing|radius))/.test(property)) return value.replace(PIXELS, narrow)
  if (/^margin/.test(property)) return /\bauto\b|(?:^|\s)-\d/.test(value) ? null : value
  switch (property) {
    case 'display':
      return value === 'none' ? value : null
    // The colour alone.
    case 'background':
      return value.split(/\s+(?![^(]*\))/).find((part) => readColor(part) !== null) ?? null
    case 'list-style':
      return (
        /\b(?:none|disc|circle|square|decimal|(?:lower|upper)-(?:alpha|latin|roman))\b/.exec(value)?.[0] ??
        null
      )
    case 'text-align':
      return /^(?:start|end)$/.test(value) ? null : value
    case 'text-transform':
      return value === 'lowercase' ? null : value
    case 'text-decoration':
      return /\s|overline/.test(value) ? null : value
    case 'font-weight':
      return /^\d+$/.test(value) ? (Number(value) >= 600 ? 'bold' : 'normal') : value
    default:
      return value
  }
}
