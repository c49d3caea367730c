/** What parts two pictures that lie on each other: dragged by pointer, or moved by arrow keys (ARIA's window splitter). */

import { make } from './dom.js'

const STEP = 5
const FINE_STEP = 1

/** It begins in the middle. `onMove`: how much of the width is at its left, in per cent. */
export function openDivider(onMove: (percent: number) => void): HTMLElement {
  const element = make('div', {
    class: 'divider',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'vertical',
    'aria-label': 'Where the draft begins',
    'aria-valuemin': 0,
    'aria-valuemax': 100,
    title: 'Drag, or arrow keys',
  })
  let at = 50

  function become(percent: number): void {
    at = Math.round(Math.min(Math.max(percent, 0), 100))
    tell()
    onMove(at)
  }

  function tell(): void {
    element.setAttribute('aria-valuenow', String(at))
    element.setAttribute('aria-valuetext', `${at} per cent`)
  }

  element.addEventListener('pointerdown', (down) => {
    const room = element.parentElement?.getBoundingClientRect()
    if (room === undefined || room.width === 0) return
    element.setPointerCapture(down.pointerId)
    const drag = ({ clientX }: PointerEvent) => become(((clientX - room.left) / room.width) * 100)
    element.addEventListener('pointermove', drag)
    element.addEventListener('lostpointercapture', () => element.removeEventListener('pointermove', drag), {
      once: true,
    })
    down.preventDefault()
    element.focus()
  })
  element.addEventListener('keydown', (event) => {
    const next = percentAfter(event, at)
    if (next === null) return
    event.preventDefault()
    become(next)
  })
  tell()
  return element
}

function percentAfter({ key, shiftKey }: KeyboardEvent, at: number): number | null {
  const step = shiftKey ? FINE_STEP : STEP
  if (key === 'ArrowLeft' || key === 'ArrowDown') return at - step
  if (key === 'ArrowRight' || key === 'ArrowUp') return at + step
  if (key === 'Home') return 0
  return key === 'End' ? 100 : null
}
