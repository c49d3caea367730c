/** The messages of a local inbox as a list, the newest first; a new one appears by itself. */

import type { InboxPage, InboxRow } from '../inbox/api.js'
import { ask } from './ask.js'
import { fill, make } from './dom.js'
import { exactTime, peopleWords, splitSubject, timeWords, writtenOut } from './inbox-words.js'
import type { StudioPage } from './studio-page.js'

/** While a person types. */
const TYPING_MS = 120

export function openInboxList(page: StudioPage): HTMLElement {
  const { store } = page
  const folders = make('nav', { class: 'folders', 'aria-label': 'Inboxes' })
  const rows = make('ol', { class: 'rows', onkeydown: moveFocus })
  const older = make('button', { class: 'older', onclick: () => void showOlder() }, 'Show older')
  const none = make('p', { class: 'none' })
  const search = make('input', {
    type: 'search',
    'aria-label': 'Find messages by address or subject',
    placeholder: 'Address or subject',
    oninput: () => {
      clearTimeout(typing)
      typing = setTimeout(() => void load(), TYPING_MS)
    },
  })
  let typing: ReturnType<typeof setTimeout> | undefined
  /** What is asked last counts; an answer that comes after it doesn't. */
  let asked = 0
  let shown: readonly InboxRow[] = []
  let before: number | null = null
  let folder = folderOf(store.get().place)

  async function load(): Promise<void> {
    const mine = ++asked
    const told = await askQuietly(query(null))
    if (told === null || mine !== asked) return
    announce(told)
    folder = told.folder
    shown = told.rows
    before = told.before
    showFolders(told)
    show()
  }

  async function showOlder(): Promise<void> {
    const mine = ++asked
    const told = await askQuietly(query(before))
    if (told === null || mine !== asked) return
    shown = [...shown, ...told.rows]
    before = told.before
    show()
  }

  function query(from: number | null): URLSearchParams {
    const wanted = new URLSearchParams()
    if (folder !== null) wanted.set('folder', folder)
    if (from !== null) wanted.set('before', String(from))
    if (search.value !== '') wanted.set('q', search.value)
    return wanted
  }

  function announce(told: InboxPage): void {
    const [newest] = told.rows
    const [known] = shown
    if (newest === undefined || known === undefined || search.value !== '' || told.folder !== folder) return
    if (newest.number > known.number)
      page.say(`A message came: ${writtenOut(newest.subject) || 'without a subject'}`)
  }

  function showFolders(told: InboxPage): void {
    folders.hidden = told.folders.length < 2
    fill(
      folders,
      ...told.folders.map(({ name, count }) =>
        make(
          'button',
          {
            'aria-pressed': String(name === told.folder),
            onclick: () => {
              folder = name
              shown = []
              void load()
            },
          },
          `${FOLDERS[name] ?? name} ${count.toLocaleString('en')}`,
        ),
      ),
    )
  }

  function show(): void {
    const focused = rows.contains(document.activeElement)
      ? document.activeElement?.getAttribute('href')
      : null
    fill(rows, ...shown.map(item))
    mark()
    if (focused) rows.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus()
    older.hidden = before === null
    none.hidden = shown.length > 0
    none.textContent =
      search.value === '' ? 'No message has come yet.' : 'No message is from, to or about that.'
  }

  function item(row: InboxRow): HTMLElement {
    const { mark, rest } = splitSubject(row.subject)
    const badge = mark === '' && row.isTest ? '[Test]' : mark
    return make(
      'li',
      {},
      make(
        'a',
        { href: `/inbox/${folder}/${row.number}` },
        make('span', { class: 'from' }, writtenOut(row.from.name || row.from.address) || 'Nobody named'),
        make(
          'time',
          { datetime: new Date(row.arrivedAt).toISOString(), title: exactTime(row.arrivedAt) },
          timeWords(row.arrivedAt, Date.now()),
        ),
        make(
          'span',
          { class: 'subject' },
          badge === '' ? null : make('b', { class: 'test' }, badge),
          `${badge === '' ? '' : ' '}${rest || 'without a subject'}`,
        ),
        make('span', { class: 'to' }, `to ${peopleWords(row.to)}`),
      ),
    )
  }

  /** Which of them is open. */
  function mark(): void {
    const { place } = store.get()
    const open = place.kind === 'inbox' ? `/inbox/${place.message}` : ''
    for (const link of rows.querySelectorAll('a'))
      if (link.getAttribute('href') === open) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
  }

  function moveFocus(event: Event): void {
    const step = STEPS[(event as KeyboardEvent).key]
    const links = [...rows.querySelectorAll('a')]
    const at = links.indexOf(document.activeElement as HTMLAnchorElement)
    const next = links[at + (step ?? 0)]
    if (step === undefined || at === -1 || next === undefined) return
    event.preventDefault()
    next.focus()
  }

  const isHere = () => store.get().place.kind === 'inbox'
  page.live.on('inbox', () => isHere() && void load())
  page.live.onReturn(() => isHere() && void load())
  store.on(({ place }, { place: last }) => {
    if (place === last || place.kind !== 'inbox') return
    const wanted = folderOf(place) ?? folder
    if (last.kind !== 'inbox' || wanted !== folder) {
      folder = wanted
      void load()
    } else mark()
  })
  if (isHere()) void load()
  return make('div', { class: 'inbox-list' }, make('search', {}, search), folders, rows, older, none)
}

/** Null while the studio is gone: the list stays, and is asked for again once it is back. */
function askQuietly(wanted: URLSearchParams): Promise<InboxPage | null> {
  return ask<InboxPage>(`/api/inbox?${wanted}`).catch(() => null)
}

const FOLDERS: Readonly<Record<string, string>> = { inbox: 'Inbox', demo: 'Demo' }
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

function folderOf(place: ReturnType<StudioPage['store']['get']>['place']): string | null {
  return place.kind === 'inbox' ? (place.message?.split('/')[0] ?? null) : null
}
