/** Earlier: what became of the Sends to the same List before, to compare with. */

import type { Query } from '../db/db.js'
import { type Left, readLeft } from './left.js'
import { readTally } from './settled.js'
import { toIso } from './status.js'

export interface Earlier extends Pick<Left, 'unsubscribes' | 'complaints'> {
  readonly send: number
  /** Slug. */
  readonly issue: string
  readonly title: string
  /** ISO 8601. */
  readonly startedAt: string | null
  readonly sent: number
  /** By a person; null: that Send did not track it. */
  readonly opened: number | null
  readonly clicked: number | null
}

const MOST = 5

/** The newest first. */
export async function readEarlier(query: Query, sendId: number): Promise<readonly Earlier[]> {
  const sends = await query
    .selectFrom('send')
    .innerJoin('send as this', 'this.list_id', 'send.list_id')
    .innerJoin('issue', 'issue.id', 'send.issue_id')
    .select(['send.id', 'issue.slug', 'send.started_at'])
    .where('this.id', '=', sendId)
    .where('send.started_at', 'is not', null)
    .where(({ eb, ref }) => eb('send.id', '<', ref('this.id')))
    .orderBy('send.id', 'desc')
    .limit(MOST)
    .execute()
  const ids = sends.map(({ id }) => id)
  const people = await readPeople(query, ids)
  return Promise.all(
    sends.map(async ({ id, slug, started_at: startedAt }) => {
      const [{ tally }, { unsubscribes, complaints }] = await Promise.all([
        readTally(query, id),
        readLeft(query, id),
      ])
      return {
        send: id,
        issue: slug,
        title: tally.title,
        startedAt: toIso(startedAt),
        sent: tally.states.sent,
        opened: tally.tracking.opens ? (people.get(`${id} open`) ?? 0) : null,
        clicked: tally.tracking.clicks ? (people.get(`${id} click`) ?? 0) : null,
        unsubscribes,
        complaints,
      }
    }),
  )
}

/** How many Deliveries a person opened or clicked, by Send and kind. */
async function readPeople(query: Query, sendIds: readonly number[]): Promise<ReadonlyMap<string, number>> {
  if (sendIds.length === 0) return new Map()
  const rows = await query
    .selectFrom('reach')
    .select(['send_id', 'kind', 'deliveries'])
    .where('send_id', 'in', sendIds)
    .where('kind', 'in', ['open', 'click'])
    .where('sorted', '=', 'all')
    .where('key', '=', '')
    .where('verdict', '=', 'person')
    .execute()
  return new Map(rows.map(({ send_id, kind, deliveries }) => [`${send_id} ${kind}`, deliveries]))
}
