/** A reader's values in a query: one JSON object of strings, `values={"name":"Ines"}`. Anything else is nobody's. */

import type { Values } from './api.js'

const MAX_BYTES = 4_000
const MAX_VALUES = 50

export function readValues(text: string | undefined): Values {
  if (text === undefined || text.length > MAX_BYTES) return {}
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return {}
    const entries = Object.entries(given).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return Object.fromEntries(entries.slice(0, MAX_VALUES))
  } catch {
    return {}
  }
}
