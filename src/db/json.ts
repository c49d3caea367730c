/** JSON objects in text columns, as SQL: the same on both engines. */

import { type RawBuilder, sql } from 'kysely'
import { engineOf, type Query } from './db.js'

/** `base` with the members of `changes` over it. Both are SQL that gives the text of a flat object without nulls. */
export function mergeJson(
  query: Query,
  base: RawBuilder<string>,
  changes: RawBuilder<string>,
): RawBuilder<string> {
  return engineOf(query) === 'postgres'
    ? sql<string>`((${base})::jsonb || (${changes})::jsonb)::text`
    : sql<string>`json_patch(${base}, ${changes})`
}

/**
 * Whether the list of texts under `key` of a flat object holds one of `values`; without them: any text at all. False
 * where there is no such list.
 */
export function holdsAny(
  query: Query,
  json: RawBuilder<string>,
  { key, values }: { readonly key: string; readonly values: readonly string[] | null },
): RawBuilder<boolean> {
  const each =
    engineOf(query) === 'postgres'
      ? sql`jsonb_array_elements_text((${json})::jsonb -> cast(${key} as text)) as each (value)`
      : sql`json_each(${json}, ${`$.${key}`}) as each`
  const among = values === null ? sql`` : sql`where each.value in (${sql.join(values)})`
  return sql<boolean>`exists (select 1 from ${each} ${among})`
}

/** The text under `key` of a flat object of texts; null where there is none. */
export function textUnder(query: Query, json: RawBuilder<string>, key: string): RawBuilder<string | null> {
  return engineOf(query) === 'postgres'
    ? sql<string | null>`((${json})::jsonb ->> cast(${key} as text))`
    : sql<string | null>`json_extract(${json}, ${`$.${key}`})`
}

/** Whether what stands under `key` of a flat object is true. */
export function isTrueUnder(query: Query, json: RawBuilder<string>, key: string): RawBuilder<boolean> {
  return engineOf(query) === 'postgres'
    ? sql<boolean>`coalesce((${json})::jsonb ->> cast(${key} as text) = 'true', false)`
    : sql<boolean>`coalesce(json_extract(${json}, ${`$.${key}`}) = 1, false)`
}

/** The members of an object in a column of the same FROM, one a row: their names are `member.key`. */
export function membersOf(query: Query, object: RawBuilder<string>): RawBuilder<unknown> {
  return engineOf(query) === 'postgres'
    ? sql`lateral jsonb_object_keys((${object})::jsonb) as member (key)`
    : sql`json_each(${object}) as member`
}

/** The text under `key` of the object at a place (from 0) of a list of an object; null where there is none. */
export function textAt(
  query: Query,
  json: RawBuilder<string>,
  { list, index, key }: { readonly list: string; readonly index: RawBuilder<unknown>; readonly key: string },
): RawBuilder<string | null> {
  return engineOf(query) === 'postgres'
    ? sql<
        string | null
      >`((${json})::json -> cast(${list} as text) -> cast(${index} as int) ->> cast(${key} as text))`
    : sql<string | null>`json_extract(${json}, '$.' || ${list} || '[' || ${index} || '].' || ${key})`
}
