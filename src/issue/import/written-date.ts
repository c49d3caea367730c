/** A date as people write it above a bulletin: "5 June 2022", "Sunday, June 5th, 2022", "2022-06-05". */

import { isCalendarDate } from '../date.js'

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const WEEKDAY = /^(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+/i
const DAY_FIRST = /^(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})\.?,?\s+(\d{4})\.?$/i
const MONTH_FIRST = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\.?$/i
const MONTH_NAME =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/i

/** `YYYY-MM-DD`, or null when the whole of `text` is not one day of the calendar. */
export function readWrittenDate(text: string): string | null {
  const bare = text.trim().replace(WEEKDAY, '')
  if (isCalendarDate(bare)) return bare
  const [, day, dayMonth, dayYear] = DAY_FIRST.exec(bare) ?? []
  const [, month, monthDay, monthYear] = MONTH_FIRST.exec(bare) ?? []
  return writeDate(dayYear ?? monthYear, dayMonth ?? month, day ?? monthDay)
}

function writeDate(year = '', month = '', day = ''): string | null {
  if (!MONTH_NAME.test(month)) return null
  const number = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1
  const date = `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
  return isCalendarDate(date) ? date : null
}
