/** Dates of issues: days of the calendar, written `YYYY-MM-DD`, without a time or a zone. */

/** Whether `text` is a real day: `2026-02-30` is none. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** `5 June 2022`, as the language writes it; `en` alone is written like this too, `en-US` is not. */
export function writeDate(date: string, lang: string): string {
  return formatOf(lang === 'en' ? 'en-GB' : lang).format(new Date(`${date}T00:00:00Z`))
}

/** The day it is in that time zone, `YYYY-MM-DD`. `timeZone` is an IANA name, null: the machine's. */
export function dayOf(timeMs: number, timeZone: string | null): string {
  // Swedes write days as ISO 8601 does.
  return new Date(timeMs).toLocaleDateString('sv-SE', timeZone === null ? {} : { timeZone })
}

/** Making one takes milliseconds; there are as many as languages. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(locale: string): Intl.DateTimeFormat {
  const made = formats.get(locale) ?? new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  formats.set(locale, made)
  return made
}
