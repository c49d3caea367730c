/** What came back lately as an operator looks at it: by what it was taken for, by Send, one by one, and what nobody understood. */

import { sql } from 'kysely'
import { networkOf } from '../address-range.js'
import type { Query } from '../db/db.js'
import { textUnder } from '../db/json.js'
import { type ComplaintRate, readComplaintRate } from '../track/feedback/guard-send.js'
import type { FeedbackVerdict } from '../track/feedback/take.js'

const DAY_MS = 86_400_000
const MAX_LISTED = 20
/** Senders about nobody, of whom only so many of one network are listed. */
const MAX_LOOKED_AT = 1_000
const MAX_OF_NETWORK = 5
const MAX_SENDS = 10

export interface ComingBack {
  /** The most frequent first. */
  readonly verdicts: readonly {
    readonly verdict: FeedbackVerdict
    readonly lastDay: number
    readonly last30Days: number
    readonly all: number
  }[]
  /** Sends of the last 30 days of which anything came back, the newest first. */
  readonly sends: readonly (ComplaintRate & { readonly send: number; readonly issue: string })[]
  /** The newest that spoke of a Message of ours. */
  readonly newest: readonly ListedFeedback[]
  /** What nobody understood: `pressrun bounces show ID`. */
  readonly unknown: readonly ListedLetter[]
  /** The newest without a token of ours, which changed nothing. */
  readonly ofNobody: readonly ListedFeedback[]
}

export interface ListedFeedback {
  readonly id: number
  /** ISO 8601. */
  readonly at: string
  readonly source: string
  readonly verdict: FeedbackVerdict
  readonly send: number | null
  /** '' where it is nobody's, or forgotten. */
  readonly address: string
  /** What it said, in one line; it was written by a stranger. */
  readonly said: string
  /** Of what nobody understood and came by SMTP: MAIL FROM, '' for the null sender; a stranger wrote that, too. */
  readonly from: string | null
  /** The IP address that it came from. */
  readonly client: string | null
}

/** The newest letter about an address or, where it is about nobody, by one sender. */
export interface ListedLetter extends ListedFeedback {
  /** How many there are of it. */
  readonly count: number
}

export async function readComingBack({
  query,
  now,
}: {
  readonly query: Query
  readonly now: () => number
}): Promise<ComingBack> {
  const since = (days: number) => now() - days * DAY_MS
  const verdicts = await query
    .selectFrom('feedback')
    .select(({ fn }) => [
      'verdict',
      fn.countAll<number>().filterWhere('at', '>', since(1)).as('lastDay'),
      fn.countAll<number>().filterWhere('at', '>', since(30)).as('last30Days'),
      fn.countAll<number>().as('all'),
    ])
    .groupBy('verdict')
    .orderBy('all', 'desc')
    .orderBy('verdict')
    .execute()
  return {
    verdicts: verdicts.map(({ verdict, ...counts }) => ({ verdict: asVerdict(verdict), ...counts })),
    sends: await readSends(query, since(30)),
    newest: await list(query, ABOUT_US),
    unknown: await listLetters(query),
    ofNobody: await list(query, ['unverified']),
  }
}

/** Written by `takeFeedback`. */
function asVerdict(verdict: string): FeedbackVerdict {
  return verdict as FeedbackVerdict
}

async function readSends(query: Query, since: number): Promise<ComingBack['sends']> {
  const sends = await query
    .selectFrom('send')
    .innerJoin('issue', 'issue.id', 'send.issue_id')
    .select(['send.id', 'issue.slug'])
    .where('send.started_at', '>', since)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('event')
          .select('event.id')
          .whereRef('event.send_id', '=', 'send.id')
          .where('event.kind', 'in', ['bounced', 'complained']),
      ),
    )
    .orderBy('send.id', 'desc')
    .limit(MAX_SENDS)
    .execute()
  return Promise.all(
    sends.map(async ({ id, slug }) => ({ send: id, issue: slug, ...(await readComplaintRate(query, id)) })),
  )
}

