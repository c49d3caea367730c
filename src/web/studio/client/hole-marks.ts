/** Marks where a reader's value, a fallback or nothing stands, in text that the page shows itself. */

import type { CopyPiece } from '../api.js'
import { make } from './dom.js'

/** Without marks it is the text alone. `isMarked`: as `state.holes` says. */
export function holedText(pieces: readonly CopyPiece[], isMarked: boolean): readonly (Node | string)[] {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    if (!isMarked) return piece.shown
    const { name, kind, shown } = piece
    return make(
      'span',
      { class: 'hole', 'data-hole': kind, title: `subscriber.${name}: ${KINDS[kind]}` },
      kind === 'empty' ? `{{subscriber.${name}}} empty` : shown,
    )
  })
}

const KINDS = { filled: 'known', fallback: 'not known, its fallback', empty: 'not known' } as const
