/**
 * Where a reader's values stand in their copy: filled in, a fallback, or nothing at all. What stands in words can be marked
 * there; what stands in an attribute, in the head or in a comment cannot, and is only told.
 */

import { decidingNames } from '../../compile/alternatives.js'
import type { Hole, Holed } from '../../compile/compiled.js'
import { escapeHtml } from '../../compile/escape.js'
import type { HoledLine, PersonHole } from '../../issue/hole.js'
import type { CopyPiece, HoleCount, HoleMark, HoleUse, Values } from './api.js'
import { type HtmlPlace, openHtmlReader } from './html-place.js'

type Piece = string | Exclude<Hole, { readonly kind: 'choice' }>

/** One copy with its branches chosen: what a passage shows this reader stands in its place. */
function chooseBranches(holed: Holed, values: Values): readonly Piece[] {
  return holed.flatMap((piece): readonly Piece[] => {
    if (typeof piece === 'string' || piece.kind !== 'choice') return [piece]
    return isKnown(piece.name, values) ? piece.present : piece.absent
  })
}

/** Each hole as it is for this reader. */
export function markOf({ name, fallback }: PersonHole, values: Values): HoleMark {
  const value = (values[name] ?? '').trim()
  if (value !== '') return { name, kind: 'filled', shown: value }
  return fallback === '' ? { name, kind: 'empty', shown: '' } : { name, kind: 'fallback', shown: fallback }
}

/** Text in its pieces, for a page that marks the holes itself. `write` is how text is escaped. */
export function piecesOf(
  holed: Holed,
  values: Values,
  { token, write }: { readonly token: string; readonly write: (text: string) => string },
): readonly CopyPiece[] {
  return chooseBranches(holed, values).map((piece): CopyPiece => {
    if (typeof piece === 'string') return piece
    if (piece.kind === 'token') return token
    const mark = markOf(piece, values)
    return { ...mark, shown: write(mark.shown) }
  })
}

/** HTML in which every hole that stands in words is marked; `write` fills the others. */
export function markHtml(
  html: Holed,
  values: Values,
  write: (piece: Exclude<Piece, string>) => string,
): string {
  return walkHtml(html, values)
    .map(([piece, place]) => {
      if (typeof piece === 'string') return piece
      if (piece.kind === 'token' || place !== 'words') return write(piece)
      return writeMark(markOf(piece, values))
    })
    .join('')
}

/** Nothing of it takes room, but what says that there is nothing. */
const STYLES = {
  filled:
    'text-decoration:underline;text-decoration-color:#8a8578;text-decoration-thickness:1px;text-underline-offset:3px',
  fallback:
    'text-decoration:underline dotted #c77700;text-decoration-thickness:3px;text-underline-offset:3px',
  empty:
    'border:1px solid #c0182b;border-radius:2px;padding:0 4px;background-color:#fdecee;color:#9b1020;font:600 12px/1.5 monospace',
} as const satisfies Readonly<Record<HoleMark['kind'], string>>

function writeMark({ name, kind, shown }: HoleMark): string {
  const text = kind === 'empty' ? `{{subscriber.${name}}} empty` : shown
  return `<span data-hole="${kind}" data-name="${name}" title="${describe(name, kind)}" style="${STYLES[kind]}">${escapeHtml(text)}</span>`
}

function describe(name: string, kind: HoleMark['kind']): string {
  if (kind === 'filled') return `subscriber.${name}`
  return kind === 'fallback'
    ? `subscriber.${name} is not known: its fallback`
    : `subscriber.${name} is not known`
}

/** Every hole of subject and mail; two that show the same in the same kind of place are one, twice. */
export function findHoleUses(
  { subject, html }: { readonly subject: HoledLine; readonly html: Holed },
  values: Values,
): readonly HoleUse[] {
  const found = [
    ...subject.map((piece) => useOf(piece, 'subject', values)),
    ...walkHtml(html, values).map(([piece, place]) => useOf(piece, place, values)),
  ].filter((use) => use !== null)
  const uses = new Map<string, HoleUse>()
  for (const use of found) {
    const key = JSON.stringify(use)
    uses.set(key, { ...use, times: (uses.get(key)?.times ?? 0) + 1 })
  }
  return [...uses.values()]
}

function useOf(piece: Piece, place: HoleUse['place'], values: Values): Omit<HoleUse, 'times'> | null {
  if (typeof piece === 'string' || piece.kind === 'token') return null
  return { ...markOf(piece, values), place }
}

/** What stands in a comment is read by Outlook alone, and the head by nobody: neither counts. */
export function countHoles(uses: readonly HoleUse[]): HoleCount {
  const seen = uses.filter(({ place }) => place !== 'comment' && place !== 'head')
  const count = (kind: HoleMark['kind']) =>
    seen.filter((use) => use.kind === kind).reduce((sum, { times }) => sum + times, 0)
  return { filled: count('filled'), fallbacks: count('fallback'), empty: count('empty') }
}

/** Names of what passages ask, and whether this reader has it. */
export function findPassages(html: Holed, values: Values): readonly { name: string; isKnown: boolean }[] {
  return decidingNames(html).map((name) => ({ name, isKnown: isKnown(name, values) }))
}

function isKnown(name: string, values: Values): boolean {
  return (values[name] ?? '').trim() !== ''
}

/** Every piece with the place it stands in. */
function walkHtml(html: Holed, values: Values): readonly (readonly [Piece, HtmlPlace])[] {
  const reader = openHtmlReader()
  return chooseBranches(html, values).map((piece) => {
    const place = reader.place()
    if (typeof piece === 'string') reader.read(piece)
    return [piece, place]
  })
}
