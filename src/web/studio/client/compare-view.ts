/** The draft beside what it is compared with, in place of the readers' columns: pictures, or words. */

import type { DraftView } from '../api.js'
import type { ComparisonView } from '../versions/api.js'
import { ask, Refused } from './ask.js'
import { openChoiceGroup } from './choice-group.js'
import { COMPARE_CHOICES } from './choices.js'
import type { MarkCount } from './compare-marks.js'
import { openComparePictures } from './compare-pictures.js'
import { openCompareReader } from './compare-reader.js'
import { showLines, showText } from './compare-words.js'
import { fill, make } from './dom.js'
import type { Keys } from './keys.js'
import { comparedReader } from './state.js'
import type { StudioPage } from './studio-page.js'

export interface CompareView {
  readonly element: HTMLElement
  /** Hidden while nothing is compared, or there is no picture yet. */
  show(draft: DraftView | null): void
  /** Of the draft alone: findings stand beside no other. */
  frames(): readonly HTMLIFrameElement[]
}

export function openCompareView(
  { store, key, say }: Omit<StudioPage, 'onFrames'>,
  { keys, onReplaced }: { readonly keys: Keys; readonly onReplaced: () => void },
): CompareView {
  const heading = make('h2')
  const verdict = make('p', { class: 'verdict', role: 'status' })
  const choices = openChoiceGroup('Pictures', COMPARE_CHOICES, (compareAs) => store.set({ compareAs }))
  const reader = openCompareReader(store)
  const stop = make('button', { onclick: () => store.set({ compareWith: null }) }, 'Stop comparing')
  const lines = make('div')
  const words = make('div')
  const pictures = openComparePictures({
    onReplaced() {
      const other = pictures.otherFrame()?.contentDocument
      if (other && !listened.has(other)) {
        listened.add(other)
        keys.listen(other)
      }
      onReplaced()
    },
    onMarked(told) {
      marked = told
      tellVerdict()
    },
  })
  const listened = new WeakSet<Document>()
  const element = make(
    'section',
    { class: 'compare', 'aria-label': 'Comparison' },
    make(
      'header',
      {},
      heading,
      verdict,
      make('div', { class: 'acts' }, reader.element, choices.element, stop),
    ),
    lines,
    pictures.element,
    words,
  )
  /** What was asked for last; an answer to an earlier question comes too late. */
  let asked = ''
  let compared: ComparisonView | null = null
  let marked: MarkCount | 'coming' | 'unknown' = 'coming'

  async function show(draft: DraftView | null): Promise<void> {
    const { compareWith } = store.get()
    element.hidden = compareWith === null || draft === null || draft.version === 0
    if (element.hidden || compareWith === null || draft === null) return close()
    const url = comparisonUrl(draft, compareWith)
    if (asked === url) return arrange(draft)
    const isOther = compared?.key !== compareWith
    asked = url
    if (isOther) begin()
    try {
      const view = await ask<ComparisonView>(url)
      if (asked === url) become(view, draft)
    } catch (error) {
      if (asked === url) refuse(error)
    }
  }

  function begin(): void {
    close()
    heading.textContent = 'Comparing'
    verdict.textContent = ''
  }

  function become(view: ComparisonView, draft: DraftView): void {
    compared = view
    heading.textContent = `Compared with ${view.name}`
    fill(lines, showLines(view))
    fill(words, showText(view))
    arrange(draft)
  }

  /** What keeps it from being compared; where there was a comparison, it stays. */
  function refuse(error: unknown): void {
    asked = ''
    heading.textContent = compared === null ? 'It cannot be compared' : `Compared with ${compared.name}`
    verdict.textContent =
      error instanceof Refused
        ? error.problems
            .map(({ where, message }) => (where === '' ? message : `${where}: ${message}`))
            .join('. ')
        : 'The studio does not answer.'
    choices.element.hidden = compared === null
  }

  function arrange(draft: DraftView): void {
    const state = store.get()
    const isPicture = state.view === 'mail' || state.view === 'web'
    reader.show(state)
    choices.show(state.compareAs)
    choices.element.hidden = !isPicture || compared === null
    pictures.element.hidden = !isPicture || compared === null
    words.hidden = isPicture
    if (compared === null) return
    if (isPicture) pictures.show(draft, state, compared)
    tellVerdict()
    onReplaced()
  }

  function tellVerdict(): void {
    if (compared === null) return
    verdict.textContent = verdictOf(compared, store.get().view, marked)
  }

  function close(): void {
    compared = null
    pictures.clear()
    pictures.element.hidden = true
    fill(lines)
    fill(words)
    marked = 'coming'
    if (element.hidden) asked = ''
  }

  function comparisonUrl({ slug, version, facts }: DraftView, compareWith: string): string {
    const { values } = comparedReader(store.get())
    const v = `${version}-${facts?.hash.slice(0, 12) ?? ''}`
    const query = new URLSearchParams({ with: compareWith, values: JSON.stringify(values), v })
    return `/api/drafts/${encodeURIComponent(slug)}/compare?${query}`
  }

  /** To the change below, or above, what is at the top of the screen. */
  function step(by: 1 | -1): void {
    if (element.hidden) return
    const edge = element.getBoundingClientRect().top + scrollY < scrollY ? scrollY + READING_LINE : scrollY
    const tops = [...new Set([...pictures.changes(), ...changedWords()].map(Math.round))].sort(
      (a, b) => a - b,
    )
    const next =
      by === 1 ? tops.find((top) => top > edge + SLACK) : tops.findLast((top) => top < edge - SLACK)
    if (next === undefined) say(tops.length === 0 ? 'Nothing differs here.' : 'There is no other change.')
    else scrollTo({ top: next - READING_LINE })
  }

  function changedWords(): readonly number[] {
    if (words.hidden) return []
    return [...words.querySelectorAll('.changed')].map((one) => one.getBoundingClientRect().top + scrollY)
  }

  key('.', 'Next change of what is compared', () => step(1))
  key(',', 'Change before', () => step(-1))
  return {
    element,
    show: (draft) => void show(draft),
    frames: () => {
      const frame = pictures.draftFrame()
      return element.hidden || pictures.element.hidden || frame === null ? [] : [frame]
    },
  }
}

