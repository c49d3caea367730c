/** The bar of states, whose parts add up to the audience, and who was left out and why. */

import type { DeliveryState } from '../../db/schema.js'
import { formatNumber } from '../columns.js'
import { STATE_ORDER, writeIdentity } from '../print.js'
import { explainReason } from '../reply-words.js'
import type { Report } from '../report.js'
import { type Html, html, NOTHING } from './markup.js'
import { drawTable } from './table.js'

/** A state with anyone in it can be seen, in parts of a thousand. */
const LEAST = 6

export function drawStates(report: Report): Html {
  const states = STATE_ORDER.filter((state) => report[state] > 0)
  return html`<p>${identity(report)}</p>
${drawBar(report, states)}
<ul class="states">${states.map(
    (state) =>
      html`<li><span class="swatch ${state}"></span>${state} <b>${formatNumber(report[state])}</b></li>\n`,
  )}</ul>
${drawReasons(report)}`
}

function identity(report: Report): string {
  return writeIdentity(report).replace(/^audience/, 'Audience')
}

function drawBar(report: Report, states: readonly DeliveryState[]): Html {
  const total = states.reduce((sum, state) => sum + report[state], 0)
  if (total === 0) return html`<p class="quiet">Nobody is in it yet.</p>`
  const widths = states.map((state) => Math.max(LEAST, (1_000 * report[state]) / total))
  const scale = 1_000 / widths.reduce((sum, width) => sum + width, 0)
  let from = 0
  const parts = states.map((state, at) => {
    const width = (widths[at] ?? 0) * scale
    const x = from
    from += width
    return html`<rect class="${state}" x="${x.toFixed(1)}" y="0" width="${Math.max(1, width - 1.5).toFixed(1)}" height="10"><title>${state} ${formatNumber(report[state])}</title></rect>`
  })
  return html`<svg class="state-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${identity(report)}">${parts}</svg>`
}

/** The rest of a long list is one row. */
const MOST_REASONS = 40

function drawReasons({ reasons }: Report): Html {
  if (reasons.length === 0) return NOTHING
  const rest = reasons.slice(MOST_REASONS).reduce((sum, { count }) => sum + count, 0)
  const rows = reasons
    .slice(0, MOST_REASONS)
    .map(({ state, reason, count }) => ({ cells: [explainReason(reason), stateCell(state), count] }))
  const more =
    rest === 0 ? [] : [{ cells: [`${formatNumber(reasons.length - MOST_REASONS)} other reasons`, '', rest] }]
  return html`<h3>Who did not get it, and why</h3>
${drawTable(
  'Who did not get it, and why',
  [
    { name: 'reason', kind: 'words' },
    { name: 'state', kind: 'words' },
    { name: 'people', kind: 'number' },
  ],
  [...rows, ...more],
)}`
}

function stateCell(state: DeliveryState): Html {
  return html`<span class="state"><span class="swatch ${state}"></span>${state}</span>`
}
