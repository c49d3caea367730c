/** Every row of every table, as one text, so that a test can say that nothing has changed. */

import type { Query } from '../../src/db/db.js'

/** `except`: tables that may change. */
export async function dumpTables(query: Query, except: readonly string[] = []): Promise<string> {
  const tables = await query.introspection.getTables()
  const names = tables
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('kysely') && !except.includes(name))
  const rows: unknown[] = []
  // Any table will do for the type; the rows are only written down.
  for (const name of names.sort())
    rows.push([
      name,
      await query
        .selectFrom(name as 'send')
        .selectAll()
        .execute(),
    ])
  return JSON.stringify(rows)
}
