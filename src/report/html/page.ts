/**
 * The Report as one page in one file: no script, nothing asked of anyone, readable by day, by night, on a phone and on
 * paper. It names no reader, so it may be handed on.
 */

import { describeSegment } from '../../audience/segment/segment.js'
import type { CompiledIssue } from '../../compile/compiled.js'
import { caveatsOf } from '../caveats.js'
import { formatNumber } from '../columns.js'
import type { Report } from '../report.js'
import { shareOf } from '../shares.js'
import { drawClickMap } from './click-map.js'
import { drawEarlier } from './earlier.js'
import { drawHeadlines } from './headline.js'
import type { Pictures } from './mail-tree.js'
import { type Html, html, NOTHING } from './markup.js'
import { timeOf } from './moment.js'
import { drawLinks, drawOverTime, drawPassages, drawSections } from './readers.js'
import { drawDomains, drawLanes, drawSending } from './sending.js'
import { drawStates } from './states.js'
import { STYLE } from './style.js'

/** Even what is drawn inside can neither run nor fetch anything. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

export interface ReportPage {
  readonly report: Report
  readonly compiled: CompiledIssue
  readonly pictures: Pictures
  /** ISO 8601. */
  readonly madeAt: string
}

/** Throws InputError when the mail's tags are nested without end. */
export function writeReportPage(page: ReportPage): string {
  const { report, compiled, madeAt } = page
  const title = `${report.title} · report`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<header>
<p class="name" lang="${compiled.lang}">${compiled.publication.name}</p>
<h1 lang="${compiled.lang}" dir="auto">${report.title}</h1>
${drawFacts(report)}
</header>
<main>
${report.alarm === null ? null : html`<p class="alarm" role="alert"><b>Alarm.</b> ${report.alarm}</p>`}
${report.settled ? null : html`<p class="live"><b>Counted live.</b> This send is not finished (${[report.state, report.reason ?? ''].filter((part) => part !== '').join(': ')}); these numbers still change.</p>`}
${drawHeadlines(report)}
${chapter('sent', 'What happened to it', drawStates(report))}
${chapter('read', 'Who read it', drawOverTime(report))}
${chapter('map', report.tracking.clicks ? 'Where they clicked' : 'The issue', drawMap(page))}
${report.tracking.clicks ? clicked(report) : null}
${report.passages.length === 0 ? null : chapter('passages', 'For some readers', drawPassages(report))}
${chapter('left', 'What came after', drawAfter(report))}
${chapter('earlier', 'Beside earlier issues', drawEarlier(report))}
${chapter('sending', 'How it went out', html`${drawSending(report)}<h3>By lane</h3>${drawLanes(report)}<h3>By domain</h3>${drawDomains(report)}<p class="quiet">Opened and clicked count people. A message can be put off more than once. Sent a second: while anything went out.</p>`)}
${chapter('how', 'How to read this', html`${caveatsOf(report).map((sentence) => html`<p>${sentence}</p>\n`)}`)}
</main>
<footer><p>Made ${timeOf(madeAt)} by Pressrun from Send ${report.send}. No reader is named here.</p></footer>
</body>
</html>
`.html
}

function chapter(id: string, heading: string, body: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${heading}</h2><div class="body">${body}</div></section>\n`
}

function drawFacts(report: Report): Html {
  const { send, issue, list, label, segment, topics, startedAt, finishedAt, state } = report
  const began = startedAt === null ? null : html`, started ${timeOf(startedAt)}`
  const ended =
    finishedAt === null
      ? null
      : html`, ${state === 'cancelled' ? 'cancelled' : 'finished'} ${timeOf(finishedAt)}`
  const whom = [
    ...(segment === null ? [] : [`only to those where ${describeSegment(segment)}`]),
    ...(topics.length === 0 ? [] : [`topics ${topics.join(', ')}`]),
  ]
  return html`<p class="facts">Send ${send} of ${issue} to ${list}${label === null ? '' : ` (${label})`}${whom.map((words) => `, ${words}`).join('')}${began}${ended}</p>`
}

function drawMap({ report, compiled, pictures }: ReportPage): Html {
  const words = report.tracking.clicks
    ? html`<p class="quiet">Beside each Link stands how many people clicked it, in a stronger colour for more. With each Section stands how many clicked anything in it. A Link leads to its row in the table.</p>`
    : html`<p class="quiet">Clicks were not tracked, so the issue stands here without numbers.</p>`
  return html`${words}\n${drawClickMap({ report, compiled, pictures })}`
}

function clicked(report: Report): Html {
  if (report.clicks.links.length === 0) return NOTHING
  return html`${chapter('sections', 'By Section', drawSections(report))}${chapter('links', 'By Link', drawLinks(report))}`
}

function drawAfter({ left, sent }: Report): Html {
  const { hard, soft, other } = left.bouncedLater
  const lines = [
    [left.unsubscribes, 'unsubscribed', shareOf(left.unsubscribes, sent, 'sent')],
    [left.complaints, 'complained', shareOf(left.complaints, sent, 'sent')],
    [
      hard + soft + other,
      'bounced later',
      `${formatNumber(hard)} for good, ${formatNumber(soft)} for now, ${formatNumber(other)} for other reasons`,
    ],
  ] as const
  return html`<dl class="pairs">${lines.map(([count, name, words]) => html`<div><dt>${name}</dt><dd><b>${formatNumber(count)}</b> <span class="quiet">${words}</span></dd></div>\n`)}</dl>`
}
