/**
 * Report of a Send: what was sent, who was left out and why, what was opened and clicked, who left. Read from what is kept of
 * it (`reach`, `tally`), so that a large Send costs no more than a small one; while it is under way its Deliveries are counted.
 */

import type { Query } from '../db/db.js'
import type { Alternative } from '../event/passage.js'
import { type Earlier, readEarlier } from './earlier.js'
import { type Left, readLeft } from './left.js'
import { NO_REACH, type Reach, type ReachOf, readReach, type TimeReach } from './reach.js'
import { readTally } from './settled.js'
import type { SentSpan } from './speed.js'
import { readStatusWith, type Status } from './status.js'
import type { ReasonCount, Tally } from './tally.js'
import type { DomainTraffic, LaneTraffic } from './traffic.js'

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

/** Opens and clicks of a part of the Deliveries. */
export interface Reached {
  readonly opens: Reach
  readonly clicks: Reach
}

export interface PassageReport {
  /** 0-based, in the order of the mail. */
  readonly index: number
  /** As an editor writes it, such as `subscriber.city`. */
  readonly condition: string
  /** They add up to all that is sent, opened and clicked; `erased` is there where anyone is. */
  readonly alternatives: readonly AlternativeReport[]
}

export interface AlternativeReport extends Reached {
  /** Of who is erased since nobody knows which of the two they got. */
  readonly is: Alternative | 'erased'
  /** To so many it was sent. */
  readonly deliveries: number
}

export interface Report extends Status {
  readonly title: string
  /** False: under way, and counted as it stands now. */
  readonly settled: boolean
  /** Most frequent first within a state. */
  readonly reasons: readonly ReasonCount[]
  readonly opens: Reach
  readonly clicks: Reach & {
    /** Every Link of the Issue, in its order. */
    readonly links: readonly LinkReach[]
    /** Every Section that holds a Link, in its order. */
    readonly sections: readonly SectionReach[]
  }
  /** Each Delivery once, at the first Hit of what it counts as; spans in which nothing happened are left out. */
  readonly overTime: readonly TimeReach[]
  /** With most Deliveries first. */
  readonly lanes: readonly (LaneTraffic & Reached)[]
  /** The twenty with most Deliveries, then all others as null. */
  readonly domains: readonly (DomainTraffic & Reached)[]
  readonly sentOverTime: readonly SentSpan[]
  /** Every conditional passage of the mail, in its order. */
  readonly passages: readonly PassageReport[]
  /** People who left the List through this Send's Messages and have not taken it back. */
  readonly unsubscribes: number
  readonly left: Left
  /** Up to five Sends to the same List before this one, the newest first. */
  readonly earlier: readonly Earlier[]
  /** The rules that told people from machines; more than one version while they are being changed. */
  readonly classifier: {
    readonly current: number
    readonly versions: readonly { readonly version: number; readonly hits: number }[]
    /** True: Hits of before are still being counted, and what is said of opens and clicks is not all yet. */
    readonly counting: boolean
  }
  readonly tracking: {
    readonly opens: boolean
    readonly clicks: boolean
    /** Deliveries of whose opens and clicks nothing is kept. */
    readonly untracked: number
  }
}

/**
 * Throws InputError when there is no such Send. States are of one moment; what readers do is known about a second after
 * they do it.
 */
export async function readReport(query: Query, sendId: number): Promise<Report> {
  const { tally, isSettled } = await readTally(query, sendId)
  const domains = tally.domains.flatMap(({ domain }) => (domain === null ? [] : [domain]))
  const [status, reach, left, earlier] = await Promise.all([
    readStatusWith(query, sendId, tally.states),
    readReach(query, sendId, domains),
    readLeft(query, sendId),
    readEarlier(query, sendId),
  ])
  const reachedBy = (sorted: 'lane' | 'domain' | 'passage', key: string): Reached => ({
    opens: reach.of('open', sorted, key),
    clicks: reach.of('click', sorted, key),
  })
  return {
    ...status,
    title: tally.title,
    settled: isSettled,
    reasons: tally.reasons,
    opens: reach.of('open', 'all', ''),
    clicks: {
      ...reach.of('click', 'all', ''),
      links: linkReaches(tally, reach),
      sections: sectionReaches(tally, reach),
    },
    overTime: reach.overTime,
    lanes: tally.lanes.map((lane) => ({ ...lane, ...reachedBy('lane', lane.lane) })),
    domains: domainReaches(tally, reachedBy, reach),
    sentOverTime: tally.sentOverTime,
    passages: passageReports(tally, reachedBy, reach),
    unsubscribes: left.unsubscribes,
    left,
    earlier,
    classifier: reach.classifier,
    tracking: { ...tally.tracking, untracked: tally.untracked },
  }
}

function linkReaches({ links }: Tally, reach: ReachOf): readonly LinkReach[] {
  return links.map(({ index, url, text, heading }) => ({
    index,
    url,
    text,
    section: heading,
    ...reach.of('click', 'link', String(index)),
  }))
}

function sectionReaches({ links }: Tally, reach: ReachOf): readonly SectionReach[] {
  const headings = new Map(links.map(({ section, heading }) => [section, heading]))
  return [...headings].map(([id, heading]) => ({
    id,
    heading,
    links: links.filter(({ section }) => section === id).length,
    ...reach.of('click', 'section', id),
  }))
}

/** What is not of the large domains is of the others, since every Delivery has one domain. */
function domainReaches(
  { domains }: Tally,
  reachedBy: (sorted: 'domain', key: string) => Reached,
  reach: ReachOf,
): Report['domains'] {
  const large = domains.flatMap(({ domain }) => (domain === null ? [] : [reachedBy('domain', domain)]))
  const rest = {
    opens: without(
      reach.of('open', 'all', ''),
      large.map(({ opens }) => opens),
    ),
    clicks: without(
      reach.of('click', 'all', ''),
      large.map(({ clicks }) => clicks),
    ),
  }
  return domains.map((traffic) => ({
    ...traffic,
    ...(traffic.domain === null ? rest : reachedBy('domain', traffic.domain)),
  }))
}

/** Who is in neither alternative is erased: their share went out of it with what was frozen of them. */
function passageReports(
  { passages, states }: Tally,
  reachedBy: (sorted: 'passage', key: string) => Reached,
  reach: ReachOf,
): readonly PassageReport[] {
  return passages.map(({ asks, present, absent, erased = states.sent - present - absent }, index) => {
    const known: readonly AlternativeReport[] = [
      { is: 'present', deliveries: present, ...reachedBy('passage', `${index}:present`) },
      { is: 'absent', deliveries: absent, ...reachedBy('passage', `${index}:absent`) },
    ]
    const rest: AlternativeReport = {
      is: 'erased',
      deliveries: erased,
      opens: without(
        reach.of('open', 'all', ''),
        known.map(({ opens }) => opens),
      ),
      clicks: without(
        reach.of('click', 'all', ''),
        known.map(({ clicks }) => clicks),
      ),
    }
    const isAnyone = erased > 0 || rest.opens.hits > 0 || rest.clicks.hits > 0
    return {
      index,
      condition: `subscriber.${asks}`,
      alternatives: isAnyone ? [...known, rest] : known,
    }
  })
}

function without(all: Reach, parts: readonly Reach[]): Reach {
  const rest = (of: keyof Reach) => parts.reduce((left, part) => left - part[of], all[of])
  return parts.length === 0 || all === NO_REACH
    ? all
    : {
        hits: rest('hits'),
        deliveries: rest('deliveries'),
        person: rest('person'),
        unknown: rest('unknown'),
        machine: rest('machine'),
      }
}
