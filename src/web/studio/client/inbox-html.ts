/** A mail's HTML in a frame that runs nothing. A link in it is shown, and opens only when asked to, elsewhere. */

import type { InboxMessage, MailLink } from '../inbox/api.js'
import { fill, make } from './dom.js'
import { linkFacts } from './inbox-links.js'
import { openInboxModes } from './inbox-modes.js'
import { writtenOut } from './inbox-words.js'
import type { StudioPage } from './studio-page.js'

/** CSS pixels: a mail that says it is longer scrolls within. */
const MAX_HEIGHT = 30_000

export interface HtmlView {
  readonly element: HTMLElement
  show(message: InboxMessage): void
}

export function openHtmlView({ store }: Pick<StudioPage, 'store'>): HtmlView {
  const sheet = make('div', { class: 'sheet-of-mail' })
  const clicked = make('div', { class: 'clicked', role: 'status' })
  let shown: InboxMessage | null = null
  let src = ''

  function show(message: InboxMessage): void {
    shown = message
    src = ''
    draw()
  }

  function draw(): void {
    const { mode, width } = store.get()
    sheet.style.maxWidth = width === null ? '' : `${width}px`
    if (shown === null) return
    const wanted = `/frame/inbox/${shown.folder}/${shown.number}/html?${new URLSearchParams({ ...mode })}`
    if (wanted === src) return
    src = wanted
    fill(clicked)
    const frame = make('iframe', {
      class: 'mail',
      sandbox: 'allow-same-origin',
      title: `HTML of ${writtenOut(shown.subject) || 'the message'}`,
      src,
      onload: () => settle(frame),
    })
    fill(sheet, frame)
  }

  function settle(frame: HTMLIFrameElement): void {
    const inside = frame.contentDocument
    if (inside === null) return
    inside.addEventListener('click', showLink)
    inside.addEventListener('auxclick', showLink)
    inside.addEventListener('keydown', passOn)
    const grow = () => {
      frame.style.height = `${Math.min(inside.documentElement.scrollHeight, MAX_HEIGHT)}px`
    }
    grow()
    new ResizeObserver(grow).observe(inside.documentElement)
  }

  /** Whatever is clicked, the frame stays where it is. An element of the frame is of another realm: no `instanceof`. */
  function showLink(event: Event): void {
    event.preventDefault()
    const link = (event.target as Partial<Element> | null)?.closest?.('a[href], area[href]')
    const url = link?.getAttribute('href')?.trim()
    if (url === undefined) return
    fill(clicked, linkFacts(shown?.links.find((one) => one.url === url) ?? unlisted(url)))
  }

  store.on(({ place }) => place.kind === 'inbox' && draw())
  return {
    element: make(
      'div',
      { class: 'html' },
      openInboxModes({ store }),
      make('div', { class: 'ground' }, sheet),
      clicked,
    ),
    show,
  }
}

/** The studio's keys count where the mail has the focus, too, but for what is typed into its fields. */
function passOn(event: KeyboardEvent): void {
  const isTyping = (event.target as Partial<Element> | null)?.matches?.('input, textarea, select') ?? false
  const { key, ctrlKey, altKey, metaKey } = event
  if (isTyping || ctrlKey || altKey || metaKey) return
  document.dispatchEvent(new KeyboardEvent('keydown', { key }))
}

function unlisted(url: string): MailLink {
  return { url, words: '', kind: 'odd', leadsTo: null, what: 'Leads to a place within the mail, or nowhere.' }
}
