/**
 * Tally: what the Deliveries of a Send come to, and what a Report shows of its CompiledIssue. Counted as it stands;
 * `settled.ts` keeps it for a Send that has nothing left to do.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { readRows } from '../db/rows.js'
import { type Alternative, isPresent, passagesOf } from '../event/passage.js'
import type { Link } from '../link/link.js'
import { codesOf } from '../send/codes-only.js'
import { readCompiled } from '../send/send.js'
import { readTraffic, type SendTraffic } from './traffic.js'
import { windowsOf, within } from './windows.js'

export type ReasonState = 'excluded' | 'bounced' | 'failed'

export interface ReasonCount {
  readonly state: ReasonState
  /** As stored; for a refusal without one, the reply's codes, such as `550 5.1.1`. */
  readonly reason: string
  readonly count: number
}

export interface PassageTally {
  /** What it asks about: `name`, `address` or an attribute. */
  readonly asks: string
  /** To how many of those sent. */
  readonly present: number
  readonly absent: number
  /** Erased since, of whom nobody knows any more. Not there in what was kept before it was counted: then it is the rest. */
  readonly erased?: number
}

/** Plain JSON data. */
export interface Tally extends SendTraffic {
  readonly title: string
  readonly links: readonly Link[]
  readonly tracking: { readonly opens: boolean; readonly clicks: boolean }
  /** Most frequent first within a state. */
  readonly reasons: readonly ReasonCount[]
  /** In the order of the mail. */
  readonly passages: readonly PassageTally[]
}

export async function countTally(query: Query, sendId: number, hash: string): Promise<Tally> {
  const compiled = await readCompiled(query, hash)
  const { opens, clicks } = compiled.publication.tracking ?? { opens: true, clicks: true }
  const [traffic, reasons, passages] = await Promise.all([
    readTraffic(query, sendId),
    readReasons(query, sendId),
    readPassages(query, sendId, passagesOf(compiled)),
  ])
  const { title, links } = compiled
  return { title, links, tracking: { opens, clicks }, ...traffic, reasons, passages }
}

async function readReasons(query: Query, sendId: number): Promise<readonly ReasonCount[]> {
  // The words of a reply differ each time, its codes don't.
  const codes = sql<string>`coalesce(${sql.raw(codesOf('reply_text'))}, cast(reply_code as text), 'no reply')`
  const rows = await readRows(
    query,
    sql<ReasonCount>`
    select state, coalesce(reason, ${codes}) as reason, count(*) as count
    from delivery where send_id = ${sendId} and state in ('excluded', 'bounced', 'failed')
    group by 1, 2`,
  )
  return [...rows].sort(
    (one, other) =>
      compare(one.state, other.state) || other.count - one.count || compare(one.reason, other.reason),
  )
}

async function readPassages(
  query: Query,
  sendId: number,
  passages: readonly string[],
): Promise<readonly PassageTally[]> {
  const counted = new Map<string, Omit<PassageTally, 'asks'>>()
  for (const asks of new Set(passages)) {
    const sum = { present: 0, absent: 0, erased: 0 }
    for await (const window of windowsOf(query, sendId)) {
      const rows = await readRows(
        query,
        sql<{ alternative: Alternative | 'erased'; count: number }>`
        select case when address = '' then 'erased' when ${isPresent(query, asks)} = 1 then 'present' else 'absent' end as alternative,
          count(*) as count
        from delivery where ${within(window)} and state = 'sent' group by 1`,
      )
      for (const { alternative, count } of rows) sum[alternative] += count
    }
    counted.set(asks, sum)
  }
  return passages.map((asks) => ({ asks, ...(counted.get(asks) ?? { present: 0, absent: 0, erased: 0 }) }))
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
