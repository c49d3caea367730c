/** How it went out: over time, by lane and by domain. */

import { formatNumber } from '../columns.js'
import type { Reached, Report } from '../report.js'
import type { Traffic } from '../traffic.js'
import { drawBars } from './bars.js'
import { type Html, html } from './markup.js'
import { type Column, drawTable } from './table.js'

export function drawSending({ sentOverTime, startedAt }: Report): Html {
  if (sentOverTime.length === 0) return html`<p class="quiet">Nothing has been sent yet.</p>`
  const [first] = sentOverTime
  const slots = (of: 'sent' | 'deferred') => sentOverTime.map((span) => ({ ...span, value: span[of] }))
  const most = Math.max(...sentOverTime.flatMap(({ sent, deferred }) => [sent, deferred]))
  return html`<div class="multiples">${drawBars({ name: 'sent', slots: slots('sent'), most, tone: 'sent', since: startedAt })}
${drawBars({ name: 'put off', slots: slots('deferred'), most, tone: 'deferred', since: startedAt })}</div>
<p class="quiet">By ${writeSpan(first?.spanMs ?? 0)}, in UTC. Put off: the server said “later”, and it was tried again.</p>`
}

const MINUTE_MS = 60_000

function writeSpan(ms: number): string {
  const minutes = ms / MINUTE_MS
  if (minutes < 60) return minutes <= 1 ? 'the minute' : `${formatNumber(minutes)} minutes`
  if (minutes < 24 * 60) return minutes === 60 ? 'the hour' : `${formatNumber(minutes / 60)} hours`
  return 'the day'
}

export function drawLanes({ lanes, tracking }: Report): Html {
  const rows = lanes.map(({ lane, ...traffic }) => ({ cells: [lane, ...trafficCells(traffic, tracking)] }))
  return drawTable('By lane', trafficColumns('lane'), rows)
}

export function drawDomains({ domains, tracking }: Report): Html {
  const rows = domains
    .filter(({ domain, audience }) => domain !== null || audience > 0)
    .map(({ domain, ...traffic }) => ({
      cells: [domain ?? 'all others', ...trafficCells(traffic, tracking)],
    }))
  return drawTable('By domain', trafficColumns('domain'), rows)
}

function trafficColumns(name: string): readonly Column[] {
  const numbers = ['audience', 'sent', 'bounced', 'put off', 'sent a second', 'opened', 'clicked']
  return [{ name, kind: 'words' }, ...numbers.map((number): Column => ({ name: number, kind: 'number' }))]
}

function trafficCells(
  { audience, states, deferrals, perSecond, opens, clicks }: Traffic & Reached,
  tracking: Report['tracking'],
): readonly (string | number)[] {
  return [
    audience,
    states.sent,
    states.bounced,
    deferrals,
    perSecond ?? '–',
    tracking.opens ? opens.person : '–',
    tracking.clicks ? clicks.person : '–',
  ]
}
