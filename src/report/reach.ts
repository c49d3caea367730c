/**
 * Reach: how many Hits something had, and from how many Deliveries. Each Delivery counts once, under the best that any of
 * its Hits was taken for: person, else unknown, else machine. So person + unknown + machine = deliveries.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import { CLASSIFIER_VERSION } from '../event/judge/judge.js'
import type { Link } from '../link/link.js'

export interface Reach {
  /** Requests as they came, repeats and machines included. */
  readonly hits: number
  readonly deliveries: number
  readonly person: number
  /** Nobody can tell, or nobody has looked yet. */
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
  readonly of: (kind: 'open' | 'click', sorted: string, key: string) => Reach
  readonly overTime: readonly TimeReach[]
  readonly classifier: {
    readonly current: number
    readonly versions: readonly { readonly version: number; readonly hits: number }[]
    readonly counting: boolean
  }
}

export async function readReach(
  query: Query,
  sendId: number,
  { links }: { readonly links: readonly Link[]; readonly domains: readonly (string | null)[] },
): Promise<ReachOf> {
  const [opens, clicks] = await Promise.all([readOpens(query, sendId), readClicks(query, sendId, links)])
  return {
    of(kind, sorted, key) {
      if (sorted === 'all') return kind === 'open' ? opens : clicks.all
      if (sorted === 'link' && kind === 'click') return clicks.byLink.get(Number(key)) ?? NO_REACH
      if (sorted === 'section' && kind === 'click') return clicks.bySection.get(key) ?? NO_REACH
      return NO_REACH
    },
    overTime: [],
    classifier: { current: CLASSIFIER_VERSION, versions: [], counting: false },
  }
}

async function readOpens(query: Query, sendId: number): Promise<Reach> {
  const [row] = await countHits<0>(query, { sendId, kind: 'open', by: sql`0`, links: [] })
  return row ? toReach(row) : NO_REACH
}

interface Clicks {
  readonly all: Reach
  /** By index; a Link that nobody clicked is missing. */
  readonly byLink: ReadonlyMap<number, Reach>
  /** By id of the Section. */
  readonly bySection: ReadonlyMap<string, Reach>
}

async function readClicks(query: Query, sendId: number, links: readonly Link[]): Promise<Clicks> {
  const clicks = { sendId, kind: 'click', links } as const
  const [all, byLink, bySection] = await Promise.all([
    countHits<0>(query, { ...clicks, by: sql`0` }),
    countHits<number>(query, { ...clicks, by: sql`hit.link` }),
    countHits<string>(query, { ...clicks, by: sql`given.section` }),
  ])
  return { all: all[0] ? toReach(all[0]) : NO_REACH, byLink: toMap(byLink), bySection: toMap(bySection) }
}

interface ReachRow<G> extends Reach {
  readonly grouped: G
}

interface HitQuestion {
  readonly sendId: number
  readonly kind: 'open' | 'click'
  /** What is counted apart, as SQL. */
  readonly by: RawBuilder<unknown>
  readonly links: readonly Link[]
}

const PERSON = 3
const UNKNOWN = 2
const MACHINE = 1

async function countHits<G>(
  query: Query,
  { sendId, kind, by, links }: HitQuestion,
): Promise<readonly ReachRow<G>[]> {
  const sections = rowsOf(
    query,
    { link: 'integer', section: 'text' },
    links.map(({ index, section }) => ({ link: index, section })),
  )
  const { rows } = await sql<ReachRow<G>>`
    select grouped, sum(hits) as hits, count(*) as deliveries,
      sum(case best when ${PERSON} then 1 else 0 end) as person,
      sum(case best when ${UNKNOWN} then 1 else 0 end) as unknown,
      sum(case best when ${MACHINE} then 1 else 0 end) as machine
    from (
      select ${by} as grouped, count(*) as hits,
        max(case seen.verdict when 'person' then ${PERSON} when 'machine' then ${MACHINE} else ${UNKNOWN} end) as best
      from delivery
      join hit on hit.delivery_id = delivery.id
      left join classification as seen on seen.hit_id = hit.id
      left join ${sections} on given.link = hit.link
      where delivery.send_id = ${sendId} and hit.kind = ${kind}
      group by 1, delivery.id
    ) as one
    group by grouped`.execute(query)
  return rows
}

function toReach({ hits, deliveries, person, unknown, machine }: Reach): Reach {
  return { hits, deliveries, person, unknown, machine }
}

function toMap<G>(rows: readonly ReachRow<G>[]): ReadonlyMap<G, Reach> {
  return new Map(rows.map((row) => [row.grouped, toReach(row)]))
}
