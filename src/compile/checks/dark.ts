/**
 * What mail programs make of colours when they darken a mail by force. Their makers describe it nowhere, and each has colours
 * of its own; these are simulations after what people report, the same for the checks and for previews. Both turn lightness round and keep the hue.
 *
 * `partly`, as the Gmail app on Android and Outlook.com do: what has a light ground gets a dark one, and its dark text
 * becomes light; what is dark already stays. `fully`, as Outlook on Windows and the Gmail app on iOS do: all is turned.
 */

import { type Color, fromLab, toLab } from './color.js'

export const FORCED_DARK = ['partly', 'fully'] as const
export type ForcedDark = (typeof FORCED_DARK)[number]

/** Text and the ground it stands on; neither lets anything through. */
export interface Ink {
  readonly text: Color
  readonly ground: Color
}

/** Lightness from here on is light. */
const LIGHT = 50
/** White becomes a dark grey of lightness 10, as dark modes have it, and black becomes white. */
const SUM_OF_LIGHTNESS = 110

/** The colours a reader sees then. */
export function forceDark(kind: ForcedDark, { text, ground }: Ink): Ink {
  if (kind === 'fully') return { text: turn(text), ground: turn(ground) }
  if (!isLight(ground)) return { text, ground }
  return { text: isLight(text) ? text : turn(text), ground: turn(ground) }
}

function isLight(color: Color): boolean {
  return toLab(color).lightness >= LIGHT
}

function turn(color: Color): Color {
  const lab = toLab(color)
  return fromLab({ ...lab, lightness: Math.min(100, SUM_OF_LIGHTNESS - lab.lightness) }, color.alpha)
}

/** A border or rule on that ground; light or dark, it stays as far from the ground as it was. */
export function forceLine(kind: ForcedDark, line: Color, ground: Color): Color {
  return kind === 'fully' || isLight(ground) ? turn(line) : line
}
