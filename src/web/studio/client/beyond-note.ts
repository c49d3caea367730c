/** Says how many of the readers who stand side by side there is room for, and brings the others into view. */

import { make } from './dom.js'

/** Columns end between two pixels. */
const SLACK_PX = 1

export interface BeyondNote {
  readonly element: HTMLElement
  /** After columns came or went. */
  look(): void
}

export function openBeyondNote(columns: HTMLElement): BeyondNote {
  const words = make('span')
  const before = make('button', { class: 'plain', onclick: () => turn(-1) }, 'Those before')
  const after = make('button', { class: 'plain', onclick: () => turn(1) }, 'Those after')
  const element = make('p', { class: 'beyond', hidden: true }, words, before, after)

  function look(): void {
    const { scrollLeft, scrollWidth, clientWidth, children } = columns
    element.hidden = scrollWidth <= clientWidth + SLACK_PX || children.length < 2
    if (element.hidden) return
    const { left, right } = columns.getBoundingClientRect()
    const seen = [...children].filter((column) => {
      const box = column.getBoundingClientRect()
      return box.left >= left - SLACK_PX && box.right <= right + SLACK_PX
    })
    words.textContent = `${seen.length} of ${children.length} readers are whole in view.`
    // In a page that is read from right to left it counts down from 0.
    const past = Math.abs(scrollLeft)
    before.disabled = past <= SLACK_PX
    after.disabled = past + clientWidth >= scrollWidth - SLACK_PX
  }

  function turn(way: 1 | -1): void {
    const width = columns.firstElementChild?.getBoundingClientRect().width ?? columns.clientWidth
    columns.scrollBy({ left: way * Math.max(width, columns.clientWidth - width) })
  }

  columns.addEventListener('scroll', look, { passive: true })
  new ResizeObserver(look).observe(columns)
  return { element, look }
}
