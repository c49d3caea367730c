/** How a title is set on a card: as large as it fits, in lines of much the same length, without hyphens. */

import type { Font } from './card-font.js'

export interface SetTitle {
  /** CSS pixels. */
  readonly size: number
  readonly lines: readonly string[]
}

export interface Field {
  readonly width: number
  readonly height: number
  /** Largest first. */
  readonly sizes: readonly number[]
  /** Distance of lines, in ems. */
  readonly leading: number
  readonly maxLines: number
}

/** Kerning is not measured; it mostly brings letters closer. */
const SLACK = 0.98
/** Longer than what fits at any size; what is cut off here would be in any case. */
const MAX_CHARACTERS = 400

/** What does not fit at the smallest size is cut with an ellipsis. */
export function setTitle(
  title: string,
  font: Font,
  { width, height, sizes, leading, maxLines }: Field,
): SetTitle {
  const words = [...title].slice(0, MAX_CHARACTERS).join('').split(/\s+/).filter(Boolean)
  const [smallest = 0] = sizes.slice(-1)
  for (const size of sizes) {
    const room = (width * SLACK) / size
    const fits = words.every((word) => font.width(word) <= room)
    const lines = fits ? wrap(words, font, room) : []
    const isWhole = fits && lines.length <= Math.min(maxLines, Math.floor(height / (size * leading)))
    if (isWhole) return { size, lines: balance(words, font, { room, count: lines.length }) }
  }
  const room = (width * SLACK) / smallest
  const lines = wrap(
    words.flatMap((word) => breakWord(word, font, room)),
    font,
    room,
  )
  const shown = lines.slice(0, Math.min(maxLines, Math.floor(height / (smallest * leading))))
  return { size: smallest, lines: shown.length === lines.length ? lines : withEllipsis(shown, font, room) }
}

/** As many words a line as there is room for; the room is in ems. */
function wrap(words: readonly string[], font: Font, room: number): readonly string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    const joined = `${last} ${word}`
    if (last !== undefined && font.width(joined) <= room) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  return lines
}

const BALANCING_STEPS = 12

/** The narrowest lines of which there are no more. */
function balance(
  words: readonly string[],
  font: Font,
  { room, count }: { readonly room: number; readonly count: number },
): readonly string[] {
  let [tooNarrow, enough] = [Math.max(0, ...words.map(font.width)), room]
  if (wrap(words, font, tooNarrow).length <= count) return wrap(words, font, tooNarrow)
  for (let step = 0; step < BALANCING_STEPS; step++) {
    const middle = (tooNarrow + enough) / 2
    if (wrap(words, font, middle).length <= count) enough = middle
    else tooNarrow = middle
  }
  return wrap(words, font, enough)
}

/** A word that is wider than a line, in pieces that are not. */
function breakWord(word: string, font: Font, room: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && font.width(piece + character) > room) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}

function withEllipsis(lines: readonly string[], font: Font, room: number): readonly string[] {
  let last = lines.at(-1) ?? ''
  while (last !== '' && font.width(`${last}…`) > room) last = [...last].slice(0, -1).join('')
  return [...lines.slice(0, -1), `${last.trimEnd()}…`]
}
