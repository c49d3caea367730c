/** What all readers get alike of a part, changed; its holes stay. */

import type { Holed } from '../../compile/compiled.js'

export function changeRuns(part: Holed, change: (run: string) => string): Holed {
  const changed = <Other>(piece: string | Other): string | Other =>
    typeof piece === 'string' ? change(piece) : piece
  return part.map((piece) =>
    typeof piece === 'string' || piece.kind !== 'choice'
      ? changed(piece)
      : { ...piece, present: piece.present.map(changed), absent: piece.absent.map(changed) },
  )
}
