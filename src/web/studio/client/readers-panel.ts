/** Who the issue is looked at as: one reader or several side by side, and what their copies lack. */

import type { ReadersView, ReaderView, SampleReader } from '../api.js'
import { ask } from './ask.js'
import { make } from './dom.js'
import { dropOwnReader, keepOwnReader, onOwnReaders, readOwnReaders } from './own-readers.js'
import { placeLink } from './places.js'
import { makeReaderForm } from './reader-form.js'
import { describeCount, describeReader } from './reader-words.js'
import { refill } from './refill.js'
import { NOBODY, type Reader } from './state.js'
import type { StudioPage } from './studio-page.js'

const GROUPS: readonly { title: string | null; kinds: readonly ReaderView['kind'][] }[] = [
  { title: null, kinds: ['cast'] },
  { title: 'Variants', kinds: ['variant'] },
  { title: 'Written', kinds: ['shared', 'own'] },
]

export function openReadersPanel(page: StudioPage): HTMLElement {
  const { store, draft } = page
  const body = make('div')
  const holes = make('input', { type: 'checkbox', onchange: () => store.set({ holes: holes.checked }) })
  const panel = make(
    'section',
    { class: 'readers-panel', 'aria-label': 'Readers' },
    make(
      'header',
      {},
      make('h2', {}, 'Readers'),
      make(
        'label',
        { title: 'Mark where values, fallbacks and gaps stand (h)' },
        holes,
        'Mark what is personal',
      ),
    ),
    body,
  )
  let view: ReadersView | null = null
  /** `SLUG VERSION` that `view` was asked for. */
  let looked = ''
  /** Who is being changed; null: nobody, or a new one. */
  let written: SampleReader | null = null
  /** Made once: what is typed in it outlives an edit of the issue. */
  let form: HTMLFormElement | null = null
  let asking = 0

  async function look(): Promise<void> {
    const shown = draft.get()
    if (shown === null || shown.version === 0) return
    const own = readOwnReaders()
    const turn = ++asking
    const path = `/api/drafts/${encodeURIComponent(shown.slug)}/readers`
    const answered = await ask<ReadersView>(path, own).catch(() => null)
    if (answered === null || turn !== asking || draft.get()?.slug !== shown.slug) return
    view = answered
    refreshShown(answered)
    show()
  }

  /** A reader of the issue may have got a value more since they were picked. */
  function refreshShown({ readers }: ReadersView): void {
    const { readers: before } = store.get()
    const after = before.map((one) => asReader(readers.find(({ label }) => label === one.label) ?? one))
    if (JSON.stringify(after) !== JSON.stringify(before)) store.set({ readers: after })
  }

  function pick(readers: readonly Reader[]): void {
    store.set({ readers: readers.length === 0 ? [NOBODY] : readers })
  }

  function toggle(reader: ReaderView, isWanted: boolean): void {
    const others = store.get().readers.filter(({ label }) => label !== reader.label)
    pick(isWanted ? inOrder([...others, asReader(reader)]) : others)
  }

  /** As the list shows them; who is not in it stands last. */
  function inOrder(readers: readonly Reader[]): readonly Reader[] {
    const labels = view?.readers.map(({ label }) => label) ?? []
    const at = ({ label }: Reader) => (labels.indexOf(label) + labels.length + 1) % (labels.length + 1)
    return [...readers].sort((one, other) => at(one) - at(other))
  }

  /** The one before or after whom is shown, alone. */
  function step(by: 1 | -1): void {
    if (view === null) return
    const labels = view.readers.map(({ label }) => label)
    const from = labels.indexOf(store.get().readers[0]?.label ?? '')
    const next = view.readers[(from + by + labels.length) % labels.length]
    if (next === undefined) return
    pick([asReader(next)])
    page.say(`Reader: ${next.label}, ${describeCount(next.count) || 'nothing missing'}.`)
  }

  function pickVariants(): void {
    const variants = view?.readers.filter(({ kind }) => kind === 'variant') ?? []
    const isShown = variants.every(({ label }) => isPicked(label))
    if (variants.length === 0) page.say('This issue has no conditional passage, so no variants.')
    else pick(isShown ? [NOBODY] : variants.map(asReader))
  }

  function isPicked(label: string): boolean {
    return store.get().readers.some((one) => one.label === label)
  }

  function keep(reader: SampleReader): void {
    const before = written?.label ?? null
    keepOwnReader(reader, before)
    closeForm()
    pick([
      ...store.get().readers.filter(({ label }) => label !== before && label !== reader.label),
      asReader(reader),
    ])
    page.say(`${reader.label} is kept in this browser.`)
    void look()
  }

  function drop({ label }: ReaderView): void {
    dropOwnReader(label)
    pick(store.get().readers.filter((one) => one.label !== label))
    page.say(`${label} is no reader any more.`)
    void look()
  }

  function write(reader: SampleReader | null): void {
    if (view === null) return
    written = reader
    form = makeReaderForm({ asked: view.asked, reader, describeTaken, onKeep: keep, onCancel: cancel })
    show()
  }

  function cancel(): void {
    closeForm()
    show()
  }

  function closeForm(): void {
    written = null
    form = null
  }

  function describeTaken(label: string): string | null {
    const taken = view?.readers.find((one) => one.label === label && one.label !== written?.label)
    return taken === undefined || taken.kind === 'own'
      ? null
      : 'There is a reader of that name; choose another.'
  }

  function show(): void {
    const { readers, holes: isMarked } = store.get()
    holes.checked = isMarked
    refill(body, ...(view === null ? [] : partsOf(view, readers)))
  }

  function partsOf(
    { readers: known, asked, problems }: ReadersView,
    shown: readonly Reader[],
  ): readonly HTMLElement[] {
    const isSame = asked.every(({ name }) => name === 'address')
    const strangers = shown.filter(({ label }) => !known.some((one) => one.label === label))
    return [
      ...(isSame ? [make('p', { class: 'quiet' }, 'This issue is the same for every reader.')] : []),
      ...GROUPS.flatMap(({ title, kinds }) =>
        groupOf(
          title,
          known.filter(({ kind }) => kinds.includes(kind)),
        ),
      ),
      ...strangers.map(strangerRow),
      ...problems.map(({ where, line, message }) =>
        make('p', { class: 'trouble' }, placeLink(where, line), ` ${message}`),
      ),
      form ?? make('button', { class: 'plain', onclick: () => write(null) }, 'Write a reader'),
    ]
  }

  function groupOf(title: string | null, some: readonly ReaderView[]): readonly HTMLElement[] {
    if (some.length === 0) return []
    const all =
      some[0]?.kind === 'variant'
        ? make(
            'button',
            { class: 'plain', title: 'All variants side by side (v)', onclick: pickVariants },
            'Show all',
          )
        : null
    return [
      ...(title === null ? [] : [make('header', {}, make('h3', {}, title), all)]),
      make('ul', { 'aria-label': title ?? 'Sample readers' }, ...some.map(rowOf)),
    ]
  }

  function rowOf(reader: ReaderView): HTMLElement {
    const { label, kind, count } = reader
    const isShown = isPicked(label)
    const box = make('input', {
      type: 'checkbox',
      'aria-label': `Show ${label} beside the others`,
      onchange: () => toggle(reader, box.checked),
    })
    box.checked = isShown
    return make(
      'li',
      { 'aria-current': isShown ? 'true' : null },
      box,
      make(
        'button',
        { class: 'name', title: `Show ${label} alone`, onclick: () => pick([asReader(reader)]) },
        label,
      ),
      kind === 'shared' ? make('span', { class: 'quiet' }, 'shared') : null,
      kind === 'own' ? act('Change', label, () => write(reader)) : null,
      kind === 'own' ? act('Remove', label, () => drop(reader)) : null,
      countOf(count),
      isShown ? detailsOf(reader) : null,
    )
  }

  /** Who came with the address: of another browser, or of another issue. */
  function strangerRow(reader: Reader): HTMLElement {
    return make(
      'p',
      { class: 'stranger' },
      `${reader.label} came with the address. `,
      act('Keep', reader.label, () => keep(reader)),
      ' ',
      act('Remove', reader.label, () => pick(store.get().readers.filter((one) => one !== reader))),
    )
  }

  store.on((state, before) => {
    if (state.readers !== before.readers || state.holes !== before.holes) show()
  })
  draft.on((shown) => {
    const slug = shown?.slug ?? ''
    if (!looked.startsWith(`${slug} `)) {
      view = null
      closeForm()
      show()
    }
    // Findings that come later change nothing here.
    const now = `${slug} ${shown?.version ?? 0}`
    if (now === looked) return
    looked = now
    void look()
  })
  onOwnReaders(() => void look())
  page.live.onReturn(() => void look())
  const onIssue = (act: () => void) => () => {
    if (store.get().place.kind === 'issue') act()
  }
  page.key('h', 'Mark what readers fill, fallbacks and gaps', () => store.set({ holes: !store.get().holes }))
  page.key(
    'r',
    'Next reader',
    onIssue(() => step(1)),
  )
  page.key(
    'R',
    'Reader before',
    onIssue(() => step(-1)),
  )
  page.key('v', 'All variants side by side, or one reader again', onIssue(pickVariants))
  show()
  void look()
  return panel
}

function asReader({ label, values }: Reader): Reader {
  return { label, values }
}

function act(what: string, label: string, onclick: () => void): HTMLElement {
  return make('button', { class: 'act', 'aria-label': `${what} ${label}`, onclick }, what)
}

function countOf(count: ReaderView['count']): HTMLElement | null {
  const words = describeCount(count)
  if (words === '') return null
  return make('span', { class: 'count', 'data-worst': count.empty > 0 ? 'empty' : 'fallback' }, words)
}

function detailsOf(reader: ReaderView): HTMLElement | null {
  const lines = describeReader(reader)
  return lines.length === 0
    ? null
    : make('ul', { class: 'details' }, ...lines.map((line) => make('li', {}, line)))
}
