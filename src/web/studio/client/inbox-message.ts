/** One message of a local inbox: what it says of itself, and its HTML, text, links, headers and source. */

import type { InboxMessage } from '../inbox/api.js'
import { ask, Refused } from './ask.js'
import { fill, make } from './dom.js'
import { messageFacts } from './inbox-facts.js'
import { headersView } from './inbox-headers.js'
import { openHtmlView } from './inbox-html.js'
import { linksView } from './inbox-links.js'
import { sourceView } from './inbox-source.js'
import { openTabs, type Tabs } from './inbox-tabs.js'
import type { View } from './state.js'
import type { StudioPage } from './studio-page.js'

/** Views of an issue are tabs of a message, so that keys and addresses mean the same. */
const TAB_OF_VIEW: Readonly<Record<View, string>> = {
  mail: 'html',
  web: 'html',
  text: 'text',
  source: 'source',
}

export function openInboxMessage(page: StudioPage): HTMLElement {
  const { store } = page
  const centre = make('div', { class: 'inbox-message' })
  const html = openHtmlView(page)
  /** Which tab was looked at last: the next message opens there too. */
  let tab = TAB_OF_VIEW[store.get().view]
  let tabs: Tabs | null = null
  let shown: string | null = ''
  let asked = 0

  async function show(): Promise<void> {
    const { place } = store.get()
    if (place.kind !== 'inbox' || place.message === shown) return
    shown = place.message
    const mine = ++asked
    if (shown === null) return fill(centre, nothingOpen())
    const told = await read(shown)
    if (mine !== asked) return
    if (told === 'unanswered') {
      shown = ''
      return
    }
    if (told === null) return fill(centre, gone())
    tabs = tabsOf(told)
    fill(centre, messageFacts(told), tabs.element)
  }

  function tabsOf(message: InboxMessage): Tabs {
    const showHtml = () => {
      html.show(message)
      return html.element
    }
    return openTabs({
      label: 'What the message holds',
      tabs: [
        { name: 'html', label: 'HTML', isEmpty: !message.hasHtml, view: showHtml },
        { name: 'text', label: 'Text', isEmpty: message.text === null, view: () => textView(message) },
        { name: 'links', label: 'Links', count: message.links.length, view: () => linksView(message.links) },
        { name: 'headers', label: 'Headers', count: message.fields.length, view: () => headersView(message) },
        { name: 'source', label: 'Source', view: () => sourceView(message) },
      ],
      first: tab,
      onOpen(name) {
        tab = name
        const view = VIEWS_OF_TABS[name]
        if (view !== undefined) store.set({ view })
      },
    })
  }

  store.on(({ view, place }, before) => {
    if (place.kind !== 'inbox') return
    if (view !== before.view) {
      tab = TAB_OF_VIEW[view]
      tabs?.open(tab)
    }
    void show()
  })
  /** A message that was not there may have come, or the studio that was not. */
  const retry = () => {
    if (shown !== '' && centre.querySelector('.nothing') === null) return
    shown = ''
    void show()
  }
  page.live.on('inbox', retry)
  page.live.onReturn(retry)
  void show()
  return centre
}

const VIEWS_OF_TABS: Readonly<Record<string, View>> = { html: 'mail', text: 'text', source: 'source' }

/** Null: there is no such message. `unanswered` while the studio is gone: the one that is open stays. */
async function read(at: string): Promise<InboxMessage | 'unanswered' | null> {
  try {
    return await ask<InboxMessage>(`/api/inbox/${at}`)
  } catch (error) {
    return error instanceof Refused ? null : 'unanswered'
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
      'Messages that a test send, the demo or an engine without a relay handed over stand in the list, the newest first. Choose one to read it.',
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
