/** The stage: a column for each reader who is looked at, under what is wrong with the file as it is now. */

import type { DraftView } from '../api.js'
import { openBeyondNote } from './beyond-note.js'
import { openCompareView } from './compare-view.js'
import { fill, make } from './dom.js'
import type { Keys } from './keys.js'
import { openLinkNote } from './link-note.js'
import { openReaderColumn, type ReaderColumn } from './reader-column.js'
import { openSimulation } from './simulation.js'
import { openStrip } from './strip.js'
import type { StudioPage } from './studio-page.js'
import { openToolbar } from './toolbar.js'

export interface Stage {
  readonly element: HTMLElement
  readonly onFrames: StudioPage['onFrames']
}

export function openStage(page: Omit<StudioPage, 'onFrames'>, keys: Keys): Stage {
  const { store, draft } = page
  const listeners: ((frames: readonly HTMLIFrameElement[]) => void)[] = []
  const guarded = new WeakSet<HTMLIFrameElement>()
  const strip = openStrip()
  const note = openLinkNote(page)
  const readers = make('div', { class: 'readers' })
  const beyond = openBeyondNote(readers)
  const compare = openCompareView(page, { keys, onReplaced: tellFrames })
  const empty = make('p', { class: 'empty' })
  const element = make(
    'div',
    { class: 'stage' },
    make('div', { class: 'above' }, openToolbar(page), strip.element, beyond.element),
    openSimulation(page),
    compare.element,
    readers,
    empty,
    note.element,
  )
  let columns: readonly ReaderColumn[] = []
  let told: readonly HTMLIFrameElement[] = []
  let slug: string | null = null

  function show(): void {
    const shown = draft.get()
    strip.show(shown)
    element.classList.toggle('stale', (shown?.problems.length ?? 0) > 0)
    // Another issue never stands under this one's name.
    if (shown?.slug !== slug) clear()
    slug = shown?.slug ?? null
    const isCompared = store.get().compareWith !== null
    if (isCompared && columns.length > 0) clear()
    compare.show(shown)
    readers.hidden = isCompared || shown === null || shown.version === 0
    empty.hidden = shown !== null
    empty.textContent = 'The picture is being drawn.'
    if (!isCompared && shown !== null && shown.version > 0) showReaders(shown)
    else beyond.element.hidden = true
  }

  function showReaders(shown: DraftView): void {
    const state = store.get()
    matchColumns(state.readers.length)
    for (const [index, reader] of state.readers.entries()) columns[index]?.show(shown, state, reader)
    beyond.look()
    tellFrames()
  }

  /** A frame that is moved loads anew, so those that stay are not touched. */
  function matchColumns(count: number): void {
    for (const column of columns.slice(count)) column.element.remove()
    const more = Array.from({ length: Math.max(count - columns.length, 0) }, () =>
      openReaderColumn(store, { onReplaced: tellFrames, isAlone: () => columns.length === 1 }),
    )
    columns = [...columns.slice(0, count), ...more]
    readers.append(...more.map((column) => column.element))
  }

  function clear(): void {
    columns = []
    fill(readers)
    tellFrames()
  }

  function tellFrames(): void {
    const frames = [...columns.flatMap((column) => column.frame() ?? []), ...compare.frames()]
    if (frames.length === told.length && frames.every((frame, index) => frame === told[index])) return
    told = frames
    for (const frame of frames) {
      if (frame.contentDocument === null || guarded.has(frame)) continue
      guarded.add(frame)
      note.guard(frame)
      keys.listen(frame.contentDocument)
    }
    for (const listener of listeners) listener(frames)
  }

  store.on((state, before) => {
    if (state.place.kind === 'issue' && state.place === before.place) show()
  })
  draft.on((shown) => {
    // What was said of the picture before is not true of the file as it is now.
    if (shown !== null && shown.problems.length > 0) page.say('')
    show()
  })
  show()
  return { element, onFrames: (listener) => void listeners.push(listener) }
}
