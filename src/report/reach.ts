/**
 * Reach: how many Hits something had, and from how many Deliveries. Each Delivery counts once, under the best that any of
 * its Hits was taken for: person, else unknown, else machine. So person + unknown + machine = deliveries. Read from the sums
 * that ingest keeps (`event/reach.ts`), never counted here.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { readRows } from '../db/rows.js'
import type { Verdict } from '../db/schema.js'
import { CLASSIFIER_VERSION } from '../event/judge/judge.js'
import { type ReachKind, type Sorted, spanOf } from '../event/reach.js'

export interface Reach {
  /** Requests as they came, repeats and machines included. */
  readonly hits: number
  readonly deliveries: number
  readonly person: number
  /** Nobody can tell. */
  readonly unknown: number
  readonly machine: number
}

export const NO_REACH: Reach = { hits: 0, deliveries: 0, person: 0, unknown: 0, machine: 0 }

export interface TimeReach {
  /** ISO 8601, its beginning. */
  readonly at: string
  readonly spanMs: number
  readonly opens: Reach
  readonly clicks: Reach
}

/** Everything that is known of who opened and clicked a Send. */
export interface ReachOf {
  readonly of: (kind: ReachKind, sorted: Sorted, key: string) => Reach
  /** Spans in which something happened, in order. */
  readonly overTime: readonly TimeReach[]
  readonly classifier: {
    readonly current: number
    /** The newest first. */
    readonly versions: readonly { readonly version: number; readonly hits: number }[]
    readonly counting: boolean
  }
}

interface ReachRow {
  readonly kind: ReachKind
  readonly sorted: Sorted
  readonly key: string
  readonly verdict: Verdict
  readonly hits: number
  readonly deliveries: number
}

/** Of domains, of which there may be many, those asked for. */
export async function readReach(query: Query, sendId: number, domains: readonly string[]): Promise<ReachOf> {
  const [rows, { started_at: startedAt, rebuilt }] = await Promise.all([
    readShares(query, sendId, domains),
    query
      .selectFrom('send')
      .leftJoin('rebuild', (join) => join.onRef('rebuild.send_id', '=', 'send.id').on('is_first', '=', 1))
      .select(['send.started_at', 'rebuild.send_id as rebuilt'])
      .where('send.id', '=', sendId)
      .executeTakeFirstOrThrow(),
  ])
  const known = new Map<string, Reach>()
  for (const row of rows) {
    const name = nameOf(row.kind, row.sorted, row.key)
    known.set(name, addTo(known.get(name) ?? NO_REACH, row))
  }
  const of: ReachOf['of'] = (kind, sorted, key) => known.get(nameOf(kind, sorted, key)) ?? NO_REACH
  const keysOf = (sorted: Sorted) => [
    ...new Set(rows.flatMap((row) => (row.sorted === sorted ? [row.key] : []))),
  ]
  return {
    of,
    overTime: keysOf('time')
      .sort()
      .map((at) => ({
        at,
        spanMs: spanOf(startedAt ?? 0, Date.parse(at)),
        opens: of('open', 'time', at),
        clicks: of('click', 'time', at),
      })),
    classifier: {
      current: CLASSIFIER_VERSION,
      versions: keysOf('version')
        .map(Number)
        .sort((one, other) => other - one)
        .map((version) => ({
          version,
          hits: of('open', 'version', String(version)).hits + of('click', 'version', String(version)).hits,
        })),
      counting: rebuilt !== null,
    },
  }
}

/** Two ranges of the primary key and a row or so for each domain. */
async function readShares(
  query: Query,
  sendId: number,
  domains: readonly string[],
): Promise<readonly ReachRow[]> {
  const columns = sql`select kind, sorted, key, verdict, hits, deliveries from reach where send_id = ${sendId}`
  const few = ['all', 'lane', 'link', 'passage', 'section', 'time', 'version']
  const rows = await readRows(
    query,
    sql<ReachRow>`
    ${columns} and kind in ('open', 'click') and sorted in (${sql.join(few)})
    union all ${columns} and kind in ('open', 'click') and sorted = 'domain'
      and key in (${sql.join(domains.length === 0 ? [''] : domains)})`,
  )
  return rows
}

function nameOf(kind: ReachKind, sorted: Sorted, key: string): string {
  return `${kind} ${sorted} ${key}`
}

function addTo(reach: Reach, { verdict, hits, deliveries }: ReachRow): Reach {
  return {
    ...reach,
    hits: reach.hits + hits,
    deliveries: reach.deliveries + deliveries,
    [verdict]: reach[verdict] + deliveries,
  }
}
