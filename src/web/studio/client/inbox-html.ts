/** A mail's HTML in a frame that runs nothing. A link in it is shown, and opens only when asked to, elsewhere. */

import type { InboxMessage, MailLink } from '../api.js'
import { fill, make } from './dom.js'
import { linkFacts } from './inbox-links.js'
import type { StudioPage } from './studio-page.js'

/** CSS pixels: a mail that says it is longer scrolls within. */
const MAX_HEIGHT = 30_000

export function htmlView(message: InboxMessage, { store }: Pick<StudioPage, 'store'>): HTMLElement {
  const { mode } = store.get()
  const frame = make('iframe', {
    class: 'mail',
    sandbox: 'allow-same-origin',
    title: `HTML of ${message.subject || 'the message'}`,
    src: `/frame/inbox/${message.folder}/${message.number}/html?${new URLSearchParams({ ...mode })}`,
    onload: () => settle(frame),
  })
  const clicked = make('div', { class: 'clicked', role: 'status' })

  function settle(loaded: HTMLIFrameElement): void {
    const inside = loaded.contentDocument
    if (inside === null) return
    inside.addEventListener('click', showLink)
    inside.addEventListener('auxclick', showLink)
    const grow = () => {
      loaded.style.height = `${Math.min(inside.documentElement.scrollHeight, MAX_HEIGHT)}px`
    }
    grow()
    new ResizeObserver(grow).observe(inside.documentElement)
  }

  /** Whatever is clicked, the frame stays where it is. An element of the frame is of another realm: no `instanceof`. */
  function showLink(event: Event): void {
    event.preventDefault()
    const target = event.target as Element | null
    const url = target?.closest?.('a[href], area[href]')?.getAttribute('href')?.trim()
    if (url === undefined) return
    const known = message.links.find((link) => link.url === url)
    fill(clicked, linkFacts(known ?? unlisted(url)))
  }

  return make('div', { class: 'html' }, frame, clicked)
}

function unlisted(url: string): MailLink {
  return { url, words: '', kind: 'odd', leadsTo: null, what: 'Leads to a place within the mail, or nowhere.' }
}
