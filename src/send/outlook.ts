/** Outlook: who would get an Issue, and why the others would not, asked by the same judgement as a freeze; nobody is placed. */

import type { Segment } from '../audience/segment/segment.js'
import type { Query } from '../db/db.js'
import type { Keys } from '../link/token.js'
import { judgeCandidates } from './candidate.js'
import { peopleOf, readWindow } from './crowd.js'

export interface Outlook {
  readonly audience: number
  readonly mailable: number
  /** Reason → how many. */
  readonly excluded: Readonly<Record<string, number>>
}

/** Of a window, judged at once by a dry run. */
const CHUNKS = 8

export interface OutlookRequest {
  /** Names the Issue. */
  readonly slug: string
  readonly topics: readonly string[]
  readonly listId: number
  readonly segment: Segment | null
  /** IANA name of the time zone whose days and months count. */
  readonly calendar: string
  readonly keys: Keys
  readonly now: number
}

/** Who on the List, or of the Segment, would get the Issue now, and why the others would not. */
export async function countOutlook(
  query: Query,
  { slug, topics, listId, segment, calendar, keys, now }: OutlookRequest,
): Promise<Outlook> {
  const issue = await query.selectFrom('issue').select('id').where('slug', '=', slug).executeTakeFirst()
  // An Issue that was never sent has no id; 0 is nobody's.
  const issueId = issue?.id ?? 0
  const context = { issueId, sendId: null, listId, copy: 0, topics, asOf: now, calendar, keys }
  const crowd = { list: { id: listId }, of: null, segment, asOf: now, calendar }
  const excluded: Record<string, number> = {}
  let audience = 0
  let mailable = 0
  let after = 0
  for (;;) {
    const window = await readWindow(query, crowd, after)
    if (window === null) return { audience, mailable, excluded }
    for (let at = 0; at < window.chunks.length; at += CHUNKS) {
      const ids = peopleOf(window.chunks.slice(at, at + CHUNKS)).map(({ id }) => id)
      const reasons = await judgeCandidates(query, ids, context)
      for (const reason of reasons.values()) excluded[reason] = (excluded[reason] ?? 0) + 1
      audience += ids.length
      mailable += ids.length - reasons.size
    }
    after = window.until
  }
}
