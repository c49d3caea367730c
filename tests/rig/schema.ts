/** A database as an older or a newer version leaves it, made of one of today's. */

import { sql } from 'kysely'
import { engineOf, type Query } from '../../src/db/db.js'

/** What later migrations bring is taken out again here, or may be brought twice. */
export const OLDER = 6

export async function makeOlder(query: Query): Promise<void> {
  await sql`drop index event_after`.execute(query)
  await beforeWholeText(query)
  await setSchema(query, OLDER)
}

/** As schema 8 is. */
export async function beforeWholeText(query: Query): Promise<void> {
  await withoutAftermath(query)
  await sql`alter table suppression drop column is_erased`.execute(query)
}

/** As it was before `aftermath` was kept. */
export async function withoutAftermath(query: Query): Promise<void> {
  const isPostgres = engineOf(query) === 'postgres'
  await sql`drop trigger delivery_bounced ${isPostgres ? sql`on delivery` : sql``}`.execute(query)
  if (isPostgres) await sql`drop function note_bounced`.execute(query)
  await sql`drop table aftermath`.execute(query)
}

export async function setSchema(query: Query, version: number): Promise<void> {
  await query
    .updateTable('meta')
    .set({ value: String(version) })
    .where('key', '=', 'schema')
    .execute()
}
