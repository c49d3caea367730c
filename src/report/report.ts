/** Report of a Send: what was sent, who was left out and why, what was opened and clicked, who left. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { CLASSIFIER_VERSION } from '../event/judge/judge.js'
import type { Link } from '../link/link.js'
import { readCompiled } from '../send/send.js'
import { type Clicks, NO_REACH, type Reach, readClicks, readOpens } from './reach.js'
import { readStatus, type Status } from './status.js'

export type ReasonState = 'excluded' | 'bounced' | 'failed'

export interface ReasonCount {
  readonly state: ReasonState
  /** As stored; for a refusal without one, the reply's codes, such as `550 5.1.1`. */
  readonly reason: string
  readonly count: number
}

export interface LinkReach extends Reach {
  readonly index: number
  readonly url: string
  readonly text: string
  /** Heading of the Section, '' for the editor's note. */
  readonly section: string
}

export interface SectionReach extends Reach {
  /** Anchor of the Section, '' for the editor's note. */
  readonly id: string
  readonly heading: string
  /** How many Links stand in it. */
  readonly links: number
}

export interface Report extends Status {
  readonly title: string
  /** Most frequent first within a state. */
  readonly reasons: readonly ReasonCount[]
  readonly opens: Reach
  readonly clicks: Reach & {
    /** Every Link of the Issue, in its order. */
    readonly links: readonly LinkReach[]
    /** Every Section that holds a Link, in its order. */
    readonly sections: readonly SectionReach[]
  }
  /** People who left the List through this Send's Messages. */
  readonly unsubscribes: number
  /** Version of the rules that told people from machines. */
  readonly classifier: number
}

/**
 * Throws InputError when there is no such Send. The status is of one moment; the rest is counted right after it, while
 * Hits may still come in.
 */
export async function readReport(query: Query, sendId: number): Promise<Report> {
  const status = await readStatus(query, sendId)
  const { title, links } = await readCompiled(query, status.hash)
  const [reasons, opens, clicks, unsubscribes] = await Promise.all([
    readReasons(query, sendId),
    readOpens(query, sendId),
    readClicks(query, sendId, links),
    countUnsubscribes(query, sendId),
  ])
  return {
    ...status,
    title,
    reasons,
    opens,
    clicks: { ...clicks.all, links: linkReaches(links, clicks), sections: sectionReaches(links, clicks) },
    unsubscribes,
    classifier: CLASSIFIER_VERSION,
  }
}

async function readReasons(query: Query, sendId: number): Promise<readonly ReasonCount[]> {
  // A reply begins with its code and, as a rule, the enhanced one (RFC 2034); the words after differ each time.
  const codes = sql<string>`case when reply_text like '___ _._._ %' then substr(reply_text, 1, 9)
    else coalesce(cast(reply_code as text), 'no reply') end`
  const { rows } = await sql<ReasonCount>`
    select state, coalesce(reason, ${codes}) as reason, count(*) as count
    from delivery where send_id = ${sendId} and state in ('excluded', 'bounced', 'failed')
    group by 1, 2 order by 1, 3 desc, 2`.execute(query)
  return rows
}

async function countUnsubscribes(query: Query, sendId: number): Promise<number> {
  const { count } = await query
    .selectFrom('event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('send_id', '=', sendId)
    .where('kind', '=', 'unsubscribed')
    .executeTakeFirstOrThrow()
  return count
}

function linkReaches(links: readonly Link[], { byLink }: Clicks): readonly LinkReach[] {
  return links.map(({ index, url, text, heading }) => ({
    index,
    url,
    text,
    section: heading,
    ...(byLink.get(index) ?? NO_REACH),
  }))
}

function sectionReaches(links: readonly Link[], { bySection }: Clicks): readonly SectionReach[] {
  const headings = new Map(links.map(({ section, heading }) => [section, heading]))
  return [...headings].map(([id, heading]) => ({
    id,
    heading,
    links: links.filter(({ section }) => section === id).length,
    ...(bySection.get(id) ?? NO_REACH),
  }))
}
