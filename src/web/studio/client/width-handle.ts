/** The edge of a picture, to drag it to a width: by pointer, or by arrow keys (ARIA's window splitter). */

import { WIDTHS } from './address.js'
import { make } from './dom.js'

const STEP = 10
const FINE_STEP = 1

export interface WidthHandle {
  readonly element: HTMLElement
  tell(size: { readonly width: number; readonly scale: number }): void
}

/** `sides`: 2 where the picture stands in the middle, so that each pixel of the edge is two of its width. */
export function openWidthHandle(sides: () => 1 | 2, onWidth: (width: number) => void): WidthHandle {
  const element = make('div', {
    class: 'width-handle',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'vertical',
    'aria-label': 'Width of the picture',
    'aria-valuemin': WIDTHS.least,
    'aria-valuemax': WIDTHS.most,
    title: 'Drag, or arrow keys',
  })
  let size = { width: 0, scale: 1 }

  const become = (width: number) => onWidth(Math.round(Math.min(Math.max(width, WIDTHS.least), WIDTHS.most)))

  element.addEventListener('pointerdown', (down) => {
    const start = { x: down.clientX, width: size.width, scale: size.scale }
    element.setPointerCapture(down.pointerId)
    const drag = ({ clientX }: PointerEvent) =>
      become(start.width + ((clientX - start.x) * sides()) / start.scale)
    element.addEventListener('pointermove', drag)
    element.addEventListener('lostpointercapture', () => element.removeEventListener('pointermove', drag), {
      once: true,
    })
    down.preventDefault()
    element.focus()
  })
  element.addEventListener('keydown', (event) => {
    const width = widthAfter(event, size.width)
    if (width === null) return
    event.preventDefault()
    become(width)
  })

  return {
    element,
    tell(next) {
      size = next
      element.setAttribute('aria-valuenow', String(Math.round(next.width)))
      element.setAttribute('aria-valuetext', `${Math.round(next.width)} pixels`)
    },
  }
}

function widthAfter({ key, shiftKey }: KeyboardEvent, width: number): number | null {
  const step = shiftKey ? FINE_STEP : STEP
  if (key === 'ArrowLeft' || key === 'ArrowDown') return width - step
  if (key === 'ArrowRight' || key === 'ArrowUp') return width + step
  if (key === 'Home') return WIDTHS.least
  return key === 'End' ? WIDTHS.most : null
}
