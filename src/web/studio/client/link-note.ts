/** Where a link of the picture leads. It is never followed by itself: it is said, and may be opened beside the studio. */

import type { DraftView } from '../api.js'
import { fill, make } from './dom.js'
import type { StudioPage } from './studio-page.js'

/** A link that is tracked: its number among the links. */
const TRACKED = /\/c\/[^/]+\/(\d+)$/

export function openLinkNote({ draft, key }: Pick<StudioPage, 'draft' | 'key'>): {
  readonly element: HTMLElement
  /** Takes over the links of what a frame shows. */
  guard(frame: HTMLIFrameElement): void
} {
  const element = make('div', { class: 'link-note', role: 'status' })
  const close = () => fill(element)
  key('Escape', 'Close what is open', close)

  function tell(link: HTMLAnchorElement): void {
    const target = targetOf(link, draft.get())
    const leads = /^(?:https?|mailto):/.test(target)
    const opens = leads
      ? make('a', { href: target, target: '_blank', rel: 'noreferrer noopener' }, 'Open in a new tab')
      : null
    fill(
      element,
      make('p', {}, make('strong', {}, wordsOf(link)), ' leads to ', make('code', {}, target)),
      opens,
      make('button', { class: 'plain', onclick: close }, 'Close'),
    )
  }

  function onClick(event: Event): void {
    // Of the frame's realm, so no `instanceof`; a text node has no `closest`.
    const link = (event.target as Partial<Element> | null)?.closest?.('a[href], area[href]')
    if (link === null || link === undefined) return
    event.preventDefault()
    if ((event as MouseEvent).altKey) return
    const anchor = link.getAttribute('href') ?? ''
    const place = anchor.startsWith('#') ? link.ownerDocument.getElementById(anchor.slice(1)) : null
    if (place === null) tell(link as HTMLAnchorElement)
    else place.scrollIntoView()
  }

  return {
    element,
    guard(frame) {
      frame.contentDocument?.addEventListener('click', onClick)
      frame.contentDocument?.addEventListener('auxclick', onClick)
    },
  }
}

function targetOf(link: HTMLAnchorElement, draft: DraftView | null): string {
  const href = link.getAttribute('href') ?? ''
  const index = TRACKED.exec(href)?.[1]
  const tracked =
    index === undefined ? undefined : draft?.facts?.links.find((one) => one.index === Number(index))
  return tracked?.url ?? href
}

function wordsOf(link: HTMLAnchorElement): string {
  const words = (link.textContent ?? '').replace(/\s+/g, ' ').trim()
  return words || link.querySelector('img')?.alt || 'A link without words'
}
