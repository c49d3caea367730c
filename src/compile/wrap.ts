/**
 * Word wrap by display columns, for the text part. Wide characters (CJK, emoji) count two and may break anywhere
 * between them but before closing or after opening punctuation. A marker is part of the word it stands in.
 */

import { fallbackOf } from './holed.js'

/** Columns; RFC 5322 section 2.1.1 asks for lines of at most 78 characters. */
export const TEXT_WIDTH = 78

const ASCII = /^[\x20-\x7e]*$/
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u
const ZERO = /\p{M}|[\u200b\u200c\u200e\u200f\u2060\ufeff]|\u200d/u
const NOT_AT_START = /[\u00a0、。，．・：；？！ー”’」』）】〕》〉…%％,.;:?!)\]}]/u
const NOT_AT_END = /[\u00a0“‘「『（【〔《〈([{]/u
const MARKER = /\ue000[\w-]*\ue001|\ue002\w*\ue003|[\ue004\ue005]/g
/** As readers see them: a flag or a family is one. */
const CHARACTERS = new Intl.Segmenter('und', { granularity: 'grapheme' })
/** What a marker counts for: a Token is 22 characters, a name about this many, or as many as its fallback. */
const PERSON_COLUMNS = 10
const TOKEN_COLUMNS = 22

/** How many columns a terminal or mail reader in a fixed-width font gives the text. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length
  let columns = 0
  const plain = text.replace(MARKER, (marker) => {
    if (marker.startsWith('\ue000p')) columns += Math.max(PERSON_COLUMNS, displayWidth(fallbackOf(marker)))
    else if (marker.startsWith('\ue000')) columns += TOKEN_COLUMNS
    return ''
  })
  for (const character of plain) {
    if (!ZERO.test(character)) columns += WIDE.test(character) ? 2 : 1
  }
  return columns
}

/** Wraps one paragraph; a `\n` in it is a line break that stays. A word longer than a line is never cut. */
export function wrapText(text: string, width: number = TEXT_WIDTH): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n')
}

function wrapLine(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  let columns = 0
  for (const { gap, atom } of atomsOf(text)) {
    const more = displayWidth(atom)
    if (line === '' || columns + gap.length + more > width) {
      if (line !== '') lines.push(line)
      line = atom
      columns = more
    } else {
      line += gap + atom
      columns += gap.length + more
    }
  }
  lines.push(line)
  return lines.join('\n')
}

/** Unbreakable runs, each with what stands before it when it does not begin a line. A no-break space holds. */
function atomsOf(text: string): readonly { gap: string; atom: string }[] {
  return text
    .split(/[ \t\r]+/)
    .filter((word) => word !== '')
    .flatMap((word) => splitWide(word).map((atom, index) => ({ gap: index === 0 ? ' ' : '', atom })))
}

function splitWide(word: string): string[] {
  if (!WIDE.test(word)) return [word]
  const atoms: string[] = []
  let previous = ''
  for (const { segment: character } of CHARACTERS.segment(word)) {
    const breaks =
      previous !== '' &&
      (WIDE.test(character) || WIDE.test(previous)) &&
      !NOT_AT_START.test(character) &&
      !NOT_AT_END.test(previous)
    if (breaks || atoms.length === 0) atoms.push(character)
    else atoms[atoms.length - 1] += character
    previous = character
  }
  return atoms
}
