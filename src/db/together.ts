/**
 * Several statements as one durable step in one round trip: on SQLite the writer's thread runs them between `begin
 * immediate` and `commit` by itself; on Postgres a step of this kind is one statement, and so its own transaction.
 */

import { CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely'
import { failpoint } from '../failpoint.js'
import type { Query } from './db.js'
import type { SqliteConnection } from './sqlite-driver.js'
import { UNDONE } from './transact.js'

/** A value, as it stands in a row of the answer. */
export type Row = Readonly<Record<string, unknown>>

export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** About how many rows its tables have: what Postgres has planned for ten reads a million from end to end. */
  readonly rows?: number
}

const MAX_RUNS = 6

/** Returns the rows of each statement. All of it stands, or nothing; `step` names it for the failpoints. */
export async function together(
  query: Query,
  step: string,
  statements: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  for (let run = 1; ; run++) {
    try {
      failpoint(`${step}.before`)
      const rows = await onConnection(query, async (connection) => {
        if (isTogether(connection)) return connection.together<Row>(statements)
        const [statement, ...more] = statements
        if (statement === undefined || more.length > 0)
          throw new Error(`${step}: one statement, not ${more.length + 1}`)
        const { sql, parameters, rows = 0 } = statement
        const name = `${step}-${String(rows).length}`
        const compiled = CompiledQuery.raw(`/* ${name} */ ${sql}`, [...parameters])
        return [((await connection.executeQuery(compiled)) as QueryResult<Row>).rows]
      })
      failpoint(`${step}.after`)
      return rows
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!UNDONE.has(code) || run === MAX_RUNS) throw error
    }
  }
}

function onConnection<T>(query: Query, work: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
  return query.connection().execute((one) => one.getExecutor().provideConnection(work))
}

/** SQLite's alone has it. */
function isTogether(connection: DatabaseConnection): connection is SqliteConnection {
  return 'together' in connection
}

/**
 * The step that a statement is, and for how large tables, from the comment in front of it: on Postgres it is prepared
 * once and goes by that name.
 */
export function nameIn(sql: string): string | null {
  return /^\/\* ([a-z-]+-\d+) \*\/ /.exec(sql)?.[1] ?? null
}
