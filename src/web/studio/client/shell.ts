/** The frame of the page: head, list, centre, panels and foot; narrow screens show the list or the panels when asked. */

import { fill, make } from './dom.js'
import { isUnseen } from './draft.js'
import { openHelp } from './help.js'
import type { Keys } from './keys.js'
import type { Status } from './status.js'
import type { PlaceView, StudioPage } from './studio-page.js'
import { openTabTitle } from './tab-title.js'

/** What the other parts have made for each place. */
export interface Parts {
  readonly issues: PlaceView
  readonly issue: PlaceView
  readonly inbox: PlaceView
  /** At the right of an issue, from above. */
  readonly panels: readonly HTMLElement[]
}

export function openShell(
  root: HTMLElement,
  page: StudioPage,
  { parts, keys, status }: { parts: Parts; keys: Keys; status: Status },
): void {
  const { store } = page
  const heading = make('h1', { class: 'heading' })
  const toIssues = make('a', { href: '/' }, 'Issues')
  const toInbox = make('a', { href: '/inbox' }, 'Inbox')
  const places = make('nav', { class: 'places', 'aria-label': 'Places' }, toIssues, toInbox)
  const list = make('div', { class: 'list', id: 'list' })
  const centre = make('main', { class: 'centre' })
  const panels = make('aside', { class: 'panels', id: 'panels', 'aria-label': 'Findings and facts' })
  panels.append(closer(), ...parts.panels)
  const opensList = opener('list', 'List')
  const opensPanels = opener('panels', 'Findings')
  const testSend = make('button', { class: 'primary', onclick: () => keys.press('t') }, 'Test send')
  root.append(
    make(
      'header',
      {},
      make('a', { class: 'brand', href: '/' }, 'Pressrun'),
      places,
      opensList,
      heading,
      opensPanels,
      make(
        'button',
        { class: 'opens-help', 'aria-label': 'Keyboard shortcuts', onclick: () => keys.press('?') },
        '?',
      ),
      testSend,
    ),
    list,
    centre,
    panels,
    status.element,
    openHelp(keys),
  )

  function opener(side: 'list' | 'panels', label: string): HTMLButtonElement {
    return make(
      'button',
      {
        class: `opens-${side}`,
        'aria-expanded': 'false',
        'aria-controls': side,
        onclick: () => open(root.dataset.open === side ? '' : side),
      },
      label,
    )
  }

  /** Where the screen has room for one column alone. */
  function closer(): HTMLButtonElement {
    return make('button', { class: 'closer', onclick: () => open('') }, 'Close')
  }

  function open(side: string): void {
    root.dataset.open = side
    opensList.setAttribute('aria-expanded', String(side === 'list'))
    opensPanels.setAttribute('aria-expanded', String(side === 'panels'))
  }

  function show(): void {
    const { place } = store.get()
    const { facts = null, slug = '' } = page.draft.get() ?? {}
    root.dataset.place = place.kind
    // Where there is room for one column alone, an inbox of which nothing is open is its list.
    root.dataset.whole = place.kind === 'inbox' && place.message === null ? 'list' : ''
    opensList.textContent = place.kind === 'inbox' ? 'Messages' : 'List'
    const isNothing = isUnseen(page.draft.get())
    root.toggleAttribute('data-unseen', isNothing)
    panels.hidden = isNothing
    testSend.hidden = place.kind !== 'issue' || isNothing
    toIssues.ariaCurrent = place.kind === 'inbox' ? null : 'page'
    toInbox.ariaCurrent = place.kind === 'inbox' ? 'page' : null
    heading.hidden = place.kind !== 'issue'
    if (place.kind === 'issue')
      fill(
        heading,
        facts?.title ?? (slug || place.slug),
        facts === null ? null : make('span', { class: 'facts' }, factsLine(facts)),
      )
  }

  function arrange(): void {
    const view = parts[store.get().place.kind]
    if (centre.firstChild !== view.centre) fill(centre, view.centre)
    if (list.lastChild !== view.list) fill(list, closer(), view.list)
    show()
  }

  // Where the panels lie over the picture, they make room for what one of them leads to.
  const makeRoom = () => {
    if (matchMedia('(max-width: 699px)').matches) open('')
  }
  panels.addEventListener('reveal', makeRoom)
  store.on((state, before) => {
    if (state.place !== before.place) open('')
    else if (state.compareWith !== null && state.compareWith !== before.compareWith) makeRoom()
    arrange()
  })
  page.draft.on(show)
  page.key('Escape', 'Close what is open', () => open(''))
  openTabTitle(page)
  arrange()
}

function factsLine({ number, date }: { readonly number: number | null; readonly date: string }): string {
  const day = new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', {
    dateStyle: 'medium',
    timeZone: 'UTC',
  })
  return number === null ? day : `No. ${number} · ${day}`
}
