/** The way back: with Alt held, what the pointer is on says its line, and a click opens it in the editor. */

import { make } from './dom.js'
import { hasLines, lineAround } from './line-places.js'
import { boxOf, layerOf, outlineOf } from './picture-layer.js'
import { openPlace } from './places.js'
import type { StudioPage } from './studio-page.js'

export function openLinePick({ draft, onFrames, say }: StudioPage): void {
  const listened = new WeakSet<Document>()

  function listen(frame: HTMLIFrameElement): void {
    const picture = frame.contentDocument
    if (picture === null || listened.has(picture)) return
    listened.add(picture)
    picture.addEventListener('pointermove', (event) => point(frame, event.altKey ? targetOf(event) : null))
    picture.documentElement.addEventListener('pointerleave', () => point(frame, null))
    picture.addEventListener('keyup', () => point(frame, null))
    picture.addEventListener('click', (event) => {
      if (event.altKey && hasLines(picture)) pick(event)
    })
  }

  function pick(event: MouseEvent): void {
    event.preventDefault()
    const at = targetOf(event)
    const file = draft.get()?.file
    if (file === undefined) return
    say(at === null ? 'These words are the template’s, not the issue’s.' : `Line ${at.line} of ${file}.`)
    if (at !== null) void openPlace(file, at.line)
  }

  onFrames((frames) => frames.forEach(listen))
}

type Lined = ReturnType<typeof lineAround>

function point(frame: HTMLIFrameElement, at: Lined): void {
  const layer = layerOf(frame)
  const before = layer?.querySelector<HTMLElement>('.pointed') ?? null
  const words = at === null ? '' : `line ${at.line}`
  if (layer === null || (before?.textContent ?? '') === words) return
  before?.remove()
  if (at === null) return
  const outline = make('div', { class: 'pointed' }, outlineOf(boxOf(frame, at.element), words))
  layer.append(outline)
}

/** Of the frame's realm, so no `instanceof`. */
function targetOf({ target }: Event): Lined {
  const element = target as Partial<Element> | null
  return element?.closest === undefined ? null : lineAround(element as Element)
}
