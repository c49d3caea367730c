/** What lies over a picture, beside the mail and not in it: the layer of a frame, and boxes in the frame's own places. */

import { make } from './dom.js'

/** CSS pixels of the page, from the corner of the layer. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Made when it is first asked for; null for a frame that is no longer there. */
export function layerOf(frame: HTMLIFrameElement): HTMLElement | null {
  const picture = frame.closest<HTMLElement>('.picture')
  if (picture === null) return null
  const there = picture.querySelector<HTMLElement>(':scope > .picture-layer')
  if (there !== null) return there
  const layer = make('div', { class: 'picture-layer' })
  picture.append(layer)
  return layer
}

/** A frame may be shown smaller than it is. */
export function boxOf(frame: HTMLIFrameElement, element: Element): Box {
  const scale = frame.offsetWidth === 0 ? 1 : frame.getBoundingClientRect().width / frame.offsetWidth
  const { left, top, width, height } = element.getBoundingClientRect()
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale }
}

/** A box around it, with words at its corner where there are any. */
export function outlineOf(box: Box, words = ''): HTMLElement {
  const outline = make('div', { class: 'outline' }, words === '' ? null : make('span', {}, words))
  placeAt(outline, box)
  return outline
}

function placeAt({ style }: HTMLElement, { left, top, width, height }: Box): void {
  style.left = `${left}px`
  style.top = `${top}px`
  style.width = `${width}px`
  style.height = `${height}px`
}
