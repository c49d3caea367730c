/**
 * Attribute: what is known of a Subscriber besides name and address. All are kept as text; of a declared one the text
 * has one form for each value, so that it can be compared.
 */

import { isCalendarDate } from '../issue/date.js'
import type { AttributeType } from '../issue/publication.js'
import { cleanValue } from './field.js'

/** `ok` is the value in its one form, '' for none; `problem` is a clause that says what would be right. */
export type AttributeReading = { readonly ok: string } | { readonly problem: string }

/** More are not told apart by a double. */
const MAX_DIGITS = 15
const MAX_SHOWN = 40

const YES: ReadonlySet<string> = new Set(['yes', 'y', 'true', '1'])
const NO: ReadonlySet<string> = new Set(['no', 'n', 'false', '0'])

/** A day, and the time of it that exports write behind. */
const DAY =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?$/i

export function readAttribute(type: AttributeType, text: string): AttributeReading {
  const value = cleanValue(text)
  if (value === '') return { ok: '' }
  switch (type.kind) {
    case 'text':
      return { ok: value }
    case 'number':
      return answer(canonicalNumber(value), value, 'is no number; write it as 1234.5')
    case 'date': {
      const day = DAY.exec(value)?.groups?.day ?? ''
      return answer(isCalendarDate(day) ? day : null, value, 'is no day; write it as 2026-03-31')
    }
    case 'yesNo': {
      const word = value.toLowerCase()
      return answer(YES.has(word) ? 'yes' : NO.has(word) ? 'no' : null, value, 'is neither yes nor no')
    }
    case 'oneOf': {
      const choice = type.choices.find((one) => one.toLowerCase() === value.toLowerCase())
      return answer(choice ?? null, value, `is none of ${listFew(type.choices)}`)
    }
    default:
      return type satisfies never
  }
}

function answer(ok: string | null, value: string, problem: string): AttributeReading {
  if (ok !== null) return { ok }
  const shown = value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value
  return { problem: `${JSON.stringify(shown)} ${problem}` }
}

/** `1234.5`, `-3`, `0.25`: no sign but a minus, no zeros that say nothing. Null: no number, or too long a one. */
export function canonicalNumber(text: string): string | null {
  const { sign, whole, fraction } =
    /^(?<sign>[+-]?)(?<whole>\d+)(?:\.(?<fraction>\d+))?$/.exec(text)?.groups ?? {}
  if (whole === undefined) return null
  const integer = whole.replace(/^0+(?=\d)/, '')
  const decimals = fraction?.replace(/0+$/, '') ?? ''
  if (integer.length + decimals.length > MAX_DIGITS) return null
  const size = decimals === '' ? integer : `${integer}.${decimals}`
  return sign === '-' && size !== '0' ? `-${size}` : size
}

const MAX_LISTED = 10

function listFew(choices: readonly string[]): string {
  const few = choices.slice(0, MAX_LISTED).join(', ')
  return choices.length > MAX_LISTED ? `${few}, …` : few
}
