/** Evidence of consent as exports hold it: when and from where. Kept as it is written there, one clean line each. */

import { cleanValue } from '../field.js'

const MAX_TEXT = 100
/** Newsletters by mail are not older; a date before is a zero that stands for none. */
const EARLIEST = Date.UTC(1980, 0, 1)
/** `2024-03-01 09:30:00`, `2024-03-01T09:30:00.000Z`, `2024-03-01`; without a zone UTC, as these tools write it. */
const TIME =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?/i

/** Those that are given. */
export function evidenceOf(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given)
      .map(([key, text]) => [key, cleanValue(text).slice(0, MAX_TEXT)] as const)
      .filter(([, text]) => text !== ''),
  )
}

/** Milliseconds since 1970 of the first that is a time; null when none is. */
export function firstTime(...texts: readonly string[]): number | null {
  for (const text of texts) {
    const at = readTime(text)
    if (at !== null) return at
  }
  return null
}

function readTime(text: string): number | null {
  const { day, time = '00:00', zone = 'Z' } = TIME.exec(text.trim())?.groups ?? {}
  if (day === undefined) return null
  const at = Date.parse(`${day}T${time}${zone.toUpperCase() === 'UTC' ? 'Z' : zone}`)
  return Number.isNaN(at) || at < EARLIEST ? null : at
}
