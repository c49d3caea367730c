/** Shows where a line stands: every picture scrolls there, and it is outlined for a moment. */

import { hasLines, placesIn } from './line-places.js'
import { boxOf, layerOf, outlineOf } from './picture-layer.js'
import type { StudioPage } from './studio-page.js'

const OUTLINE_MS = 2_400

/** `line` null: it is about the whole. */
export type Reveal = (line: number | null) => void

export function openReveal({ store, onFrames }: Pick<StudioPage, 'store' | 'onFrames'>): Reveal {
  let frames: readonly HTMLIFrameElement[] = []
  /** Asked for while another view was shown. */
  let waiting: { readonly line: number | null } | null = null

  function show(line: number | null): void {
    const lined = frames.filter(
      ({ contentDocument }) => contentDocument !== null && hasLines(contentDocument),
    )
    waiting = lined.length === 0 ? { line } : null
    if (waiting !== null) return
    const scrolled = lined.map((frame) => outline(frame, line)).find((one) => one !== null)
    scrolled?.scrollIntoView({ block: 'center', behavior: glides() ? 'smooth' : 'instant' })
  }

  onFrames((told) => {
    frames = told
    if (waiting !== null) show(waiting.line)
  })
  return (line) => {
    if (store.get().view !== 'mail') {
      waiting = { line }
      store.set({ view: 'mail' })
    } else show(line)
  }
}

/** What was outlined. */
function outline(frame: HTMLIFrameElement, line: number | null): HTMLElement | null {
  const picture = frame.contentDocument
  const layer = layerOf(frame)
  if (picture === null || layer === null) return null
  const element = line === null ? null : placesIn(picture)(line)
  if (element === null) return outlineRow(frame)
  for (const old of layer.querySelectorAll('.outline')) old.remove()
  const box = outlineOf(boxOf(frame, element))
  layer.append(box)
  fade(box)
  return box
}

/** What stands before the words, or about all of them, is in the row of the inbox or above it. */
function outlineRow(frame: HTMLIFrameElement): HTMLElement | null {
  const row = frame.closest('.reader')?.querySelector<HTMLElement>('.inbox-row') ?? null
  row?.animate([{ outlineColor: 'var(--accent)', outlineWidth: '2px' }, {}], {
    duration: OUTLINE_MS,
    easing: 'ease-in',
  })
  return row
}

function fade(box: HTMLElement): void {
  const shown = box.animate([{ opacity: 1 }, { opacity: 1, offset: 0.7 }, { opacity: 0 }], OUTLINE_MS)
  shown.addEventListener('finish', () => box.remove())
}

function glides(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches
}
