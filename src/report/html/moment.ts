/** Times as a reader sees them: short, in UTC, with the exact one behind. */

import { type Html, html } from './markup.js'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `24 Nov 2026` */
export function writeDay(iso: string): string {
  const [year = '', month = '1', day = '1'] = iso.slice(0, 10).split('-')
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`
}

/** `24 Nov`, for an axis. */
export function writeShortDay(iso: string): string {
  return writeDay(iso).slice(0, -5)
}

/** `24 Nov, 08:00`, for an axis. */
export function writeShortTime(iso: string): string {
  return `${writeShortDay(iso)}, ${iso.slice(11, 16)}`
}

export function timeOf(iso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${writeDay(iso)}, ${iso.slice(11, 16)} UTC</time>`
}
