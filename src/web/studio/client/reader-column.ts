/** One reader's copy on the stage: their name, their row of the inbox, and the view that is looked at. */

import type { CopyView, DraftView } from '../api.js'
import { ask } from './ask.js'
import { make } from './dom.js'
import { openInboxRow } from './inbox-row.js'
import { pictureUrl } from './picture-url.js'
import { openSheet } from './sheet.js'
import { openSourceView } from './source-view.js'
import { NOBODY, type Reader, type State, type Store } from './state.js'
import { openTextView } from './text-view.js'
import { openWidthHandle } from './width-handle.js'

export interface ReaderColumn {
  readonly element: HTMLElement
  show(draft: DraftView, state: State, reader: Reader): void
  /** Null where the view is none of pictures, or nothing is there yet. */
  frame(): HTMLIFrameElement | null
}

export function openReaderColumn(
  store: Store,
  { onReplaced, isAlone }: { readonly onReplaced: () => void; readonly isAlone: () => boolean },
): ReaderColumn {
  const name = make('span', { class: 'name' })
  const size = make('span', { class: 'facts' })
  const row = openInboxRow()
  const text = openTextView()
  const source = openSourceView()
  const handle = openWidthHandle(
    () => (isAlone() ? 2 : 1),
    (width) => store.set({ width }),
  )
  const sheet = openSheet({
    onReplaced,
    onSize(told) {
      handle.tell(told)
      size.textContent = sizeWords(told)
    },
  })
  const picture = make('div', { class: 'picture' }, sheet.element, handle.element)
  const element = make(
    'section',
    { class: 'reader' },
    make('header', {}, make('h2', {}, 'Reader: ', name), size),
    row.element,
    picture,
    text.element,
    source.element,
  )
  /** What was asked for last; an answer to an earlier question comes too late. */
  let asked = ''
  let copy: { readonly url: string; readonly view: CopyView } | null = null
  let isPicture = false

  function show(draft: DraftView, state: State, reader: Reader): void {
    const { view, width } = state
    isPicture = view === 'mail' || view === 'web'
    element.setAttribute('aria-label', reader.label)
    const label = reader.label === NOBODY.label ? 'nothing known' : reader.label
    if (name.textContent !== label) name.textContent = label
    size.hidden = !isPicture
    element.style.setProperty('--width', width === null || !isPicture ? 'auto' : `${width}px`)
    element.classList.toggle('free', width === null || !isPicture)
    // Hidden, not taken out: a frame that is taken out loads anew.
    picture.hidden = !isPicture
    text.element.hidden = view !== 'text'
    source.element.hidden = view !== 'source'
    if (isPicture) {
      sheet.setWidth(width)
      sheet.show(pictureUrl(draft, state, reader), `${view === 'web' ? 'Web page' : 'Mail'}: ${reader.label}`)
    }
    void showCopy(draft, state, reader)
    if (view === 'source') void showSource(draft, reader)
  }

  async function showCopy(draft: DraftView, state: State, reader: Reader): Promise<void> {
    const url = copyUrl(draft, 'copy', reader)
    asked = url
    row.element.hidden = state.view === 'source' || state.view === 'web' || copy === null
    const view = copy?.url === url ? copy.view : await askQuietly(() => ask<CopyView>(url))
    if (view === null || asked !== url || draft.facts === null) return
    copy = { url, view }
    const { view: shown, mode, holes } = store.get()
    row.element.hidden = shown === 'source' || shown === 'web'
    row.show({ facts: draft.facts, copy: view, isDark: mode.light !== 'light', marksHoles: holes })
    text.show(view, holes)
  }

  async function showSource(draft: DraftView, reader: Reader): Promise<void> {
    const url = copyUrl(draft, 'raw', reader)
    const raw = await askQuietly(async () => {
      const response = await fetch(url)
      return response.ok ? response.text() : null
    })
    if (raw !== null && asked === copyUrl(draft, 'copy', reader)) source.show(raw, url)
  }

  return { element, show, frame: () => (isPicture ? sheet.frame() : null) }
}

function copyUrl({ slug, version }: DraftView, what: 'copy' | 'raw', { values }: Reader): string {
  const query = new URLSearchParams({ values: JSON.stringify(values), v: String(version) })
  return `/api/drafts/${encodeURIComponent(slug)}/${what}?${query}`
}

/** While the studio is gone what is on screen stays, and the foot says so. */
async function askQuietly<T>(question: () => Promise<T | null>): Promise<T | null> {
  try {
    return await question()
  } catch {
    return null
  }
}

function sizeWords({ width, scale }: { readonly width: number; readonly scale: number }): string {
  const pixels = `${Math.round(width)} px`
  return scale === 1 ? pixels : `${pixels}, shown at ${Math.round(scale * 100)} %`
}
