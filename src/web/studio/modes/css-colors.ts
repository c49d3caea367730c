/** Colours in CSS as it is written: what a property colours, and another colour in place of each. */

import { type Color, readColor } from '../../../compile/checks/color.js'

export type Coloured = 'text' | 'ground' | 'line'

/** What holds no colour though it may look like one, and what may be one. */
const PARTS =
  /url\([^)]*\)|"[^"]*"|'[^']*'|#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\([^()]*\)|(?<![\w-])[a-z]+(?![\w(-])/gi

/** Null: it colours nothing. */
export function colouredBy(property: string): Coloured | null {
  if (/^(?:-webkit-text-fill-|-webkit-text-stroke-|text-decoration-|text-underline-)?color$/.test(property))
    return 'text'
  if (/^background(?:-color|-image)?$/.test(property)) return 'ground'
  if (property === 'text-decoration') return 'text'
  return /^(?:border|outline|column-rule)/.test(property) ? 'line' : null
}

/** The value with each colour changed; what is no plain colour, or lets all through, stays. */
export function changeColors(value: string, change: (color: Color) => Color): string {
  return value.replace(PARTS, (part) => {
    if (/^(?:url|["'])/i.test(part)) return part
    const color = readColor(part)
    return color === null || color.alpha === 0 ? part : cssColor(change(color))
  })
}

export function cssColor({ red, green, blue, alpha }: Color): string {
  const parts = [red, green, blue].map(Math.round).join(', ')
  return alpha === 1 ? `rgb(${parts})` : `rgba(${parts}, ${alpha})`
}
