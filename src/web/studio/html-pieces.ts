/**
 * HTML as a row of pieces, by looking for `<` alone: enough to know where a tag stands, in a few milliseconds. What is in
 * comments (Outlook's branches among them), in <style> and the like is one piece, since no mark-up in it counts.
 */

import { markAt } from '../../compile/issue-lines.js'
import { VOID_ELEMENTS } from '../../compile/void-elements.js'

export type Piece =
  | { readonly kind: 'open'; readonly raw: string; readonly name: string; readonly isVoid: boolean }
  | { readonly kind: 'close'; readonly raw: string; readonly name: string }
  | { readonly kind: 'text'; readonly raw: string }
  /** A comment, a doctype, a whole <style>. */
  | { readonly kind: 'opaque'; readonly raw: string }
  /** "From here on it is this line" (`compile/issue-lines.ts`). */
  | { readonly kind: 'mark'; readonly raw: string; readonly line: number | null }

const RAW_TEXT = new Set(['style', 'script', 'title', 'textarea'])
const TAG_NAME = /<\/?([a-z][^\s/>\ue008]*)/iy

/** Put together again they are `html`, whatever it is. */
export function* htmlPieces(html: string): Generator<Piece> {
  let at = 0
  while (at < html.length) {
    const piece = pieceAt(html, at)
    yield piece
    at += piece.raw.length
    if (piece.kind !== 'open' || !RAW_TEXT.has(piece.name)) continue
    const end = endOfRawText(html, { at, name: piece.name })
    if (end > at) yield { kind: 'opaque', raw: html.slice(at, end) }
    at = end
  }
}

function pieceAt(html: string, at: number): Piece {
  const mark = markAt(html, at)
  if (mark !== null) return { kind: 'mark', raw: html.slice(at, mark.end), line: mark.line }
  if (html.startsWith('<!--', at)) return { kind: 'opaque', raw: html.slice(at, after(html, '-->', at + 4)) }
  if (html.startsWith('<!', at) || html.startsWith('<?', at)) {
    return { kind: 'opaque', raw: html.slice(at, after(html, '>', at)) }
  }
  TAG_NAME.lastIndex = at
  const name = TAG_NAME.exec(html)?.[1]?.toLowerCase()
  if (name === undefined) return { kind: 'text', raw: html.slice(at, endOfText(html, at + 1)) }
  const raw = html.slice(at, endOfTag(html, at))
  return raw.startsWith('</')
    ? { kind: 'close', raw, name }
    : { kind: 'open', raw, name, isVoid: VOID_ELEMENTS.has(name) }
}

/** Where a tag, a comment or a mark may begin. */
function endOfText(html: string, from: number): number {
  const starts = /[<\ue008]/g
  starts.lastIndex = from
  return starts.exec(html)?.index ?? html.length
}

/** Behind its `>`; one within quotes ends nothing. */
function endOfTag(html: string, from: number): number {
  const signs = /["'>]/g
  signs.lastIndex = from
  for (let match = signs.exec(html); match !== null; match = signs.exec(html)) {
    const [sign] = match
    if (sign === '>') return signs.lastIndex
    signs.lastIndex = after(html, sign, signs.lastIndex)
  }
  return html.length
}

function endOfRawText(html: string, { at, name }: { readonly at: number; readonly name: string }): number {
  const ends = new RegExp(`</${name}[\\s/>]`, 'gi')
  ends.lastIndex = at
  return ends.exec(html)?.index ?? html.length
}

/** Behind the next `words`; the end where there are none. */
function after(html: string, words: string, from: number): number {
  const at = html.indexOf(words, from)
  return at === -1 ? html.length : at + words.length
}
