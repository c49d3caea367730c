/** Every Send with its Issue and its List, for who looks at Issues and does nothing to a Send. */

import type { Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { fromSends } from './send.js'

export interface IssueSend {
  readonly id: number
  readonly slug: string
  /** Of the CompiledIssue that it has pinned. */
  readonly hash: string
  readonly list: string
  readonly state: SendState
  readonly reason: string | null
  /** Ms since 1970. */
  readonly createdAt: number
  readonly scheduledAt: number | null
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

/** The newest first. */
export async function readIssueSends(query: Query): Promise<readonly IssueSend[]> {
  return fromSends(query)
    .select([
      'send.id',
      'issue.slug',
      'send.compiled_hash as hash',
      'list.name as list',
      'send.state',
      'send.reason',
      'send.created_at as createdAt',
      'send.scheduled_at as scheduledAt',
      'send.started_at as startedAt',
      'send.finished_at as finishedAt',
    ])
    .orderBy('send.id', 'desc')
    .execute()
}
