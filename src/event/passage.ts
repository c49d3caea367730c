/**
 * Passage: a conditional part of an Issue's mail. Which of its two alternatives a person got follows from what was frozen:
 * `present` when anything is left of the value once it is cleaned, as a Message does (`cleanLine` of `send/header.ts`).
 */

import { type RawBuilder, sql } from 'kysely'
import type { CompiledIssue } from '../compile/compiled.js'
import type { Query } from '../db/db.js'
import { textUnder } from '../db/json.js'

export type Alternative = 'present' | 'absent'

/** What is frozen of a person. */
export interface Frozen {
  readonly name: string
  readonly address: string
  /** JSON object of texts. */
  readonly attributes: string
}

/** What each passage asks about, in the order of the mail: "name", "address" or an attribute. */
export function passagesOf({ html }: Pick<CompiledIssue, 'html'>): readonly string[] {
  return html.flatMap((piece) => (typeof piece !== 'string' && piece.kind === 'choice' ? [piece.name] : []))
}

/** Of a person who is erased nobody knows any more: null. */
export function alternativeOf(asks: string, { name, address, attributes }: Frozen): Alternative | null {
  if (address === '') return null
  const value = asks === 'name' ? name : asks === 'address' ? address : attributeOf(attributes, asks)
  return Array.from(value).every((character) => BLANKS.includes(character)) ? 'absent' : 'present'
}

/** The same as SQL about a row of `delivery`: 1 for present, 0 for absent. */
export function isPresent(query: Query, asks: string): RawBuilder<number> {
  const value =
    asks === 'name' || asks === 'address'
      ? sql<string>`${sql.ref(`delivery.${asks}`)}`
      : sql<string>`coalesce(${textUnder(query, sql`delivery.attributes`, asks)}, '')`
  return sql<number>`case when trim(${value}, ${BLANKS}) = '' then 0 else 1 end`
}

function attributeOf(attributes: string, name: string): string {
  // Frozen from a Subscriber's attributes: an object of texts.
  const known = JSON.parse(attributes) as Readonly<Record<string, string>>
  return Object.hasOwn(known, name) ? (known[name] ?? '') : ''
}

/** Characters of which nothing is left in a Message's line; none is outside of the first plane, none is NUL. */
const BLANKS = [
  ...range(0x01, 0x20),
  ...range(0x7f, 0xa0),
  0x1680,
  ...range(0x2000, 0x200a),
  ...range(0x2028, 0x202f),
  0x205f,
  ...range(0x2066, 0x2069),
  0x3000,
  ...range(0xe000, 0xe00f),
  0xfeff,
  0xfffe,
  0xffff,
]
  .map((code) => String.fromCharCode(code))
  .join('')

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
