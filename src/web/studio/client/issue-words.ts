/** An issue's state, days and findings in words. */

import type { IssueLine, IssueSendView, IssueState } from '../api.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `in 12 days`, `yesterday`, `3 weeks ago`; `day` is `YYYY-MM-DD`, and it is the day where the reader is. */
export function dayWords(day: string, now: Date): string {
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())
  return daysWords(Math.round((Date.parse(`${day}T00:00:00Z`) - today) / DAY_MS))
}

function daysWords(days: number): string {
  const size = Math.abs(days)
  if (size < 14) return relative.format(days, 'day')
  if (size < 60) return relative.format(Math.round(days / 7), 'week')
  if (size < 365) return relative.format(Math.round(days / 30.44), 'month')
  return relative.format(Math.round(days / 365.25), 'year')
}

export function exactDay(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
}

/** Of a moment, ms since 1970. */
export function momentWords(at: number, now: Date): string {
  const ms = at - now.getTime()
  const size = Math.abs(ms)
  if (size < MINUTE_MS) return 'just now'
  if (size < HOUR_MS) return relative.format(Math.round(ms / MINUTE_MS), 'minute')
  if (size < DAY_MS) return relative.format(Math.round(ms / HOUR_MS), 'hour')
  return daysWords(Math.round(ms / DAY_MS))
}

export function exactMoment(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })
}

export const STATE_WORDS: Readonly<Record<IssueState, string>> = {
  draft: 'Draft',
  scheduled: 'Scheduled',
  waiting: 'Waiting',
  preparing: 'Preparing',
  sending: 'Sending',
  paused: 'Paused',
  finished: 'Finished',
  cancelled: 'Cancelled',
}

/** `quay sending, harbour`: the Lists that are as the issue is need no word. */
export function listWords({ state, sends }: Pick<IssueLine, 'state' | 'sends'>): string {
  const newest = new Map<string, IssueSendView>()
  for (const send of sends) if (!newest.has(send.list)) newest.set(send.list, send)
  const isSame = [...newest.values()].every((send) => send.state === state)
  return [...newest.values()]
    .map((send) => (isSame ? send.list : `${send.list} (${STATE_WORDS[send.state].toLowerCase()})`))
    .join(', ')
}

/** `1 error, 2 warnings`; '' for none. */
export function findingWords({
  errors,
  warnings,
}: {
  readonly errors: number
  readonly warnings: number
}): string {
  return [count(errors, 'error'), count(warnings, 'warning')].filter((words) => words !== '').join(', ')
}

function count(number: number, what: string): string {
  if (number === 0) return ''
  return `${number.toLocaleString('en')} ${number === 1 ? what : `${what}s`}`
}

/** Whether every word that was typed stands somewhere in what is known of it. */
export function matches(issue: IssueLine, typed: string): boolean {
  const { slug, title, subject, number, state, sends } = issue
  const known = fold(
    [
      slug,
      title,
      subject,
      number === null ? '' : `no. ${number} ${number}`,
      state,
      ...sends.map(({ list }) => list),
    ].join(' '),
  )
  return fold(typed)
    .split(/\s+/)
    .every((word) => known.includes(word))
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
