/** Headline numbers, with the words that make them true: what each is of, and what nobody can know. */

import { formatNumber } from '../columns.js'
import type { Report } from '../report.js'
import { percentOf, shareOf } from '../shares.js'
import { type Html, html } from './markup.js'

interface Headline {
  readonly count: string
  readonly name: string
  readonly words: string
}

export function drawHeadlines(report: Report): Html {
  const items = [sentLine(report), ...readLines(report), leftLine(report), troubleLine(report)]
  return html`<dl class="headlines">${items.map(
    ({ count, name, words }) =>
      html`<div><dt>${name}</dt><dd><b>${count}</b> <span class="quiet">${words}</span></dd></div>\n`,
  )}</dl>\n`
}

function sentLine({ sent, audience, state }: Report): Headline {
  const sofar = state === 'finished' || state === 'cancelled' ? '' : ' so far'
  const words = `accepted by their mail servers${sofar}, of ${formatNumber(audience)} in its audience`
  return { count: formatNumber(sent), name: 'sent', words }
}

function readLines({ opens, clicks, sent, tracking }: Report): readonly Headline[] {
  const unknown = opens.unknown === 0 ? '' : `; of ${formatNumber(opens.unknown)} more nobody can tell`
  const opened = tracking.opens
    ? { count: formatNumber(opens.person), words: `${share(opens.person, sent)}${unknown}` }
    : { count: '–', words: 'opens were not tracked' }
  const clicked = tracking.clicks
    ? { count: formatNumber(clicks.person), words: share(clicks.person, sent) }
    : { count: '–', words: 'clicks were not tracked' }
  return [
    { name: 'people opened it', ...opened },
    { name: 'people clicked', ...clicked },
  ]
}

function share(count: number, sent: number): string {
  return sent === 0 ? 'nothing was sent' : shareOf(count, sent, 'sent')
}

function leftLine({ left, sent }: Report): Headline {
  const { unsubscribes, complaints } = left
  const percent = complaints === 0 ? null : percentOf(complaints, sent)
  const complained = `${complaints === 0 ? 'nobody' : formatNumber(complaints)} complained${percent === null ? '' : `, ${percent}`}`
  return {
    count: formatNumber(unsubscribes),
    name: 'unsubscribed',
    words: `${share(unsubscribes, sent)}; ${complained}`,
  }
}

/** Of those who were tried: who was left out could not bounce. */
function troubleLine({ left, sent, bounced, failed, uncertain }: Report): Headline {
  const { hard, soft, other } = left.bouncedLater
  const later = hard + soft + other
  const all = bounced + later
  const share = shareOf(all, sent + bounced + failed + uncertain, 'tried')
  const words = `${formatNumber(bounced)} refused, ${formatNumber(later)} came back later${share === '' ? '' : `: ${share}`}`
  return { count: formatNumber(all), name: 'bounced', words }
}
