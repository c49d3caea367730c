/** One message of a local inbox: what it says of itself, and its HTML, text, links, headers and source. */

import type { InboxMessage } from '../api.js'
import { ask, Refused } from './ask.js'
import { fill, make } from './dom.js'
import { messageFacts } from './inbox-facts.js'
import { headersView } from './inbox-headers.js'
import { htmlView } from './inbox-html.js'
import { linksView } from './inbox-links.js'
import { sourceView } from './inbox-source.js'
import { openTabs } from './inbox-tabs.js'
import type { StudioPage } from './studio-page.js'

export function openInboxMessage(page: StudioPage): HTMLElement {
  const centre = make('div', { class: 'inbox-message' })
  /** Which tab was looked at last: the next message opens there too. */
  let tab = 'html'
  let shown: string | null = null
  let asked = 0

  async function show(): Promise<void> {
    const { place } = page.store.get()
    if (place.kind !== 'inbox' || place.message === shown) return
    shown = place.message
    const mine = ++asked
    if (shown === null) return fill(centre, nothingOpen())
    const told = await read(shown)
    if (mine !== asked) return
    if (told === null) return fill(centre, gone())
    document.title = `${told.subject || 'Without a subject'} · Pressrun`
    fill(centre, messageFacts(told), tabsOf(told))
  }

  function tabsOf(message: InboxMessage): HTMLElement {
    const tabs = openTabs({
      label: 'What the message holds',
      tabs: [
        { name: 'html', label: 'HTML', isEmpty: !message.hasHtml, view: () => htmlView(message, page) },
        { name: 'text', label: 'Text', isEmpty: message.text === null, view: () => textView(message) },
        { name: 'links', label: 'Links', count: message.links.length, view: () => linksView(message.links) },
        { name: 'headers', label: 'Headers', count: message.fields.length, view: () => headersView(message) },
        { name: 'source', label: 'Source', view: () => sourceView(message) },
      ],
      first: tab,
      onOpen: (name) => {
        tab = name
      },
    })
    return tabs
  }

  page.store.on(() => void show())
  page.live.on('inbox', () => void retry())
  page.live.onReturn(() => void retry())

  /** A message that was not there may have come, and the first of all as well. */
  async function retry(): Promise<void> {
    const { place } = page.store.get()
    if (place.kind !== 'inbox' || centre.querySelector('.nothing') === null) return
    shown = ''
    await show()
  }

  void show()
  return centre
}

async function read(at: string): Promise<InboxMessage | null> {
  try {
    return await ask<InboxMessage>(`/api/inbox/${at}`)
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

function textView({ text }: InboxMessage): HTMLElement {
  return make('pre', { class: 'text', tabindex: '0', 'aria-label': 'Text part' }, text)
}

function nothingOpen(): HTMLElement {
  return make(
    'div',
    { class: 'nothing' },
    make(
      'p',
      {},
      'Messages that an engine without a relay, a test send or the demo hands over stand in the list, the newest first. Choose one to read it.',
    ),
    make('p', {}, make('a', { href: '/' }, 'Send a test from an issue')),
  )
}

function gone(): HTMLElement {
  return make(
    'div',
    { class: 'nothing' },
    make('p', {}, 'There is no such message here: its inbox may have begun anew.'),
    make('p', {}, make('a', { href: '/inbox' }, 'See what is there')),
  )
}
