/** Opens and clicks over time, by Section, by Link, and by alternative of a conditional passage. */

import { formatNumber } from '../columns.js'
import type { Reach } from '../reach.js'
import type { Report } from '../report.js'
import { shareOf } from '../shares.js'
import { drawBars } from './bars.js'
import { rowOf } from './click-map.js'
import { type Html, html } from './markup.js'
import { type Column, drawReachBar, drawTable, REACH_COLUMNS, reachCells } from './table.js'

const VERDICTS = [
  { verdict: 'person', words: 'by a person' },
  { verdict: 'unknown', words: 'unknown' },
  { verdict: 'machine', words: 'by a machine' },
] as const

/** Small multiples: what stands in one row shares its scale. */
export function drawOverTime(report: Report): Html {
  const { opens, clicks, tracking, sent } = report
  const isSeen = opens.deliveries + clicks.deliveries > 0
  return html`<h3>Opens</h3>
${tracking.opens ? drawKind(report, 'opens', opens) : html`<p class="quiet">Opens were not tracked.</p>`}
<h3>Clicks</h3>
${tracking.clicks ? drawKind(report, 'clicks', clicks) : html`<p class="quiet">Clicks were not tracked.</p>`}
${isSeen ? html`<p class="quiet">Each of the ${formatNumber(sent)} sent counts once, under the best that its requests were taken for: a person, else unknown, else a machine. It stands at the time of the first such request, in UTC: by the hour for two days, then by the day.</p>` : null}`
}

function drawKind({ overTime, startedAt }: Report, kind: 'opens' | 'clicks', all: Reach): Html {
  if (all.deliveries === 0) return html`<p class="quiet">None yet.</p>`
  const spans = overTime.filter((span) => span[kind].deliveries > 0)
  const most = Math.max(...VERDICTS.flatMap(({ verdict }) => spans.map((span) => span[kind][verdict])))
  return html`<div class="multiples">${VERDICTS.map(({ verdict, words }) =>
    drawBars({
      name: words,
      slots: spans.map(({ at, spanMs, ...span }) => ({ at, spanMs, value: span[kind][verdict] })),
      most,
      tone: verdict,
      since: startedAt,
    }),
  )}</div>`
}

export function drawSections({ clicks, sent }: Report): Html {
  const most = Math.max(0, ...clicks.sections.map(({ deliveries }) => deliveries))
  const rows = clicks.sections.map((section) => ({
    cells: [
      html`<bdi>${section.heading === '' ? "Editor's note" : section.heading}</bdi> <span class="quiet">${countLinks(section.links)}</span>`,
      drawReachBar(section, most),
      ...reachCells(section),
      shareOf(section.person, sent, 'sent'),
    ],
  }))
  const table = drawTable(
    'Clicks by Section',
    [
      { name: 'Section', kind: 'words' },
      { name: '', kind: 'bar' },
      ...REACH_COLUMNS,
      { name: 'share', kind: 'share' },
    ],
    rows,
  )
  const note =
    clicks.sections.length < 2
      ? ''
      : ' Whoever clicks in two Sections counts in both, so the rows may add up to more than all who clicked.'
  return html`${table}<p class="quiet">The share counts people.${note}</p>`
}

function countLinks(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? 'Link' : 'Links'}`
}

/** Far more than an issue has that people read. */
const MOST_LINKS = 500

export function drawLinks({ clicks }: Report): Html {
  const most = Math.max(0, ...clicks.links.map(({ deliveries }) => deliveries))
  const columns: readonly Column[] = [
    { name: 'Link', kind: 'words' },
    { name: '', kind: 'bar' },
    ...REACH_COLUMNS,
    { name: 'requests', kind: 'number' },
  ]
  const rows = clicks.links.slice(0, MOST_LINKS).map((link) => ({
    id: rowOf(link.index),
    cells: [
      html`<bdi>${link.text || link.url}</bdi><span class="url">${hrefOf(link.url)}</span>`,
      drawReachBar(link, most),
      ...reachCells(link),
      link.hits,
    ],
  }))
  const rest = clicks.links.length - rows.length
  const more =
    rest > 0 ? html`<p class="quiet">And ${countLinks(rest)} more; --csv links has all of them.</p>` : null
  return html`${drawTable('Clicks by Link', columns, rows)}${more}`
}

/** Only what a compiler lets through leads anywhere. */
function hrefOf(url: string): Html {
  return /^https?:\/\//i.test(url) ? html`<a href="${url}" rel="noreferrer">${url}</a>` : html`${url}`
}

export function drawPassages({ passages, tracking }: Report): Html {
  const rows = passages.flatMap(({ condition, alternatives }) =>
    alternatives.map(({ is, deliveries, opens, clicks }) => ({
      cells: [
        is === 'erased'
          ? 'erased since'
          : html`${is === 'present' ? 'with' : 'without'} <code>${condition}</code>`,
        deliveries,
        tracking.opens ? opens.person : '–',
        tracking.clicks ? clicks.person : '–',
        tracking.clicks ? shareOf(clicks.person, deliveries, 'sent') : '–',
      ],
    })),
  )
  return html`${drawTable(
    'What readers of each alternative did',
    [
      { name: 'readers', kind: 'words' },
      { name: 'sent', kind: 'number' },
      { name: 'opened', kind: 'number' },
      { name: 'clicked', kind: 'number' },
      { name: 'share', kind: 'share' },
    ],
    rows,
  )}<p class="quiet">Opened and clicked count people; the share is of those who clicked.</p>`
}
