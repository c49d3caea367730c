/** Many rows as one parameter: a set-returning expression to insert or join from, the same on both engines. */

import { type RawBuilder, sql } from 'kysely'
import { engineOf, type Query } from './db.js'

type ColumnType = 'integer' | 'text'
type Value = string | number | null

/**
 * `rowsOf(query, { id: 'integer', state: 'text' }, rows)` is `(select … ) as given`, for use in FROM; the columns
 * are `given.id`, `given.state`. Rows travel as one JSON text, so their number is not bounded by parameter limits.
 */
export function rowsOf<const C extends Readonly<Record<string, ColumnType>>>(
  query: Query,
  columns: C,
  rows: readonly { readonly [K in keyof C]: Value }[],
): RawBuilder<unknown> {
  const names = Object.keys(columns)
  const json = JSON.stringify(rows.map((row) => names.map((name) => wellFormed(row[name] ?? null))))
  const postgres = engineOf(query) === 'postgres'
  const picks = names.map((name, index) => {
    const pick = sql`${sql.raw(`each.value->>${index}`)}`
    const typed = postgres && columns[name] === 'integer' ? sql`(${pick})::bigint` : pick
    return sql`${typed} as ${sql.ref(name)}`
  })
  const each = postgres ? sql`jsonb_array_elements(${json}::jsonb) as each` : sql`json_each(${json}) as each`
  return sql`(select ${sql.join(picks)} from ${each}) as given`
}

/** `idsOf(query, [1, 2])` is `(select … ) as given` with the column `given.id`, in their order. */
export function idsOf(query: Query, ids: readonly number[]): RawBuilder<unknown> {
  return engineOf(query) === 'postgres'
    ? sql`(select unnest(${`{${ids.join(',')}}`}::bigint[]) as id) as given`
    : sql`(select value as id from json_each(${JSON.stringify(ids)})) as given`
}

/**
 * The rows of a select in plain SQL, outside of a transaction read where it holds nobody up: on SQLite the reader takes what
 * Kysely knows to be a select, and the writer everything else. In no order.
 */
export async function readRows<R>(query: Query, select: RawBuilder<R>): Promise<readonly R[]> {
  const rows = await query.selectFrom(sql<R>`(${select})`.as('given')).selectAll().execute()
  // A select of all that `select` gives.
  return rows as unknown as readonly R[]
}

/** A value of all rows, one a line, in the order of another (or of its own). */
export function linesOf(
  query: Query,
  value: RawBuilder<unknown>,
  order: RawBuilder<unknown> = value,
): RawBuilder<string> {
  return engineOf(query) === 'postgres'
    ? sql<string>`string_agg(${value}::text, chr(10) order by ${order})`
    : sql<string>`group_concat(${value}, char(10) order by ${order})`
}

/** A lone surrogate is no text for a database: Postgres refuses it, SQLite would keep bytes that nobody can read. */
function wellFormed(value: Value): Value {
  return typeof value === 'string' ? value.toWellFormed() : value
}
