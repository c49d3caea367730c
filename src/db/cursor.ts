/** Cursor: how far some work has come, a number under a name in `meta`. */

import { sql } from 'kysely'
import type { Query } from './db.js'

/** 0 before anything was done. */
export async function readCursor(query: Query, name: string): Promise<number> {
  const row = await query.selectFrom('meta').select('value').where('key', '=', name).executeTakeFirst()
  return Number(row?.value ?? 0)
}

/** Only forward: another process may be further. */
export async function moveCursor(query: Query, name: string, to: number): Promise<void> {
  await sql`
    insert into meta (key, value) values (${name}, ${String(to)})
    on conflict (key) do update set value = excluded.value
    where cast(meta.value as bigint) < cast(excluded.value as bigint)`.execute(query)
}
