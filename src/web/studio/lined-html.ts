/**
 * Marks of the issue's lines as `data-line="N"` on elements, for the studio's page to find them. As the checks tell it
 * (`compile/checks/page.ts`): the issue's own elements stand on a line; one of the template that holds the issue's words is
 * on theirs. But for the attributes, what comes out is the HTML as it would have been without marks.
 */

import { dropIssueLines, issueLineAt, readIssueLines } from '../../compile/issue-lines.js'
import { htmlPieces, type Piece } from './html-pieces.js'

/** An element that is open, and where in the output its attribute would go. */
interface Open {
  readonly name: string
  readonly slot: number
  hasLine: boolean
}

export function lineElements(marked: string): string {
  const out: string[] = []
  const open: Open[] = []
  let line: number | null = null
  for (const piece of htmlPieces(marked)) {
    switch (piece.kind) {
      case 'mark':
        line = piece.line
        break
      case 'text':
        if (line !== null && piece.raw.trim() !== '') giveLine(open.at(-1), { line, out })
        out.push(piece.raw)
        break
      case 'open': {
        const start = `<${piece.name}`.length
        const slot = out.push(piece.raw.slice(0, start), '', dropIssueLines(piece.raw.slice(start))) - 2
        const element: Open = { name: piece.name, slot, hasLine: false }
        if (line !== null) giveLine(element, { line, out })
        if (!piece.isVoid) open.push(element)
        line = lineAfter(piece, line)
        break
      }
      case 'close':
        closeElement(open, piece.name)
        out.push(dropIssueLines(piece.raw))
        break
      case 'opaque':
        out.push(dropIssueLines(piece.raw))
        line = lineAfter(piece, line)
        break
    }
  }
  return out.join('')
}

/** The first that it is given holds. */
function giveLine(
  element: Open | undefined,
  { line, out }: { readonly line: number; readonly out: string[] },
): void {
  if (element === undefined || element.hasLine) return
  out[element.slot] = ` data-line="${line}"`
  element.hasLine = true
}

/** How many elements may have been left open within one that is closed; what is worse takes time for nothing. */
const MAX_LEFT_OPEN = 50

/** With all that was left open in it; an end of nothing closes nothing. */
function closeElement(open: Open[], name: string): void {
  const first = Math.max(0, open.length - MAX_LEFT_OPEN)
  const index = open.slice(first).findLastIndex((element) => element.name === name)
  if (index !== -1) open.length = first + index
}

/** Marks in an attribute or a comment are counted too: what follows them is from where they say. */
function lineAfter({ raw }: Piece, line: number | null): number | null {
  if (!raw.includes('\ue008')) return line
  const lined = readIssueLines(raw)
  return lined.turns.length === 0 ? line : issueLineAt(lined, lined.text.length)
}
