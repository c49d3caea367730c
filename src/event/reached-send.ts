/** What of a Send its Hits are sorted by, from the CompiledIssue that it has pinned. */

import type { CompiledIssue } from '../compile/compiled.js'
import type { Query } from '../db/db.js'
import { passagesOf } from './passage.js'
import type { ReachedSend } from './reach.js'

export interface JudgedSend extends ReachedSend {
  readonly id: number
  readonly listId: number
  /** Distinct Links of the Issue. */
  readonly links: number
}

/** By id. */
export async function readReachedSends(
  query: Query,
  sendIds: readonly number[],
): Promise<ReadonlyMap<number, JudgedSend>> {
  if (sendIds.length === 0) return new Map()
  const sends = await query
    .selectFrom('send')
    .select(['id', 'list_id', 'compiled_hash', 'started_at', 'created_at'])
    .where('id', 'in', sendIds)
    .execute()
  const known = new Map<number, JudgedSend>()
  for (const { id, list_id: listId, compiled_hash: hash, started_at, created_at } of sends) {
    const sorted = await readSorted(query, hash)
    known.set(id, { id, listId, startedAt: started_at ?? created_at, ...sorted })
  }
  return known
}

async function readSorted(query: Query, hash: string) {
  const { content } = await query
    .selectFrom('compiled_issue')
    .select('content')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow()
  // Written by createSend from a CompiledIssue.
  const compiled = JSON.parse(content) as CompiledIssue
  return {
    sections: new Map(compiled.links.map(({ index, section }) => [index, section])),
    links: compiled.links.length,
    passages: passagesOf(compiled),
  }
}
