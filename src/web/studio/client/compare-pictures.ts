/**
 * Two pictures: side by side, one over the other with a divider, or what differs between them. Each is as high as what it
 * shows, so the page scrolls both at once.
 */

import type { DraftView } from '../api.js'
import type { ComparisonView, PassageChange, PassageQuestion } from '../versions/api.js'
import { ask } from './ask.js'
import { openDivider } from './compare-divider.js'
import { type MarkCount, markChanges, markedIn, type Side, showMarks } from './compare-marks.js'
import { make } from './dom.js'
import { passagesOf } from './passages.js'
import { pictureUrl } from './picture-url.js'
import { openSheet } from './sheet.js'
import { type CompareAs, comparedReader, NOBODY, type Reader, type State } from './state.js'

/** CSS pixels: a phone, and what stands between two pictures. */
const NARROWEST = 375
const GAP = 32

export interface ComparePictures {
  readonly element: HTMLElement
  show(draft: DraftView, state: State, compared: ComparisonView): void
  clear(): void
  /** Of the draft; null before it is there. */
  draftFrame(): HTMLIFrameElement | null
  /** Of what it is compared with. */
  otherFrame(): HTMLIFrameElement | null
  /** What is marked in either, from above: CSS pixels of the page. */
  changes(): readonly number[]
}

export function openComparePictures({
  onReplaced,
  onMarked,
}: {
  readonly onReplaced: () => void
  /** What differs, of the pictures that are on screen; `unknown`: it could not be found out. */
  readonly onMarked: (told: MarkCount | 'coming' | 'unknown') => void
}): ComparePictures {
  const before = openSheet({ onReplaced: replaced, onSize: () => undefined })
  const after = openSheet({ onReplaced: replaced, onSize: () => undefined })
  const [beforeName, afterName] = [make('span'), make('span')]
  const pair = make(
    'div',
    { class: 'pair' },
    make('div', { class: 'picture before' }, before.element),
    make('div', { class: 'picture after' }, after.element),
    openDivider((percent) => pair.style.setProperty('--at', `${percent}%`)),
  )
  pair.style.setProperty('--at', '50%')
  const element = make(
    'div',
    { class: 'compared' },
    make('p', { class: 'sides' }, beforeName, afterName),
    pair,
  )
  let as: CompareAs = 'beside'

  function replaced(): void {
    void markBoth()
    onReplaced()
  }

  async function markBoth(): Promise<void> {
    const both = documents()
    if (both === null) return
    const [old, now] = [sideOf(both[0]), sideOf(both[1])]
    const question: PassageQuestion = { before: wordsOf(old.passages), after: wordsOf(now.passages) }
    const changes = await ask<readonly PassageChange[]>('/api/passages', question).catch(() => null)
    // An answer about pictures that are gone comes too late.
    if (documents()?.every((picture, index) => picture === both[index]) !== true) return
    onMarked(changes === null ? 'unknown' : markChanges(old, now, changes))
    showBothMarks()
  }

  /** Of both frames; null until both are there: one beside what is no longer its other says nothing. */
  function documents(): readonly [Document, Document] | null {
    if (before.isComing() || after.isComing()) return null
    const [old, now] = [before.frame()?.contentDocument, after.frame()?.contentDocument]
    return old && now ? [old, now] : null
  }

  function showBothMarks(): void {
    for (const sheet of [before, after]) {
      const picture = sheet.frame()?.contentDocument
      if (picture) showMarks(picture, as !== 'difference')
    }
  }

  return {
    element,
    show(draft, state, { key, name, hash }) {
      as = state.compareAs
      element.dataset.as = as
      const reader = comparedReader(state)
      const width = state.width === null ? 'auto' : `${state.width}px`
      element.style.setProperty('--width', width)
      element.classList.toggle('free', state.width === null)
      ;[beforeName.textContent, afterName.textContent] = namesOf(as, name, reader)
      // Two in little room are each a phone's picture made smaller, not one of no device.
      const isNarrow = as === 'beside' && pair.clientWidth < 2 * NARROWEST + GAP
      for (const sheet of [before, after]) sheet.setWidth(state.width ?? (isNarrow ? NARROWEST : null))
      after.show(pictureUrl(draft, state, reader), `Draft: ${reader.label}`)
      before.show(versionUrl(draft, state, { key, hash }), `${name}: ${reader.label}`)
      if (before.isComing() || after.isComing()) onMarked('coming')
      showBothMarks()
    },
    clear() {
      before.clear()
      after.clear()
    },
    draftFrame: () => after.frame(),
    otherFrame: () => before.frame(),
    changes: () => [before.frame(), after.frame()].flatMap((frame) => (frame === null ? [] : topsIn(frame))),
  }
}

function sideOf(picture: Document): Side {
  return { picture, passages: passagesOf(picture) }
}

function wordsOf(passages: Side['passages']): readonly string[] {
  return passages.map(({ words }) => words)
}

/** Of what stands at the left, and at the right. */
function namesOf(as: CompareAs, name: string, { label }: Reader): readonly [string, string] {
  const draft = label === NOBODY.label ? 'draft' : `draft for ${label}`
  if (as === 'difference') return [`What differs between ${name} and the ${draft}`, '']
  return [`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`, `D${draft.slice(1)}`]
}

/** The picture of the same place, of another version. */
function versionUrl(
  draft: DraftView,
  state: State,
  { key, hash }: { readonly key: string; readonly hash: string },
): string {
  const url = new URL(pictureUrl(draft, { ...state, holes: false }, comparedReader(state)), location.href)
  url.searchParams.set('version', key)
  url.searchParams.set('v', hash.slice(0, 12))
  return `${url.pathname}${url.search}`
}

function topsIn(frame: HTMLIFrameElement): readonly number[] {
  const { contentDocument } = frame
  if (contentDocument === null || frame.offsetHeight === 0) return []
  const place = frame.getBoundingClientRect()
  const scale = place.width / frame.offsetWidth
  return markedIn(contentDocument).map((one) => place.top + scrollY + one.getBoundingClientRect().top * scale)
}
