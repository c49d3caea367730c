/** A copy's text with its holes marked: what is a reader's own, what is a fallback, and where nothing stands. */

import type { CopyPiece } from '../api.js'
import { make } from './dom.js'

export function showPieces(pieces: readonly CopyPiece[]): (string | HTMLElement)[] {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    const words = piece.kind === 'empty' ? `{{subscriber.${piece.name}}} empty` : piece.shown
    return make('mark', { class: 'hole', 'data-kind': piece.kind, title: `subscriber.${piece.name}` }, words)
  })
}
