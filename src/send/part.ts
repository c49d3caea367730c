/**
 * A part of a Message (html or text): encoded once, in whichever of quoted-printable and base64 is smaller, then one
 * person's copy of it as Runs. A conditional passage is two such parts within it, of which each person gets one.
 */

import type { Hole, Holed } from '../compile/compiled.js'
import { escapeHtml, escapeText } from '../compile/escape.js'
import { unreachable } from '../errors.js'
import type { PersonHole } from '../issue/hole.js'
import { TOKEN_LENGTH } from '../link/token.js'
import { Base64, type Stretch, StretchWriter } from './base64.js'
import { encodeValue, QuotedPrintable } from './quoted-printable.js'
import type { FixedValues, Run } from './splice.js'

export type PartKind = 'html' | 'text'

export type PreparedPart = { readonly kind: PartKind } & (
  | { readonly encoding: 'quoted-printable'; readonly pieces: Pieces<Run> }
  | { readonly encoding: 'base64'; readonly pieces: Pieces<Stretch> }
)

/** What was encoded ahead, and holes between. */
type Pieces<Static> = readonly (Static | PersonHole | Passage<Static>)[]

interface Passage<Static> {
  readonly kind: 'passage'
  readonly name: string
  readonly present: Pieces<Static>
  readonly absent: Pieces<Static>
}

/** The person's value for a hole, on one line; '' when there is none. */
export type PersonValue = (hole: PersonHole) => string

export function preparePart(holed: Holed, kind: PartKind): PreparedPart {
  const printable = encodePrintable(holed)
  const base64 = encodeBase64(holed)
  return sizeOf(printable) <= base64Size(sizeOf(base64))
    ? { kind, encoding: 'quoted-printable', pieces: printable }
    : { kind, encoding: 'base64', pieces: base64 }
}

/** One person's copy. */
export function fillPart(part: PreparedPart, person: PersonValue, fixed: FixedValues): readonly Run[] {
  const escaped = part.kind === 'html' ? escapeHtml : escapeText
  if (part.encoding === 'quoted-printable') {
    const runs: Run[] = []
    visit(part.pieces, person, {
      written: (run) => runs.push(run),
      hole: (hole) => runs.push(encodeValue(escaped(person(hole)))),
    })
    return runs
  }
  const writer = new Base64(fixed)
  visit(part.pieces, person, {
    written: (stretch) => writer.stretch(stretch),
    hole: (hole) => writer.value(escaped(person(hole))),
  })
  return writer.end()
}

interface Visitor<Static> {
  readonly written: (piece: Static) => void
  readonly hole: (hole: PersonHole) => void
}

/** The pieces in order, the one branch of each passage among them. */
function visit<Static extends object>(
  pieces: Pieces<Static>,
  person: PersonValue,
  visitor: Visitor<Static>,
): void {
  for (const piece of pieces) {
    if (isPassage(piece)) {
      const isKnown = person({ kind: 'person', name: piece.name, fallback: '' }) !== ''
      visit(isKnown ? piece.present : piece.absent, person, visitor)
    } else if (isHole(piece)) visitor.hole(piece)
    else visitor.written(piece)
  }
}

function isPassage<Static extends object>(
  piece: Static | PersonHole | Passage<Static>,
): piece is Passage<Static> {
  return 'kind' in piece && piece.kind === 'passage'
}

function isHole<Static extends object>(piece: Static | PersonHole): piece is PersonHole {
  return 'kind' in piece && piece.kind === 'person'
}

function encodePrintable(holed: Holed): Pieces<Run> {
  const writer = new QuotedPrintable()
  const pieces: Pieces<Run>[number][] = []
  for (const piece of holed) {
    if (typeof piece === 'string') writer.text(piece)
    else if (piece.kind === 'token') writer.fixed(piece.purpose, TOKEN_LENGTH)
    else {
      pieces.push(writer.gap(), holePiece(piece, encodePrintable))
      writer.afterGap()
    }
  }
  return [...pieces, writer.end()]
}

function encodeBase64(holed: Holed): Pieces<Stretch> {
  const writer = new StretchWriter()
  const pieces: Pieces<Stretch>[number][] = []
  for (const piece of holed) {
    if (typeof piece === 'string') writer.text(piece)
    else if (piece.kind === 'token') writer.fixed(piece.purpose, TOKEN_LENGTH)
    else pieces.push(writer.cut(), holePiece(piece, encodeBase64))
  }
  return [...pieces, writer.cut()]
}

function holePiece<Static>(
  hole: Exclude<Hole, { kind: 'token' }>,
  encode: (holed: Holed) => Pieces<Static>,
): PersonHole | Passage<Static> {
  switch (hole.kind) {
    case 'person':
      return hole
    case 'choice':
      return {
        kind: 'passage',
        name: hole.name,
        present: encode(hole.present),
        absent: encode(hole.absent),
      }
    default:
      return unreachable(hole)
  }
}

/** Bytes of all that was written ahead; of a passage the longer branch. */
function sizeOf<Static extends { readonly bytes: Buffer }>(pieces: Pieces<Static>): number {
  return pieces.reduce((size, piece) => {
    if (isPassage(piece)) return size + Math.max(sizeOf(piece.present), sizeOf(piece.absent))
    return isHole(piece) ? size : size + piece.bytes.length
  }, 0)
}

/** Four characters for three bytes, and a line end after 76. */
function base64Size(bytes: number): number {
  return (bytes / 3) * 4 * (78 / 76)
}