/** Verdicts on what spoke of a Message of ours. */
const ABOUT_US: readonly FeedbackVerdict[] = ['hard', 'soft', 'policy', 'content', 'another', 'complained']

async function list(query: Query, verdicts: readonly FeedbackVerdict[]): Promise<readonly ListedFeedback[]> {
  const rows = await selectListed(query)
    .where('feedback.verdict', 'in', verdicts)
    .orderBy('feedback.id', 'desc')
    .limit(MAX_LISTED)
    .execute()
  return rows.map(toListed)
}

function fewOfNetwork(letters: readonly ListedLetter[]): readonly ListedLetter[] {
  const listed = new Map<string, number>()
  return letters.filter(({ client }) => {
    if (client === null) return true
    const network = networkOf(client)
    const count = (listed.get(network) ?? 0) + 1
    listed.set(network, count)
    return count <= MAX_OF_NETWORK
  })
}

/** One line each, and a few of one network about nobody: whoever writes without end pushes out nobody else's. */
async function listLetters(query: Query): Promise<readonly ListedLetter[]> {
  const newest = await query
    .selectFrom('feedback')
    .leftJoin('delivery', 'delivery.id', 'feedback.delivery_id')
    .select(({ fn }) => [fn.max<number>('feedback.id').as('id'), fn.countAll<number>().as('count')])
    .where('feedback.verdict', '=', 'unknown')
    // What is said of a letter about nobody is its envelope alone.
    .groupBy(
      sql`coalesce(delivery.address, ''), case when delivery.id is null then feedback.detail else '' end`,
    )
    .orderBy('id', 'desc')
    .limit(MAX_LOOKED_AT)
    .execute()
  if (newest.length === 0) return []
  const counts = new Map(newest.map(({ id, count }) => [id, count]))
  const rows = await selectListed(query)
    .where('feedback.id', 'in', [...counts.keys()])
    .orderBy('feedback.id', 'desc')
    .execute()
  const letters = rows.map((row) => ({ ...toListed(row), count: counts.get(row.id) ?? 1 }))
  return fewOfNetwork(letters).slice(0, MAX_LISTED)
}

function selectListed(query: Query) {
  // Of a proven report without our signature: `takeFeedback`.
  const subscriberUnder = textUnder(query, sql<string>`feedback.detail`, 'subscriber')
  return query
    .selectFrom('feedback')
    .leftJoin('delivery', 'delivery.id', 'feedback.delivery_id')
    .leftJoin('subscriber', (join) =>
      join.on('subscriber.id', '=', sql<number>`cast(${subscriberUnder} as bigint)`),
    )
    .select([
      'feedback.id',
      'feedback.at',
      'feedback.source',
      'feedback.verdict',
      'feedback.detail',
      'delivery.send_id',
      'delivery.address',
      'subscriber.address as mailed_address',
    ])
}

function toListed({
  id,
  at,
  source,
  verdict,
  detail,
  send_id,
  address,
  mailed_address,
}: Awaited<ReturnType<ReturnType<typeof selectListed>['execute']>>[number]): ListedFeedback {
  return {
    id,
    at: new Date(at).toISOString(),
    source,
    verdict: asVerdict(verdict),
    send: send_id,
    address: address ?? mailed_address ?? '',
    ...describe(detail),
  }
}

function describe(json: string): Pick<ListedFeedback, 'said' | 'from' | 'client'> {
  // Written by `takeFeedback`.
  const detail = JSON.parse(json) as Readonly<Record<string, string | null | undefined>>
  const { text, type, why, status, from = null, client = null } = detail
  return { said: text ?? type ?? why ?? status ?? '', from, client }
}

export interface ShownFeedback extends ListedFeedback {
  /** Of what nobody understood, as it came, cut; null: it was understood, or is forgotten. */
  readonly text: string | null
}

/** Null: there is none of that number. */
export async function readFeedbackOf(query: Query, id: number): Promise<ShownFeedback | null> {
  const row = await selectListed(query)
    .select('feedback.bytes')
    .where('feedback.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  return { ...toListed(row), text: row.bytes === null ? null : Buffer.from(row.bytes).toString('utf8') }
}
