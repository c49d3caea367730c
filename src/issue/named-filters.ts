/** The part `segments:` of newsletter.yaml: filters on a List by name. What they say is read where one is used. */

import { z } from 'zod'
import type { NamedFilter } from './publication.js'

const NAME = /^[a-z](?:[a-z0-9_-]{0,61}[a-z0-9])?$/
const MAX_SEGMENTS = 100
/** Longer than anyone reads. */
export const MAX_FILTER = 2_000

/** In the order of the file, without their lines. */
export const namedFilters = z
  .unknown()
  .default(null)
  .transform((given, context): readonly Omit<NamedFilter, 'line'>[] => {
    const complain = (message: string, name?: string) =>
      context.addIssue({ code: 'custom', message, path: name === undefined ? [] : [name] })
    if (given !== null && (typeof given !== 'object' || Array.isArray(given))) {
      complain('"segments" wants names with filters below it, as in germans: country = "DE"')
      return z.NEVER
    }
    const entries = Object.entries(given ?? {})
    if (entries.length > MAX_SEGMENTS)
      complain(`"segments" has ${entries.length} names; ${MAX_SEGMENTS} are the most`)
    const named: Omit<NamedFilter, 'line'>[] = []
    for (const [name, value] of entries.slice(0, MAX_SEGMENTS)) {
      const shown = JSON.stringify(name.slice(0, 80))
      if (!NAME.test(name))
        complain(`${shown} names no segment; use small letters, digits, - and _, as in new-readers`, name)
      else if (typeof value !== 'string' || value.trim() === '')
        complain(`${shown} wants a filter, as in ${name}: joined < 90d`, name)
      else if (value.length > MAX_FILTER)
        complain(`${shown} has ${value.length} characters; ${MAX_FILTER} are the most`, name)
      else named.push({ name, filter: value.trim() })
    }
    return named
  })
