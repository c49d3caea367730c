/** What is asked of a database, and how SQLite would look for the answer. */

import { CompiledQuery, createQueryId, type RootOperationNode } from 'kysely'
import type { Query } from '../../src/db/db.js'

/** Whatever is asked of the Query that `act` is given, in order. */
export async function questionsOf(
  query: Query,
  act: (query: Query) => Promise<unknown>,
): Promise<readonly RootOperationNode[]> {
  const asked: RootOperationNode[] = []
  const heard = query.withPlugin({
    transformQuery: ({ node }) => {
      asked.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  })
  await act(heard)
  return asked
}

/** Steps of the plan, such as `SEARCH hit USING INDEX hit_delivery (delivery_id=?)`. SQLite alone. */
export async function explain(query: Query, node: RootOperationNode): Promise<readonly string[]> {
  const { sql: text, parameters } = query.getExecutor().compileQuery(node, createQueryId())
  const plan = CompiledQuery.raw(`explain query plan ${text}`, [...parameters])
  const { rows } = await query.executeQuery<{ detail: string }>(plan)
  return rows.map(({ detail }) => detail)
}
