/** Where a text is still kept: in any row of any table, and in any file of a folder. */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { engineOf, type Query } from '../../src/db/db.js'

/** Names of the tables with a row that holds it, whatever its case. */
export async function tablesWith(query: Query, text: string): Promise<readonly string[]> {
  const names =
    engineOf(query) === 'postgres'
      ? sql<{
          name: string
        }>`select table_name as name from information_schema.tables where table_schema = 'public'`
      : sql<{ name: string }>`select name from sqlite_master where type = 'table'`
  const found: string[] = []
  for (const { name } of (await names.execute(query)).rows) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(query)
    if (JSON.stringify(rows).toLowerCase().includes(text.toLowerCase())) found.push(name)
  }
  return found.sort()
}

/** Paths, relative to the folder, of files whose bytes hold it, in UTF-8 and as written. */
export function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .filter((file) => readFileSync(path.join(folder, file)).includes(text))
    .sort()
}
