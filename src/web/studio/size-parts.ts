/**
 * What each Section weighs in a mail's HTML: where its words stand, with the tables around them, which go when it goes. All
 * parts together are the whole, in its order, so that they also tell what lies behind a cut.
 */

import { dropIssueLines } from '../../compile/issue-lines.js'
import type { Picture } from '../../compile/picture.js'
import type { SizePart } from './api.js'
import { htmlPieces } from './html-pieces.js'

type Sections = Picture['sections']

interface Measured {
  readonly sizeBytes: number
  /** How many elements are open behind it. */
  readonly depth: number
  readonly tag: 'open' | 'close' | null
  readonly name: string
  /** Its index; OPENING; null for what the template wrote. */
  readonly section: number | null
}

/** What stands before the first Section. */
const OPENING = -1

/** A stretch of pieces, the last one included. */
interface Run {
  readonly section: number
  readonly first: number
  readonly last: number
}

/** `marked`: a copy's HTML with the marks of the issue's lines. */
export function sizeParts(marked: string, sections: Sections): readonly SizePart[] {
  const pieces = measure(marked, sections)
  const runs = widen(mainRuns(pieces), pieces)
  const body = pieces.findIndex(({ tag, name }) => tag === 'open' && name === 'body')
  const firstOf = (index: number) => runs[index]?.first ?? pieces.length
  const parts = runs.flatMap((run, index) => [
    partOf(describe(run, sections), pieces.slice(run.first, run.last + 1)),
    partOf(
      { kind: 'template', label: index === runs.length - 1 ? 'Footer' : 'Rest of the template', line: null },
      pieces.slice(run.last + 1, firstOf(index + 1)),
    ),
  ])
  return [
    partOf({ kind: 'head', label: 'Head and styles', line: null }, pieces.slice(0, body + 1)),
    partOf({ kind: 'template', label: 'Masthead', line: null }, pieces.slice(body + 1, firstOf(0))),
    ...parts,
  ].filter(({ sizeBytes }) => sizeBytes > 0)
}

function partOf(named: Omit<SizePart, 'sizeBytes'>, pieces: readonly Measured[]): SizePart {
  return { ...named, sizeBytes: pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
}

function describe({ section }: Run, sections: Sections): Omit<SizePart, 'sizeBytes'> {
  const { heading, line } = sections[section] ?? { heading: 'Opening', line: null }
  return { kind: section === OPENING ? 'opening' : 'section', label: heading, line }
}

function measure(marked: string, sections: Sections): readonly Measured[] {
  const measured: Measured[] = []
  let depth = 0
  let section: number | null = null
  for (const piece of htmlPieces(marked)) {
    if (piece.kind === 'mark') {
      const { line } = piece
      section = line === null ? null : sections.findLastIndex((one) => one.line <= line)
      continue
    }
    if (piece.kind === 'open' && !piece.isVoid) depth += 1
    if (piece.kind === 'close') depth -= 1
    const isTag = piece.kind === 'open' || piece.kind === 'close'
    const sizeBytes = Buffer.byteLength(dropIssueLines(piece.raw))
    measured.push({
      sizeBytes,
      depth,
      tag: isTag ? piece.kind : null,
      name: isTag ? piece.name : '',
      section,
    })
  }
  return measured
}

/** The longest stretch of each; a heading in the list of contents, or a note elsewhere, is a short one. */
function mainRuns(pieces: readonly Measured[]): readonly Run[] {
  const runs: Run[] = []
  for (const [index, { section }] of pieces.entries()) {
    const before = runs.at(-1)
    if (section === null) continue
    if (before?.section === section) runs[runs.length - 1] = { ...before, last: index }
    else runs.push({ section, first: index, last: index })
  }
  const length = ({ first, last }: Run) => last - first
  return runs.filter((run) => {
    const same = runs.filter(({ section }) => section === run.section)
    return run === same.reduce((longest, one) => (length(one) > length(longest) ? one : longest))
  })
}

/** Each to the end of the tables around it: between two Sections that is where the fewest elements are open. */
function widen(runs: readonly Run[], pieces: readonly Measured[]): readonly Run[] {
  const gaps = runs.slice(1).map((run, index) => gapBefore(run.first, runs[index]?.last ?? 0, pieces))
  const top = gaps[0]?.depth ?? null
  const bottom = gaps.at(-1)?.depth ?? null
  return runs.map((run, index) => ({
    section: run.section,
    first: gaps[index - 1]?.start ?? (top === null ? run.first : startAt(top, run.first, pieces)),
    last: gaps[index]?.end ?? (bottom === null ? run.last : endAt(bottom, run.last, pieces)),
  }))
}

/** Where what ends at `last` is closed, and what begins at `first` is opened. */
function gapBefore(first: number, last: number, pieces: readonly Measured[]) {
  const depth = Math.min(...pieces.slice(last, first).map((piece) => piece.depth))
  const end = endAt(depth, last, pieces)
  return { depth, end, start: Math.max(startAt(depth, first, pieces), end + 1) }
}

function endAt(depth: number, from: number, pieces: readonly Measured[]): number {
  const index = pieces.findIndex((piece, at) => at >= from && piece.depth <= depth)
  return index === -1 ? from : index
}

/** Behind the last element before it that was closed there, or that it all stands in. */
function startAt(depth: number, before: number, pieces: readonly Measured[]): number {
  return pieces.findLastIndex((piece, at) => at < before && piece.depth === depth && piece.tag !== null) + 1
}
