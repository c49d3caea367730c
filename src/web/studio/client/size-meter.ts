/** How near the mail is to where Gmail cuts it: one bar of all its parts, and the same as a table. */

import type { DraftView, SizePart, SizesView } from '../api.js'
import { ask } from './ask.js'
import { fill, make } from './dom.js'
import type { Reveal } from './reveal.js'
import type { StudioPage } from './studio-page.js'

/** A label needs so much of the bar's length. */
const LABEL_SHARE = 0.16

export function openSizeMeter({ draft, store }: StudioPage, reveal: Reveal): HTMLElement {
  const heading = make('h2', { id: 'sizes' }, 'Size')
  const body = make('div')
  const element = make('section', { class: 'sizes', 'aria-labelledby': 'sizes' }, heading, body)
  let asked = ''

  async function show(shown: DraftView | null): Promise<void> {
    if (shown === null || shown.version === 0) {
      asked = ''
      fill(body)
    } else if (shown.findings !== null) await askFor(shown)
  }

  /** After the checks, since the picture and they come first. */
  async function askFor({ slug, version }: DraftView): Promise<void> {
    const url = `/api/drafts/${encodeURIComponent(slug)}/sizes?v=${version}`
    if (url === asked) return
    asked = url
    const sizes = await ask<SizesView>(url).catch(() => null)
    if (sizes === null || url !== asked) return
    const isOpen = body.querySelector('details')?.open ?? sizes.htmlBytes >= sizes.warnBytes
    fill(body, total(sizes), bar(sizes), verdict(sizes), whole(sizes), table(sizes, { isOpen, reveal }))
  }

  draft.on((shown) => void show(shown))
  store.on((state, before) => {
    if (state.place !== before.place) fill(body)
  })
  void show(draft.get())
  return element
}

function total({ htmlBytes, cutBytes }: SizesView): HTMLElement {
  const size = make('strong', {}, kilobytes(htmlBytes))
  return make('p', { class: 'total' }, size, ` of ${round(cutBytes)}, where Gmail cuts`)
}

/** As long as the mail, or the way to the cut where that is longer. The table says all of it, so it is hidden from who listens. */
function bar(sizes: SizesView): HTMLElement {
  const { parts, htmlBytes, cutBytes } = sizes
  const length = Math.max(htmlBytes, cutBytes)
  const share = (bytes: number) => `${((bytes / length) * 100).toFixed(2)}%`
  const segments = parts.map(({ kind, label, sizeBytes }) => {
    const segment = make('span', { class: `part ${kind}`, title: `${label}: ${kilobytes(sizeBytes)}` })
    segment.style.width = share(sizeBytes)
    return segment
  })
  const cut = make(
    'span',
    { class: htmlBytes > cutBytes ? 'cut within' : 'cut' },
    make('i', {}, round(cutBytes)),
  )
  return make(
    'div',
    { class: 'bar', 'aria-hidden': 'true' },
    make(
      'div',
      { class: 'labels' },
      ...labels(parts, length).map(({ at, words }) => startAt(share(at), make('span', {}, words))),
    ),
    make('div', { class: 'parts' }, ...segments),
    startAt(share(cutBytes), cut),
  )
}

function startAt(share: string, element: HTMLElement): HTMLElement {
  element.style.insetInlineStart = share
  return element
}

/** Of neighbours of one kind together: what is the template's, and what the words take. */
function labels(parts: readonly SizePart[], length: number) {
  const spans: { readonly kind: string; at: number; sizeBytes: number }[] = []
  let at = 0
  for (const { kind, sizeBytes } of parts) {
    const name = kind === 'section' || kind === 'opening' ? 'Words' : 'Template'
    const last = spans.at(-1)
    if (last?.kind === name) last.sizeBytes += sizeBytes
    else spans.push({ kind: name, at, sizeBytes })
    at += sizeBytes
  }
  return spans
    .filter(({ sizeBytes }) => sizeBytes / length > LABEL_SHARE)
    .map((span) => ({ at: span.at, words: `${span.kind} ${kilobytes(span.sizeBytes)}` }))
}

function verdict({ htmlBytes, cutBytes, parts, reader }: SizesView): HTMLElement {
  const cut = cutPart(parts, cutBytes)
  const words =
    cut === null
      ? `${kilobytes(cutBytes - htmlBytes)} are left, for ${reader}.`
      : `Gmail cuts ${kilobytes(htmlBytes - cutBytes)} off for ${reader}, from within “${cut.label}” on.`
  return make('p', { class: cut === null ? 'verdict' : 'verdict over' }, words)
}

function whole({ messageBytes }: SizesView): HTMLElement {
  return make('p', { class: 'whole' }, `The whole message, encoded: ${kilobytes(messageBytes)}.`)
}

/** What the cut goes through. */
function cutPart(parts: readonly SizePart[], cutBytes: number): SizePart | null {
  let end = 0
  for (const part of parts) {
    end += part.sizeBytes
    if (end > cutBytes) return part
  }
  return null
}

function table(
  { parts, htmlBytes, warnBytes, maxBytes, cutBytes }: SizesView,
  { isOpen, reveal }: { readonly isOpen: boolean; readonly reveal: Reveal },
): HTMLElement {
  const cut = cutPart(parts, cutBytes)
  const isBehind = (part: SizePart) => cut !== null && parts.indexOf(part) > parts.indexOf(cut)
  const note = (part: SizePart) => (part === cut ? ' (cut here)' : isBehind(part) ? ' (cut off)' : '')
  const rows = parts.map((part) => {
    const { kind, label, line, sizeBytes } = part
    const name =
      line === null ? label : make('button', { class: 'plain', onclick: () => reveal(line) }, label)
    return make(
      'tr',
      { class: kind },
      make('th', { scope: 'row' }, name, note(part)),
      make('td', {}, kilobytes(sizeBytes)),
    )
  })
  const limit = (words: string, bytes: number) =>
    make('tr', { class: 'limit' }, make('th', { scope: 'row' }, words), make('td', {}, round(bytes)))
  return make(
    'details',
    { open: isOpen },
    make('summary', {}, 'By section'),
    make(
      'table',
      {},
      make('caption', { class: 'unseen' }, 'Size of the HTML by section'),
      make('tbody', {}, ...rows),
      make(
        'tfoot',
        {},
        make('tr', {}, make('th', { scope: 'row' }, 'HTML'), make('td', {}, kilobytes(htmlBytes))),
        limit('A warning from', warnBytes),
        limit('An error from', maxBytes),
      ),
    ),
  )
}

/** A kilobyte is 1,000 bytes, as the check counts. */
function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`
}

function round(bytes: number): string {
  return `${Math.round(bytes / 1_000)} KB`
}
