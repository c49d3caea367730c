/** N05: dates and numbers that contradict the calendar, the issue's own date, or the issue before. */

import type { Issue } from '../../issue/issue.js'
import type { Publication } from '../../issue/publication.js'
import type { Check, Found, PastIssue } from './check.js'
import { lineAt, type Passage, readPassages } from './reading.js'
import { findDates, type WrittenDate } from './written-dates.js'

const DAY_MS = 86_400_000
/** Without a year, "next 20 November" two months after that day is rather a year ahead. */
const NEAR_DAYS = 60
/** A passage with more is a table of them. */
const MOST_IN_PASSAGE = 50

export const datesAndNumbers: Check = {
  id: 'N05',
  title: 'dates agree with the calendar, and the number follows the one before',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const { issue, past, publication, lineOf } = input
    const passages = readPassages(input)
    return [
      ...passages.flatMap((passage) => judgeDates(passage, issue.date)),
      ...judgeNumber(issue, past, lineOf('number') ?? lineOf('date') ?? 1),
      ...passages
        .filter(({ kind }) => kind === 'line')
        .flatMap((line) => judgeNumbersIn(line, issue, publication)),
    ]
  },
}

function judgeDates(passage: Passage, issueDate: string): readonly Found[] {
  // Most passages hold no number, and the patterns are long.
  if (!/\p{Nd}/u.test(passage.text)) return []
  const namesYears = /(?<!\d)[12]\d{3}(?!\d)/.test(passage.text)
  const dates = findDates(passage.text, passage.lang).slice(0, MOST_IN_PASSAGE)
  return dates.flatMap((date) => {
    const found = judgeDate(date, { issueDate, namesYears, lang: passage.lang })
    return found === null ? [] : [{ ...found, severity: 'warn' as const, line: lineAt(passage, date.at) }]
  })
}

interface Around {
  readonly issueDate: string
  /** A year stands near, so that a date without one may be of that year. */
  readonly namesYears: boolean
  readonly lang: string
}

function judgeDate(
  date: WrittenDate,
  { issueDate, namesYears, lang }: Around,
): Pick<Found, 'message' | 'hint'> | null {
  const { text, day, month, year, weekday, says } = date
  const issueMs = Date.parse(`${issueDate}T00:00:00Z`)
  // 2024 had a 29 February.
  const monthDays = new Date(Date.UTC(year ?? 2024, month, 0)).getUTCDate()
  if (day > monthDays)
    return { message: `"${text}" is no day of the calendar`, hint: `that month has ${monthDays} days` }
  if (year === null && namesYears) return null
  const dayMs = year === null ? nearestDay(day, month, issueMs) : Date.UTC(year, month - 1, day)
  const isWeekday = new Date(dayMs).getUTCDay()
  if (weekday !== null && weekday !== isWeekday)
    return {
      message: `"${text}": that day is a ${weekdayName(dayMs, 'en')}`,
      hint: `write ${weekdayName(dayMs, lang)}, or another date`,
    }
  const daysAhead = (dayMs - issueMs) / DAY_MS
  if (year === null && Math.abs(daysAhead) > NEAR_DAYS) return null
  if (says === 'next' && daysAhead < 0)
    return {
      message: `"${text}" is called next, and is past on the issue's date`,
      hint: 'write when it will be, or that it was',
    }
  if (says === 'last' && daysAhead > 0)
    return {
      message: `"${text}" is called last, and is still to come`,
      hint: 'write when it was, or that it will be',
    }
  return null
}

/** Of the days of that name the one nearest to the issue. */
function nearestDay(day: number, month: number, issueMs: number): number {
  const issueYear = new Date(issueMs).getUTCFullYear()
  const days = [-1, 0, 1].map((offset) => Date.UTC(issueYear + offset, month - 1, day))
  return days.reduce((best, one) => (Math.abs(one - issueMs) < Math.abs(best - issueMs) ? one : best))
}

function weekdayName(dayMs: number, lang: string): string {
  return new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' }).format(new Date(dayMs))
}

function judgeNumber({ number }: Issue, past: readonly PastIssue[], line: number): readonly Found[] {
  const last = past.find((issue) => issue.number !== null)
  if (last === undefined || last.number === null || number === last.number + 1) return []
  const next = last.number + 1
  return [
    {
      severity: 'warn',
      line,
      message:
        number === null
          ? `the issue has no number, and the last one, ${last.file}, is number ${last.number}`
          : `the number is ${number}, and the last one, ${last.file}, is number ${last.number}`,
      hint: `write number: ${next}`,
    },
  ]
}

/** A subject taken over from the issue before: "The Harbour Brief 41" in number 42. */
function judgeNumbersIn(line: Passage, { number }: Issue, { name }: Publication): readonly Found[] {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(
    `(?:${escaped}[ ,:]*(?:no\\.?|nr\\.?|n[.º°]|№|issue|第)?|\\bissue) *#?(?!20\\d\\d|19\\d\\d)(\\d{1,6})(?![\\d.,]*\\d|[%\\p{L}])`,
    'giu',
  )
  return [...line.text.matchAll(pattern)].flatMap((match) =>
    number === null || Number(match[1]) === number
      ? []
      : [
          {
            severity: 'warn' as const,
            line: line.line,
            message: `"${match[0]}" stands in an issue whose number is ${number}`,
            hint: `write ${match[0].replace(/\d+$/, String(number))}, if this issue is meant`,
          },
        ],
  )
}
