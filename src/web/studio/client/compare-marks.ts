/**
 * Passages and pictures of a mail that another has not, marked where they stand; of a passage that was rewritten, the words.
 * Words are marked by ranges (CSS Custom Highlight API), so that the mail keeps its elements; a browser without it frames the
 * passage alone.
 */

import type { PassageChange, Span } from '../versions/api.js'
import type { Passage } from './passages.js'

/** On any ground: a line of its own colour, with paper around it; words on paper of their own. */
const STYLE = `
:root:not([data-unmarked]) [data-changed] { outline: 2px solid #1f7a3d !important; outline-offset: 2px; }
:root:not([data-unmarked]) [data-changed=gone] { outline: 2px dashed #b3261e !important; }
:root:not([data-unmarked]) :is([data-changed=come], [data-changed=gone]) { box-shadow: 0 0 0 5px rgb(255 255 255 / 0.7); }
:root:not([data-unmarked]) [data-changed=rewritten] { outline: 1px dotted #8a867e !important; }
:root:not([data-unmarked])::highlight(come), :root:not([data-unmarked]) *::highlight(come) { background-color: #d3f0db; color: #0f4d22; text-decoration: underline 2px #1f7a3d; }
:root:not([data-unmarked])::highlight(gone), :root:not([data-unmarked]) *::highlight(gone) { background-color: #fbdcd9; color: #7a1710; text-decoration: line-through 2px #b3261e; }
`

/** How many passages are in one of them alone, and how many in both with other words. */
export interface MarkCount {
  readonly come: number
  readonly gone: number
  readonly rewritten: number
}

export interface Side {
  readonly picture: Document
  readonly passages: readonly Passage[]
}

/** Marks both. */
export function markChanges(before: Side, after: Side, changes: readonly PassageChange[]): MarkCount {
  for (const { picture } of [before, after]) unmark(picture)
  const [gone, come]: [Range[], Range[]] = [[], []]
  const count = { come: 0, gone: 0, rewritten: 0 }
  const mark = (passage: Passage | undefined, kind: keyof MarkCount) =>
    passage?.element.setAttribute('data-changed', kind)
  for (const change of changes) {
    switch (change.kind) {
      case 'removed':
        mark(before.passages[change.was], 'gone')
        count.gone++
        break
      case 'added':
        mark(after.passages[change.is], 'come')
        count.come++
        break
      case 'changed': {
        const [was, is] = [before.passages[change.was], after.passages[change.is]]
        const isPicture = was?.texts.length === 0 || is?.texts.length === 0
        mark(was, isPicture ? 'gone' : 'rewritten')
        mark(is, isPicture ? 'come' : 'rewritten')
        gone.push(...change.gone.flatMap((span) => rangesOf(was, span)))
        come.push(...change.come.flatMap((span) => rangesOf(is, span)))
        count.rewritten++
        break
      }
      default:
        change satisfies never
    }
  }
  highlight(before.picture, 'gone', gone)
  highlight(after.picture, 'come', come)
  return count
}

export function showMarks({ documentElement }: Document, areShown: boolean): void {
  documentElement.toggleAttribute('data-unmarked', !areShown)
}

export function markedIn(picture: Document): readonly HTMLElement[] {
  return [...picture.querySelectorAll<HTMLElement>('[data-changed]')]
}

function unmark(picture: Document): void {
  for (const old of markedIn(picture)) old.removeAttribute('data-changed')
  if (picture.querySelector('style[data-changes]') !== null) return
  const style = picture.createElement('style')
  style.setAttribute('data-changes', '')
  style.textContent = STYLE
  picture.head.append(style)
}

/** A word may begin in one element and end in the next. */
function rangesOf(passage: Passage | undefined, { start, end }: Span): readonly Range[] {
  const ranges: Range[] = []
  let at = 0
  for (const text of passage?.texts ?? []) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, text.length)]
    at += text.length
    if (from >= to) continue
    const range = text.ownerDocument.createRange()
    range.setStart(text, from)
    range.setEnd(text, to)
    ranges.push(range)
  }
  return ranges
}

function highlight(picture: Document, name: string, ranges: readonly Range[]): void {
  const view = picture.defaultView
  if (view === null || !('Highlight' in view)) return
  view.CSS.highlights.set(name, new view.Highlight(...ranges))
}
