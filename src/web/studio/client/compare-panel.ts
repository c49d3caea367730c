/** What the draft may be compared with: Sends, the last issue, commits, or a name that is written. */

import type { VersionLine, VersionsView } from '../versions/api.js'
import { ask } from './ask.js'
import { fill, make } from './dom.js'
import { exactTime, timeWords } from './inbox-words.js'
import type { StudioPage } from './studio-page.js'

const FIRST_SHOWN = 6

export function openComparePanel({ store, live, draft, key, say }: StudioPage): HTMLElement {
  const list = make('div')
  const name = make('input', {
    type: 'text',
    name: 'version',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Branch, tag, commit, hash',
    'aria-label': 'Branch, tag, commit or hash',
  })
  const panel = make(
    'section',
    { class: 'compare-panel', 'aria-label': 'Compare' },
    make('h2', {}, 'Compare'),
    list,
    make('form', { onsubmit: compareWritten }, name, make('button', { type: 'submit' }, 'Compare')),
  )
  let slug: string | null = null
  let view: VersionsView | null = null
  let isAll = false
  /** The last one of this issue, to come back to. */
  let last: string | null = null

  async function look(): Promise<void> {
    const shown = slug
    if (shown === null) return
    const answered = await ask<VersionsView>(`/api/drafts/${encodeURIComponent(shown)}/versions`).catch(
      () => null,
    )
    if (answered === null || slug !== shown) return
    view = answered
    show()
  }

  function compareWritten(event: Event): void {
    event.preventDefault()
    const written = name.value.trim()
    if (written !== '') store.set({ compareWith: keyOf(written) })
  }

  /** On and off again. */
  function toggle(): void {
    if (slug === null) return
    const { compareWith } = store.get()
    const first = last ?? view?.versions[0]?.key ?? null
    if (compareWith !== null) store.set({ compareWith: null })
    else if (first === null)
      say('There is nothing yet to compare it with: it was not sent, and git has no commit of it.')
    else store.set({ compareWith: first })
  }

  function show(): void {
    const hash = draft.get()?.facts?.hash ?? null
    const { compareWith } = store.get()
    const { versions = [], whyNoCommits = '' } = view ?? {}
    const shown = isAll ? versions : versions.slice(0, FIRST_SHOWN)
    const rest = versions.length - shown.length
    fill(
      list,
      make('ul', {}, ...shown.map((version) => rowOf(version, { hash, compareWith }))),
      rest > 0 ? make('button', { class: 'plain', onclick: showAll }, `Show ${rest} more`) : null,
      whyNoCommits === '' ? null : make('p', { class: 'quiet' }, sentence(whyNoCommits)),
    )
  }

  function showAll(): void {
    isAll = true
    show()
  }

  function rowOf(
    { key: version, name: words, detail, at, hash: pinned }: VersionLine,
    { hash, compareWith }: { readonly hash: string | null; readonly compareWith: string | null },
  ): HTMLElement {
    const isShown = version === compareWith
    return make(
      'li',
      {},
      make(
        'button',
        {
          'aria-pressed': String(isShown),
          onclick: () => store.set({ compareWith: isShown ? null : version }),
        },
        make('span', { class: 'name' }, words),
        make(
          'time',
          { datetime: new Date(at).toISOString(), title: exactTime(at) },
          timeWords(at, Date.now()),
        ),
        make('span', { class: 'detail' }, detail),
        pinned !== null && pinned === hash ? make('span', { class: 'same' }, 'The same bytes') : null,
      ),
    )
  }

  draft.on((shown) => {
    const isOther = (shown?.slug ?? null) !== slug
    slug = shown?.slug ?? null
    if (!isOther) return show()
    view = null
    last = store.get().compareWith
    isAll = false
    show()
    void look()
  })
  store.on(({ compareWith, place }, before) => {
    if (compareWith === before.compareWith) return
    if (compareWith !== null && place === before.place) last = compareWith
    show()
  })
  live.on('issues', () => void look())
  key('c', 'Compare with what was before, or stop', toggle)
  show()
  return panel
}

function keyOf(written: string): string {
  const send = /^(?:send:?\s*)(\d+)$/i.exec(written)?.[1]
  if (send !== undefined) return `send:${send}`
  return /^(?:git|hash):/.test(written) || /^[0-9a-f]{64}$/.test(written)
    ? written.replace(/^(?=[0-9a-f]{64}$)/, 'hash:')
    : `git:${written}`
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`
}
