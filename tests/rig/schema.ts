/** A database as an older or a newer version leaves it, made of one of today's. */

import { sql } from 'kysely'
import type { Query } from '../../src/db/db.js'

/** What later migrations bring is taken out again here, or may be brought twice. */
export const OLDER = 6

export async function makeOlder(query: Query): Promise<void> {
  await sql`drop index event_after`.execute(query)
  await setSchema(query, OLDER)
}

export async function setSchema(query: Query, version: number): Promise<void> {
  await query
    .updateTable('meta')
    .set({ value: String(version) })
    .where('key', '=', 'schema')
    .execute()
}
