/** The text part as a page of its own, with the column marked that no line should pass (RFC 5322, section 2.1.1). */

import type { CopyView } from '../api.js'
import { fill, make } from './dom.js'
import { showPieces } from './pieces.js'

export function openTextView(): {
  readonly element: HTMLElement
  show(copy: CopyView, marksHoles: boolean): void
} {
  const element = make('pre', { class: 'text-part', tabindex: 0, 'aria-label': 'Text part' })
  return {
    element,
    show: (copy, marksHoles) => fill(element, ...(marksHoles ? showPieces(copy.marked.text) : [copy.text])),
  }
}
