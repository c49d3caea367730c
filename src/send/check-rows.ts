/**
 * What the rows of a Send must satisfy, whatever happened to it: each Delivery against its Attempts and Events, and no
 * address twice. Read in pages, so that a Send to half a million holds up nobody else's reading for long.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { CONTENT_REFUSED, EXPIRED, REFUSED_BY_POLICY } from './reply-rules.js'
import type { SendFacts } from './send.js'
import { pagesOfSet, type SetPage } from './set.js'

/** `count` and a few of those concerned, as a person would name them. */
export interface Finding {
  readonly rule: string
  readonly count: number
  readonly examples: readonly string[]
}

export const MAX_EXAMPLES = 5

const PAGE = 2_000
const ADDRESS_PAGE = 10_000

/** What a Delivery's Attempts come to: for each name, how many of them are so. */
const FACTS = {
  tries: 'attempt.number is not null',
  accepted: 'attempt.code between 200 and 299',
  resent: "attempt.decision = 'resend'",
  arrived: "attempt.decision = 'arrived'",
  unanswered: "attempt.number is not null and (attempt.outcome is null or attempt.outcome = 'uncertain')",
  // The last one of somebody sent is a resend, and an earlier message turned out to be accepted meanwhile.
  forgotten: `attempt.number is not null and (attempt.outcome is null or attempt.outcome = 'uncertain')
    and attempt.decision is null
    and not (page.state in ('sending', 'uncertain', 'sent') and attempt.number = page.attempt)`,
  unnamed: "attempt.decision is not null and coalesce(attempt.decided_by, '') = ''",
  // A refusal that stopped the Send is taken back: trip.ts. Who waited in vain for a lane to open: pace/give-up.ts.
  fitting: `attempt.number = page.attempt and (
    attempt.outcome = page.state or attempt.decision = page.state or (
      attempt.outcome = 'failed' and page.state = 'deferred'
      and page.reason in ('${REFUSED_BY_POLICY}', '${CONTENT_REFUSED}')
    ) or (attempt.outcome = 'deferred' and page.state = 'failed' and page.reason = '${EXPIRED}'))`,
} as const

/** Each rule's condition on a Delivery and its facts that break it; `:send` is the Send's id. */
const RULES: readonly { readonly rule: string; readonly broken: string }[] = [
  {
    rule: 'sent without a 2yz reply, nor evidence that it arrived',
    broken: `state = 'sent' and accepted = 0 and arrived = 0`,
  },
  {
    // Who resends an uncertain one takes a second acceptance into the bargain.
    rule: 'accepted more than once, though nobody decided to resend',
    broken: 'accepted > 1 + resent',
  },
  {
    rule: 'not sent though a 2yz reply is on record',
    broken: `state not in ('sent', 'sending') and accepted > 0`,
  },
  { rule: 'an Attempt without a reply that is neither uncertain nor decided', broken: 'forgotten > 0' },
  { rule: 'decided, but nobody is named', broken: 'unnamed > 0' },
  {
    rule: 'uncertain without an Attempt that has no reply',
    broken: `state = 'uncertain' and unanswered = 0`,
  },
  {
    rule: 'the state is not what the last Attempt came to',
    broken: `state in ('bounced', 'failed', 'deferred') and fitting = 0
      and not (attempt = 0 and state = 'failed' and reason = '${EXPIRED}')`,
  },
  { rule: 'the count of Attempts is not the number of the last one', broken: 'attempt <> tries' },
  {
    rule: 'an Event of someone it was never sent to',
    broken: `attempt = 0 and exists (
      select 1 from event where event.subscriber_id = facts.subscriber_id and event.delivery_id = facts.id
        and event.kind in ('opened', 'clicked', 'bounced', 'complained')
    )`,
  },
  {
    rule: 'more than one bounce for one Attempt',
    broken: `state = 'bounced' and (
      select count(*) from event where event.subscriber_id = facts.subscriber_id
        and event.delivery_id = facts.id and event.kind = 'bounced'
    ) > attempt`,
  },
  {
    rule: 'finished, though someone is still to be mailed',
    broken: `state in ('queued', 'sending', 'deferred') and exists (
      select 1 from send where send.id = :send and send.state = 'finished'
    )`,
  },
]

/** One finding for each rule that is broken. */
export async function checkRows(query: Query, send: SendFacts): Promise<readonly Finding[]> {
  const broken = RULES.map(({ rule }) => ({ rule, count: 0, examples: [] as string[] }))
  for await (const page of pagesOfSet(query, send.id, PAGE))
    for (const { address, breaks } of await findBroken(query, send.id, page))
      for (const [index, finding] of broken.entries()) {
        if (breaks[index] !== '1') continue
        finding.count++
        if (finding.examples.length < MAX_EXAMPLES) finding.examples.push(address)
      }
  broken.push(await findTwice(query, send))
  return broken.filter(({ count }) => count > 0)
}

/** Those of a page who break a rule; `breaks` has a 1 or 0 for each. */
async function findBroken(
  query: Query,
  sendId: number,
  { after, until }: SetPage,
): Promise<readonly { readonly address: string; readonly breaks: string }[]> {
  const page = sql`select id, subscriber_id, address, state, reason, attempt from delivery
    where send_id = ${sendId} and subscriber_id > ${after} and subscriber_id <= ${until}`
  const counts = Object.entries(FACTS).map(
    ([name, isSo]) => sql`sum(case when ${sql.raw(isSo)} then 1 else 0 end) as ${sql.ref(name)}`,
  )
  const facts = sql<object>`(
    select page.id, page.subscriber_id, page.address, page.state, page.reason, page.attempt, ${sql.join(counts)}
    from (${page}) as page left join attempt on attempt.delivery_id = page.id
    group by page.id, page.subscriber_id, page.address, page.state, page.reason, page.attempt
  )`
  const breaks = RULES.map(({ broken }) =>
    sql.raw(`case when ${broken.replace(':send', String(sendId))} then '1' else '0' end`),
  )
  const judged = query
    .selectFrom(facts.as('facts'))
    .select([
      sql<string>`facts.address`.as('address'),
      sql<string>`${sql.join(breaks, sql.raw(' || '))}`.as('breaks'),
    ])
  return query
    .selectFrom(judged.as('judged'))
    .select(['judged.address', 'judged.breaks'])
    .where('judged.breaks', '!=', '0'.repeat(RULES.length))
    .execute()
}

/** Deliveries whose address another one of the Send has too. */
async function findTwice(query: Query, { id, issueId }: SendFacts) {
  const finding = { rule: 'an address more than once', count: 0, examples: [] as string[] }
  for (let after = ''; ; ) {
    const next = query
      .selectFrom('delivery')
      .select('address_key')
      .where('issue_id', '=', issueId)
      .where('address_key', '>', after)
      .orderBy('address_key')
      .limit(ADDRESS_PAGE)
    const { until } = await query
      .selectFrom(next.as('next'))
      .select(({ fn }) => fn.max<string | null>('next.address_key').as('until'))
      .executeTakeFirstOrThrow()
    if (until === null) return finding
    const rows = await query
      .selectFrom('delivery')
      .select(({ fn }) => [fn.min('address').as('address'), fn.countAll<number>().as('count')])
      .where('issue_id', '=', issueId)
      .where('address_key', '>', after)
      .where('address_key', '<=', until)
      .where('send_id', '=', id)
      .groupBy('address_key')
      .having(({ fn }) => fn.countAll<number>(), '>', 1)
      .execute()
    for (const { address, count } of rows) {
      finding.count += count
      if (finding.examples.length < MAX_EXAMPLES) finding.examples.push(address)
    }
    after = until
  }
}
