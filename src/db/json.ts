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
