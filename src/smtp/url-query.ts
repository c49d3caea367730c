/** The query of a URL in SMTP_URL, and what is wrong with it; never with the URL itself, which may hold a password. */

import type { z } from 'zod'
import { InputError } from '../errors.js'

/** Numbers and truth values as nodemailer reads them; those named in `lists` as arrays. */
export function readQuery(
  searchParams: URLSearchParams,
  lists: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((key) => {
      const values = searchParams.getAll(key)
      return [key, lists.includes(key) ? values : readValue(values[0] ?? '')]
    }),
  )
}

function readValue(text: string): unknown {
  if (text === 'true') return true
  if (text === 'false') return false
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text)
}

export function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): string {
  if (issue.code === 'unrecognized_keys')
    return `has an option "${issue.keys.join('", "')}" that is not known; known are ${known.join(', ')}`
  return `option ${issue.path.join('.')}: ${issue.message}`
}

/** A part of a URL without its %-signs. `part` is how a complaint calls it; the part itself may be a secret. */
export function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw mistake(`has a % in its ${part} that begins no sign; a % itself is written %25`)
  }
}

export function mistake(...messages: readonly string[]): InputError {
  return new InputError(messages.map((message) => ({ where: 'SMTP_URL', line: null, message })))
}
