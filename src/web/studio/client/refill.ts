/** Fills an element anew while a person is at something in it: the keyboard stays where it was. */

import { fill } from './dom.js'

/** What stays is focused again itself, what is made anew by its name. */
export function refill(element: Element, ...children: readonly Node[]): void {
  const { activeElement } = document
  const focused = activeElement !== null && element.contains(activeElement) ? activeElement : null
  fill(element, ...children)
  if (focused === null) return
  const same = [...element.querySelectorAll<HTMLElement>('a, button, input, select')]
  const next = same.find((one) => one === focused) ?? same.find((one) => nameOf(one) === nameOf(focused))
  next?.focus()
}

function nameOf(element: Element): string {
  return element.getAttribute('aria-label') ?? element.textContent ?? ''
}
