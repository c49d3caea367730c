/** What has an order, as SQL: numbers, days, and when someone came. Text that is neither is never compared as one. */

import { type RawBuilder, sql } from 'kysely'
import { engineOf } from '../../db/db.js'
import { addDays, dayAt, startOfDay } from '../../issue/calendar.js'
import type { Comparison, DayField, Order } from './condition.js'
import { DAY_MS, type Of, type SelectContext, type Truth } from './moment.js'
import { textOf } from './select-text.js'

const SIGNS = { '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` } as const satisfies Record<
  Order,
  RawBuilder<unknown>
>

/** Digits with at most one dot between; of up to 15 of them a double keeps the value. */
const NUMBER = '^[-+]?[0-9]+([.][0-9]+)?$'
const MAX_NUMBER = 17

export function compareNumber({ attribute, how, values }: Of<'number'>, context: SelectContext): Truth {
  const text = textOf({ attribute }, context)
  const isPostgres = engineOf(context.query) === 'postgres'
  const unsigned = sql`(case when substr(${text}, 1, 1) in ('-', '+') then substr(${text}, 2) else ${text} end)`
  const isNumber = isPostgres
    ? sql`${text} ~ ${NUMBER}`
    : sql`${unsigned} glob '[0-9]*' and ${unsigned} glob '*[0-9]'
        and ${unsigned} not glob '*[^0-9.]*' and ${unsigned} not glob '*.*.*'`
  const number = isPostgres ? sql`cast(${text} as double precision)` : sql`cast(${text} as real)`
  const given = values.map((value) =>
    isPostgres ? sql`cast(${value} as double precision)` : sql`cast(${value} as real)`,
  )
  return sql`(case when length(${text}) <= ${sql.lit(MAX_NUMBER)} and ${isNumber}
    then ${compare(number, how, given)} else false end)`
}

/** A day of an attribute, or of the List. */
export function compareDay(condition: Of<'day'>, context: SelectContext): Truth {
  const { field, how, values } = condition
  return field === 'joined' ? compareJoined(condition, context) : dayIs(field, { how, values }, context)
}

/** Of an attribute in days of the calendar: today is 0 days old. */
export function compareAge({ field, how, days }: Of<'age'>, context: SelectContext): Truth {
  if (field === 'joined') {
    const then = context.asOf - days * DAY_MS
    return sql`(subscription.created_at ${SIGNS[EARLIER[how]]} ${then})`
  }
  const then = addDays(dayAt(context.asOf, context.zone), -days)
  return dayIs(field, { how: EARLIER[how], values: [then] }, context)
}

/** Older is earlier. */
const EARLIER = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const satisfies Record<Order, Order>

/** Days of attributes are compared as text, which is their order. */
function dayIs(
  field: Exclude<DayField, 'joined'>,
  { how, values }: { readonly how: Comparison; readonly values: readonly string[] },
  context: SelectContext,
): Truth {
  const isPostgres = engineOf(context.query) === 'postgres'
  const text = textOf(field, context)
  const isDay = isPostgres
    ? sql`${text} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'`
    : sql`${text} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'`
  const given = values.map((value) => sql`cast(${value} as text)`)
  const day = isPostgres ? sql`(${text} collate "C")` : text
  return sql`(${isDay} and ${compare(day, how, given)})`
}

/** A day is all instants of it, in the zone. */
function compareJoined({ how, values }: Of<'day'>, { zone }: SelectContext): Truth {
  const each = values.map((day): Truth => {
    const [begin, end] = [startOfDay(day, zone), startOfDay(addDays(day, 1), zone)]
    switch (how) {
      case '=':
        return sql`subscription.created_at >= ${begin} and subscription.created_at < ${end}`
      case '<':
      case '>=':
        return sql`subscription.created_at ${SIGNS[how]} ${begin}`
      case '<=':
        return sql`subscription.created_at < ${end}`
      case '>':
        return sql`subscription.created_at >= ${end}`
      default:
        return how satisfies never
    }
  })
  return sql`(${sql.join(each, sql` or `)})`
}

function compare(
  value: RawBuilder<unknown>,
  how: Comparison,
  given: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> {
  return how === '=' ? sql`${value} in (${sql.join(given)})` : sql`${value} ${SIGNS[how]} ${sql.join(given)}`
}
