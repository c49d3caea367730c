/** This issue beside earlier ones to the same List: small multiples on one scale each, and the numbers. */

import { formatNumber } from '../columns.js'
import type { Earlier } from '../earlier.js'
import type { Report } from '../report.js'
import { percentOf, shareOf } from '../shares.js'
import { type Html, html } from './markup.js'
import { writeDay, writeShortDay } from './moment.js'
import { drawTable } from './table.js'

const MEASURES = [
  { of: 'opened', name: 'opened' },
  { of: 'clicked', name: 'clicked' },
  { of: 'unsubscribes', name: 'unsubscribed' },
  { of: 'complaints', name: 'complained' },
] as const

export function drawEarlier(report: Report): Html {
  if (report.earlier.length === 0)
    return html`<p class="quiet">This is the first send to ${report.list}; the next report compares itself with it.</p>`
  const all = [...report.earlier].reverse().concat(thisOne(report))
  const rows = [...all].reverse().map((one) => ({
    cells: [
      html`<bdi>${one.title}</bdi><span class="url">${one.startedAt === null ? '' : writeDay(one.startedAt)}${one.send === report.send ? ', this one' : ''}</span>`,
      one.sent,
      ...MEASURES.map(({ of }) => withShare(one[of], one.sent)),
    ],
  }))
  const columns = ['sent', ...MEASURES.map(({ name }) => name)].map((name) => ({
    name,
    kind: 'number' as const,
  }))
  return html`<div class="multiples four">${MEASURES.map((measure) => drawMeasure(measure, all, report.send))}</div>
${drawTable('Compared with earlier issues', [{ name: 'issue', kind: 'words' }, ...columns], rows)}
<p class="quiet">Bars are shares of what was sent. Opened and clicked count people. An issue that has just gone out is still being read: its shares grow for some days.</p>`
}

function thisOne(report: Report): Earlier {
  const { send, issue, title, startedAt, sent, opens, clicks, left, tracking } = report
  const { unsubscribes, complaints } = left
  return {
    send,
    issue,
    title,
    startedAt,
    sent,
    opened: tracking.opens ? opens.person : null,
    clicked: tracking.clicks ? clicks.person : null,
    unsubscribes,
    complaints,
  }
}

function withShare(count: number | null, sent: number): Html {
  if (count === null) return html`–`
  const percent = percentOf(count, sent)
  return html`${formatNumber(count)}${percent === null ? null : html` <span class="quiet">${percent}</span>`}`
}

/** One bar an issue, the oldest first, from zero. */
function drawMeasure(
  { of, name }: (typeof MEASURES)[number],
  all: readonly Earlier[],
  current: number,
): Html {
  const rates = all.map((one) => (one.sent === 0 ? 0 : (one[of] ?? 0) / one.sent))
  const most = Math.max(...rates)
  const bars = all.map((one, at) => {
    const height = most === 0 ? 0 : (100 * (rates[at] ?? 0)) / most
    return html`<div class="${one.send === current ? 'this' : 'before'}"><span class="value">${rateOf(one[of], one.sent)}</span><svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="${(100 - height).toFixed(1)}" width="10" height="${height.toFixed(1)}"/></svg><span class="day">${one.startedAt === null ? '' : writeShortDay(one.startedAt)}</span></div>`
  })
  const words = all.map((one) => `${one.title}: ${tellRate(one[of], one.sent)}`).join('; ')
  return html`<figure class="columns"><figcaption>${name}</figcaption><div class="strip" role="img" aria-label="${name}. ${words}">${bars}</div></figure>\n`
}

/** `–` where nothing was sent, or nobody counted. */
function rateOf(count: number | null, sent: number): string {
  return count === null ? '–' : (percentOf(count, sent) ?? '–')
}

function tellRate(count: number | null, sent: number): string {
  return count === null ? 'not tracked' : shareOf(count, sent, 'sent') || 'nothing sent'
}
