/** Text cut off where an inbox has no more room, between characters as people see them. */

import type { CopyPiece } from '../api.js'

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Ends with `…` where something is left out; never more than `most` characters, that one among them. */
export function cutPieces(pieces: readonly CopyPiece[], most: number): readonly CopyPiece[] {
  if (countCharacters(pieces) <= most) return pieces
  let left = most - 1
  const kept = pieces.flatMap((piece): readonly CopyPiece[] => {
    const characters = split(wordsOf(piece)).slice(0, Math.max(left, 0))
    const isGone = left <= 0
    left -= characters.length
    if (isGone) return []
    return [typeof piece === 'string' ? characters.join('') : { ...piece, shown: characters.join('') }]
  })
  return [...kept, '…']
}

export function countCharacters(pieces: readonly CopyPiece[]): number {
  return pieces.reduce((sum, piece) => sum + split(wordsOf(piece)).length, 0)
}

function wordsOf(piece: CopyPiece): string {
  return typeof piece === 'string' ? piece : piece.shown
}

function split(text: string): string[] {
  return [...CHARACTERS.segment(text)].map(({ segment }) => segment)
}
