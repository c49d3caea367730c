/** How a language is set: from which side, and whether its script knows italics and may be spaced out. */

import type { Direction } from '../issue/issue.js'

/** In other scripts slanted letters look broken, and spacing tears apart the letters of Arabic. */
const SLANTED_SCRIPTS: ReadonlySet<string> = new Set(['Latn', 'Cyrl', 'Grek', 'Armn'])

export interface Manners {
  readonly dir: Direction
  /** The sides on which lines begin and end. */
  readonly start: 'left' | 'right'
  readonly end: 'left' | 'right'
  /** A class for what depends on the script. */
  readonly script: 'slanted' | 'upright'
  /** CSS `font-style` of what is set off. */
  readonly slant: 'italic' | 'normal'
  /** CSS `letter-spacing` of small labels, and of large headings. */
  readonly wide: string
  readonly tight: string
}

/** `lang` is a canonical BCP 47 tag. */
export function manners(lang: string, dir: Direction): Manners {
  const sides =
    dir === 'rtl' ? ({ start: 'right', end: 'left' } as const) : ({ start: 'left', end: 'right' } as const)
  const isSlanted = SLANTED_SCRIPTS.has(new Intl.Locale(lang).maximize().script ?? '')
  return isSlanted
    ? { dir, ...sides, script: 'slanted', slant: 'italic', wide: '1.2px', tight: '-0.5px' }
    : { dir, ...sides, script: 'upright', slant: 'normal', wide: '0px', tight: '0px' }
}
