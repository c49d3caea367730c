/**
 * Bars over time: time runs to the right in slots of one length each, zero is the ground, and what is said is said beside
 * the bars. The drawing is stretched to the room there is; words are never in it.
 */

import { formatNumber } from '../columns.js'
import { type Html, html } from './markup.js'
import { writeShortDay, writeShortTime } from './moment.js'

export interface Slot {
  /** ISO 8601, its beginning. */
  readonly at: string
  readonly spanMs: number
  readonly value: number
}

export interface Bars {
  /** What is counted, in a few words. */
  readonly name: string
  /** Oldest first; those with nothing in them may be missing. */
  readonly slots: readonly Slot[]
  /** What a full bar is; charts side by side share it. */
  readonly most: number
  readonly tone: string
  /** When it all began, ISO 8601; null: with the first slot. */
  readonly since: string | null
}

const HOUR_MS = 3_600_000
/** More slots would be thinner than a line. */
const MOST_SLOTS = 180

export function drawBars({ name, slots, most, tone, since }: Bars): Html {
  const total = slots.reduce((sum, { value }) => sum + value, 0)
  const peak = slots.reduce<Slot | null>(
    (best, slot) => (slot.value > (best?.value ?? 0) ? slot : best),
    null,
  )
  const parts = partsOf(slots, since)
  const words =
    peak === null ? 'none' : `${formatNumber(total)}; most, ${formatNumber(peak.value)}, ${spanOf(peak)}`
  return html`<figure class="bars">
<figcaption><b>${formatNumber(total)}</b> ${name} <span class="quiet">${peak === null ? 'none' : `most ${formatNumber(peak.value)}, ${spanOf(peak)}`}</span></figcaption>
<div class="strip" role="img" aria-label="${name}: ${words}" style="grid-template-columns:${parts.map(({ length }) => `minmax(0,${length}fr)`).join(' ')}">${parts.map((part) => drawPart(part, { most, tone, isAlone: parts.length === 1 && part.length > 5 }))}</div>
</figure>\n`
}

/** Slots of one length, without gaps. */
type Part = readonly Slot[]

/** Hours first, then days: each as one row of slots from its first to its last. */
function partsOf(slots: readonly Slot[], since: string | null): readonly Part[] {
  const lengths = [...new Set(slots.map(({ spanMs }) => spanMs))].sort((one, other) => one - other)
  return lengths.map((spanMs, place) => {
    const theirs = slots.filter((slot) => slot.spanMs === spanMs)
    const byTime = new Map(theirs.map((slot) => [Date.parse(slot.at), slot]))
    const times = [...byTime.keys()]
    const first = Math.min(...times)
    // The first part begins when the Send did, so that a silent start can be seen.
    const began = since === null || place > 0 ? first : Date.parse(since)
    const from = began < first ? first - Math.floor((first - began) / spanMs) * spanMs : first
    const until = Math.max(...times)
    const count = Math.min(MOST_SLOTS, Math.round((until - from) / spanMs) + 1)
    return Array.from({ length: count }, (_, at) => {
      const time = from + at * spanMs
      return byTime.get(time) ?? { at: new Date(time).toISOString(), spanMs, value: 0 }
    })
  })
}

/** Bars of a hundred high; anything above nothing can be seen. */
function drawPart(
  part: Part,
  { most, tone, isAlone }: Pick<Bars, 'most' | 'tone'> & { readonly isAlone: boolean },
): Html {
  const bars = part.map(({ value }, at) => {
    if (value === 0 || most === 0) return html``
    const height = Math.max(1.5, (100 * value) / most)
    return html`<rect x="${at + 0.1}" y="${(100 - height).toFixed(1)}" width="0.8" height="${height.toFixed(1)}"/>`
  })
  const [first] = part
  const last = part.at(-1)
  const write = (first?.spanMs ?? 0) < 24 * HOUR_MS ? writeShortTime : writeShortDay
  const end = last === undefined || !isAlone ? '' : write(last.at)
  return html`<div><svg viewBox="0 0 ${Math.max(part.length, 24)} 100" preserveAspectRatio="none" class="${tone}" aria-hidden="true">${bars}</svg><div class="axis"><span>${first === undefined ? '' : write(first.at)}</span><span>${end}</span></div></div>`
}

/** `24 Nov, 08:00` of an hour, `24 Nov` of a day. */
function spanOf({ at, spanMs }: Slot): string {
  return spanMs < 24 * HOUR_MS ? writeShortTime(at) : writeShortDay(at)
}
