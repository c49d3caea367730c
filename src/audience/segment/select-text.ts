/** Text of a person as SQL, and how it is compared: the same on both databases. */

import { type RawBuilder, sql } from 'kysely'
import { engineOf } from '../../db/db.js'
import { textUnder } from '../../db/json.js'
import type { TextField } from './condition.js'
import { foldedFor } from './fold.js'
import type { Of, SelectContext, Truth } from './moment.js'

/** '' for what is not known. */
export function textOf(field: TextField, { query }: SelectContext): RawBuilder<string> {
  switch (field) {
    case 'name':
      return sql`subscriber.name`
    case 'address':
      return sql`subscriber.address_key`
    case 'domain': {
      const at =
        engineOf(query) === 'postgres'
          ? sql`strpos(subscriber.address_key, '@')`
          : sql`instr(subscriber.address_key, '@')`
      return sql`substr(subscriber.address_key, ${at} + 1)`
    }
    case 'language':
      return sql`coalesce(subscriber.lang, '')`
    default:
      return sql`coalesce(${textUnder(query, sql`subscriber.attributes`, field.attribute)}, '')`
  }
}

export function matchText({ field, how, values }: Of<'text'>, context: SelectContext): Truth {
  const { query } = context
  const text = textOf(field, context)
  // Keys of addresses are in small letters already.
  const isFolded = field === 'address' || field === 'domain'
  const each = values.map((value): Truth => {
    const column = isFolded ? text : foldedFor(query, text, value)
    const given = sql<string>`cast(${value} as text)`
    switch (how) {
      case 'is':
        return sql`${column} = ${given}`
      case 'contains':
        return engineOf(query) === 'postgres'
          ? sql`strpos(${column}, ${given}) > 0`
          : sql`instr(${column}, ${given}) > 0`
      case 'begins':
        return sql`substr(${column}, 1, length(${given})) = ${given}`
      case 'ends':
        return sql`(length(${column}) >= length(${given})
          and substr(${column}, length(${column}) - length(${given}) + 1) = ${given})`
      default:
        return how satisfies never
    }
  })
  return sql`(${sql.join(each, sql` or `)})`
}

export function matchYesNo({ attribute, is }: Of<'yesNo'>, context: SelectContext): Truth {
  // What was imported before it was declared may say it in other words.
  const words = is === 'yes' ? ['yes', 'y', 'true', '1'] : ['no', 'n', 'false', '0']
  return sql`(${foldedFor(context.query, textOf({ attribute }, context), '')} in (${sql.join(words)}))`
}
