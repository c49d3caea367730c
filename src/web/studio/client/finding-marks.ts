/** Marks in the gutter of a picture, beside what has findings: a shape for each severity, which leads to the finding. */

import type { Finding } from '../api.js'
import { make } from './dom.js'
import { gravestOf, sentenceOf } from './found.js'
import { placesIn } from './line-places.js'
import { boxOf, layerOf } from './picture-layer.js'
import type { StudioPage } from './studio-page.js'

/** Two that stand closer would lie on each other. */
const MARK_HEIGHT = 20

export function openMarks({ draft, onFrames }: StudioPage, onChoose: (finding: Finding) => void): void {
  let frames: readonly HTMLIFrameElement[] = []
  const sizes = new ResizeObserver(show)

  function show(): void {
    for (const frame of frames) mark(frame, openFindings(draft.get()), onChoose)
  }

  onFrames((told) => {
    frames = told
    sizes.disconnect()
    for (const frame of told) {
      sizes.observe(frame)
      // Pictures that load late move what stands below them.
      const root = frame.contentDocument?.documentElement
      if (root) sizes.observe(root)
    }
    show()
  })
  draft.on(show)
}

/** Of the issue's own lines, and none that the editor lets pass. */
function openFindings(shown: ReturnType<StudioPage['draft']['get']>): readonly Finding[] {
  return (shown?.findings ?? []).filter(
    ({ file, line, waived }) => file === shown?.file && line !== null && waived === null,
  )
}

function mark(
  frame: HTMLIFrameElement,
  findings: readonly Finding[],
  onChoose: (finding: Finding) => void,
): void {
  const layer = layerOf(frame)
  const picture = frame.contentDocument
  if (layer === null || picture === null) return
  const find = findings.length === 0 ? () => null : placesIn(picture)
  const places = placesOf(findings, (line) => {
    const element = find(line)
    return element === null ? null : Math.round(boxOf(frame, element).top)
  })
  const held = layer.contains(document.activeElement)
    ? document.activeElement?.getAttribute('aria-label')
    : null
  for (const old of layer.querySelectorAll('.mark')) old.remove()
  const marks = places.map(({ top, those }) => markOf(top, those, onChoose))
  layer.append(...marks)
  if (held !== null)
    marks.find((one) => one.getAttribute('aria-label') === held)?.focus({ preventScroll: true })
}

interface MarkPlace {
  readonly top: number
  readonly those: readonly Finding[]
}

/** From above; findings of one place, or of places too close, share a mark. */
function placesOf(
  findings: readonly Finding[],
  topOf: (line: number) => number | null,
): readonly MarkPlace[] {
  const found = findings
    .flatMap((finding) => {
      const top = finding.line === null ? null : topOf(finding.line)
      return top === null ? [] : [{ top, those: [finding] }]
    })
    .sort((one, other) => one.top - other.top)
  const places: { top: number; those: Finding[] }[] = []
  for (const { top, those } of found) {
    const last = places.at(-1)
    if (last !== undefined && top - last.top < MARK_HEIGHT) last.those.push(...those)
    else places.push({ top, those })
  }
  return places
}

function markOf(
  top: number,
  those: readonly Finding[],
  onChoose: (finding: Finding) => void,
): HTMLButtonElement {
  const [first] = those
  const sentences = those.map(sentenceOf)
  const count = those.length > 1 ? `${those.length} findings: ` : ''
  const severity = gravestOf(those)
  const button = make(
    'button',
    {
      class: 'mark',
      'data-severity': severity,
      'aria-label': count + sentences.join('; '),
      title: sentences.join('\n'),
      onclick: () => {
        const gravest = those.find((one) => one.severity === severity) ?? first
        if (gravest !== undefined) onChoose(gravest)
      },
    },
    those.length > 1 ? make('span', {}, String(those.length)) : null,
  )
  button.style.top = `${top}px`
  return button
}