/** Below the bars that stay at the top of the screen. */
const READING_LINE = 160
const SLACK = 4

function verdictOf(
  { same, verdict, lines, links, text }: ComparisonView,
  view: string,
  marked: MarkCount | 'coming' | 'unknown',
): string {
  if (same === 'all') return verdict
  if (view === 'source') return 'Sources are not compared, so here is the text part.'
  if (view === 'text') {
    const changed = text.filter((block) => block.some(({ kind }) => kind !== 'same')).length
    return changed === 0
      ? 'The texts are the same.'
      : `${count(changed, 'paragraph differs', 'paragraphs differ')}.`
  }
  const beside = lines.length + links.length > 0 ? ' What is beside it differs.' : ''
  if (same === 'picture') return verdict + beside
  if (marked === 'coming') return ''
  if (marked === 'unknown') return 'What differs could not be found out.'
  return countsOf(marked) || 'Every passage is the same; what differs is how it looks, or where links lead.'
}

/** `1 passage changed, 2 are new.` */
function countsOf({ rewritten, come, gone }: MarkCount): string {
  const counts = [
    { number: rewritten, one: 'changed', more: 'changed' },
    { number: come, one: 'is new', more: 'are new' },
    { number: gone, one: 'is gone', more: 'are gone' },
  ].filter(({ number }) => number > 0)
  const [first, ...others] = counts.map(({ number, one, more }, index) =>
    index === 0 ? count(number, `passage ${one}`, `passages ${more}`) : count(number, one, more),
  )
  return first === undefined ? '' : `${[first, ...others].join(', ')}.`
}

function count(number: number, one: string, more: string): string {
  return `${number} ${number === 1 ? one : more}`
}
