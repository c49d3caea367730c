/** A Send's bytes never change, so what was encoded for one Batch serves the next. */

import type { Query } from '../db/db.js'
import type { ReturnPath } from '../return-path.js'
import { type PreparedIssue, prepareMessages } from './message.js'
import { findSend, readCompiled } from './send.js'

/** Sends under way at once are few; each holds the size of its Message. */
const MAX_KEPT = 4

export interface PreparedSends {
  get(sendId: number): Promise<PreparedIssue>
}

export function keepPreparedSends(query: Query, returnPath: ReturnPath | null = null): PreparedSends {
  const kept = new Map<number, Promise<PreparedIssue>>()
  return {
    get(sendId) {
      const known = kept.get(sendId)
      if (known) return known
      const prepared = prepare(sendId, { query, returnPath })
      kept.set(sendId, prepared)
      prepared.catch(() => kept.delete(sendId))
      const [oldest] = kept.keys()
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
      return prepared
    },
  }
}

async function prepare(
  sendId: number,
  { query, returnPath }: { readonly query: Query; readonly returnPath: ReturnPath | null },
): Promise<PreparedIssue> {
  const send = await findSend(query, sendId)
  const compiled = await readCompiled(query, send.hash)
  return prepareMessages({
    compiled,
    hash: send.hash,
    list: send.list,
    sendId,
    date: send.startedAt ?? send.createdAt,
    returnPath,
  })
}
