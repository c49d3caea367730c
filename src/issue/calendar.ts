/** Days and months of a time zone as instants, and back. */

import { Temporal } from 'temporal-polyfill'

/** `YYYY-MM-DD` of an instant, there. */
export function dayAt(ms: number, zone: string): string {
  return at(ms, zone).toPlainDate().toString()
}

/** The instant with which a day begins there, which need not be midnight. */
export function startOfDay(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds
}

export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

/** The instant with which the month of an instant begins there. */
export function startOfMonth(ms: number, zone: string): number {
  return startOfDay(at(ms, zone).toPlainDate().with({ day: 1 }).toString(), zone)
}

function at(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
}
