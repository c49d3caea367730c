/** The day a post is of, however a program wrote it: ISO 8601, RFC 5322, in words, or as seconds since 1970. */

import { isCalendarDate } from '../date.js'
import { readWrittenDate } from './written-date.js'

export interface DateReading {
  /** IANA zone in which times that are given in UTC are read; null: UTC itself. */
  readonly timeZone: string | null
}

/** A day, then perhaps a time, then perhaps how far it is from UTC. */
const ISO =
  /^(\d{4}-\d{1,2}-\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/i
const SLASHED = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)/
/** Day and month in either order. */
const AMBIGUOUS = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)/
/** A time behind a day in words, with what may follow it. */
const TIME_BEHIND =
  /(?:,|\s+at|\s+um|\s+·)?\s+\d{1,2}(?::\d{2}){1,2}\s*(?:[ap]\.?m\.?)?(?:\s*(?:z|utc|gmt|[a-z]{3,4}|[+-]\d{4}))?$/i

/** `YYYY-MM-DD`, or null when `text` names no one day. What two orders of day and month would read differently is none. */
export function readAnyDate(text: string, { timeZone }: DateReading): string | null {
  const written = text.trim()
  const [, day, time, zone] = ISO.exec(written) ?? []
  if (day !== undefined) return readIso(padded(day.split('-')), time, zone, timeZone)
  if (/^\d{9,13}$/.test(written)) return dayIn(Number(written) * (written.length > 11 ? 1 : 1000), timeZone)
  const [, year = '', month = '', dayOfMonth = ''] = SLASHED.exec(written) ?? []
  if (year !== '') return realDay([year, month, dayOfMonth])
  const [, first = '', second = '', ofYear = ''] = AMBIGUOUS.exec(written) ?? []
  if (ofYear !== '') return readAmbiguous(first, second, ofYear)
  return readWrittenDate(written) ?? readWrittenDate(written.replace(TIME_BEHIND, ''))
}

/** With an offset the day is the one that was written where it was written; UTC is how programs keep a time. */
function readIso(day: string, time: string | undefined, zone: string | undefined, timeZone: string | null) {
  if (!isCalendarDate(day)) return null
  const isUtc = /^(?:z|utc|gmt|[+-]00:?(?:00)?)$/i.test(zone ?? '')
  return time !== undefined && isUtc ? dayIn(Date.parse(`${day}T${time.padStart(5, '0')}Z`), timeZone) : day
}

function dayIn(timeMs: number, timeZone: string | null): string | null {
  // Beyond this no Date is one.
  if (!(Math.abs(timeMs) < 8.64e15)) return null
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timeZone ?? 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(timeMs)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return realDay([part('year'), part('month'), part('day')])
}

function readAmbiguous(first: string, second: string, year: string): string | null {
  const dayFirst = realDay([year, second, first])
  const monthFirst = realDay([year, first, second])
  if (dayFirst !== null && monthFirst !== null) return dayFirst === monthFirst ? dayFirst : null
  return dayFirst ?? monthFirst
}

function realDay(parts: readonly string[]): string | null {
  const day = padded(parts)
  return isCalendarDate(day) ? day : null
}

function padded(parts: readonly string[]): string {
  return parts.map((part) => part.padStart(2, '0')).join('-')
}
