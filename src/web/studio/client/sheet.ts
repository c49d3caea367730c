/**
 * One picture: a frame as high as what it shows, so that the page scrolls and the frame never does. A new picture loads
 * behind the old one and takes its place when it is whole; nothing flickers, and nobody loses their place.
 */

import { make } from './dom.js'

export interface Sheet {
  readonly element: HTMLElement
  /** Loads it unless it is shown, or on its way. */
  show(url: string, title: string): void
  clear(): void
  /** CSS pixels; null: as wide as there is room. */
  setWidth(width: number | null): void
  frame(): HTMLIFrameElement | null
  /** Another picture is on its way. */
  isComing(): boolean
}

/** How a picture stands: its own pixels, and how much smaller it is shown where there is less room. */
export interface SheetSize {
  readonly width: number
  readonly scale: number
}

/** Nobody reads mail in a wider window. */
const WIDEST = 1280

export function openSheet({
  onReplaced,
  onSize,
}: {
  readonly onReplaced: () => void
  readonly onSize: (size: SheetSize) => void
}): Sheet {
  const element = make('div', { class: 'sheet' })
  let shown: HTMLIFrameElement | null = null
  let coming: HTMLIFrameElement | null = null
  let wanted: number | null = null

  function show(url: string, title: string): void {
    const latest = coming ?? shown
    if (latest?.dataset.url === url) {
      latest.title = title
      return
    }
    coming?.remove()
    const frame = make('iframe', { sandbox: 'allow-same-origin', title, class: 'coming', 'data-url': url })
    coming = frame
    frame.addEventListener('load', () => {
      if (coming === frame) replace(frame)
    })
    frame.src = url
    element.append(frame)
    place(frame)
  }

  function replace(frame: HTMLIFrameElement): void {
    coming = null
    // An answer that never came is a page of the browser's own, which is not ours to look into.
    if (contentOf(frame) === null) {
      frame.remove()
      return
    }
    const before = shown
    shown = frame
    layOut()
    frame.classList.remove('coming')
    if (before !== null) {
      keepFocus(before, frame)
      before.remove()
    }
    onReplaced()
  }

  /** Width first, since the height follows from it. */
  function layOut(): void {
    if (shown === null) return
    const scale = place(shown)
    const root = contentOf(shown)?.documentElement
    if (root === undefined) return
    // As high as its words alone, whatever height it had.
    shown.style.height = '0'
    const height = root.scrollHeight
    shown.style.height = `${height}px`
    element.style.height = `${Math.ceil(height * scale)}px`
  }

  function place(frame: HTMLIFrameElement): number {
    const room = element.clientWidth
    const width = wanted ?? Math.min(room, WIDEST)
    const scale = Math.min(1, room / width)
    frame.style.width = `${width}px`
    frame.style.transform = scale === 1 ? '' : `scale(${scale})`
    onSize({ width, scale })
    return scale
  }

  let room = 0
  new ResizeObserver(() => {
    if (element.clientWidth === room || element.clientWidth === 0) return
    room = element.clientWidth
    layOut()
  }).observe(element)

  return {
    element,
    show,
    clear() {
      coming?.remove()
      shown?.remove()
      coming = null
      shown = null
      element.style.height = ''
    },
    setWidth(width) {
      wanted = width
      layOut()
    },
    frame: () => shown,
    isComing: () => coming !== null,
  }
}

function contentOf(frame: HTMLIFrameElement): Document | null {
  const content = frame.contentDocument
  return content?.URL === 'about:blank' ? null : content
}

/** Whoever went through the links with the keyboard stays at the link that is in the same place. */
function keepFocus(before: HTMLIFrameElement, after: HTMLIFrameElement): void {
  if (document.activeElement !== before) return
  const focused: unknown = before.contentDocument?.activeElement
  const links: readonly unknown[] = linksOf(before)
  const at = links.indexOf(focused)
  after.focus({ preventScroll: true })
  linksOf(after)[at]?.focus({ preventScroll: true })
}

function linksOf(frame: HTMLIFrameElement): HTMLElement[] {
  return [...(frame.contentDocument?.querySelectorAll<HTMLElement>('a[href], [tabindex]') ?? [])]
}
