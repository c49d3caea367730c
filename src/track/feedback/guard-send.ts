/**
 * Guards a Send under way by what came back of it: too many complaints, or a lane where receivers send its messages back for what
 * we are or what it says. Such a Send is paused before a provider counts us among the spammers (Google and Yahoo want less than
 * 0.1 % of complaints, and never 0.3 %). What came before it was last resumed does not stop it again.
 *
 * Whoever gets a message can write a report on it that proves itself. So what a handful says stops no Send to many: below 0.1 % of
 * all it goes to, and below a hundred, it is as well as providers ask, whatever share of the first messages came back.
 */

import type { Query } from '../../db/db.js'
import { transact } from '../../db/transact.js'
import { CONTENT_REFUSED, REFUSED_BY_POLICY, withoutAddresses } from '../../send/reply-rules.js'
import { moveSend } from '../../send/send.js'
import type { Fault } from './feedback.js'

const WARN_RATE = 0.001
const PAUSE_RATE = 0.003
/** Of all that a Send goes to, whether it has reached them yet or not. Fewer may be one person with many addresses. */
const HANDFUL_RATE = WARN_RATE
/** Nobody has as many as these, and of a Send to a million a thousand would be too late. */
const NO_HANDFUL = 100
/** Below these one angry reader would be a rate. */
const MIN_COMPLAINTS = 3
const MIN_SENT = 100
/** Of a lane's messages that a relay has accepted; in `other` there is always a strict receiver or two. */
const REFUSED_RATE = 0.01
const MIN_REFUSED = 5
const MAX_EXAMPLE_LENGTH = 160
/** Whoever unsubscribed by way of a provider (RFC 5965: opt-out) has not called it spam. */
const OPTED_OUT = '%"type":"opt-out"%'

export interface Stopped {
  readonly sendId: number
  /** A sentence. */
  readonly reason: string
}

/** Looks at one Send; null: it may go on, or does not run. Any process may do it. */
export async function guardSend(query: Query, sendId: number): Promise<Stopped | null> {
  const send = await query
    .selectFrom('send')
    .select(['state', 'started_at', 'resumed_at'])
    .where('id', '=', sendId)
    .executeTakeFirst()
  if (send === undefined || send.state !== 'sending') return null
  const since = Math.max(send.started_at ?? 0, send.resumed_at ?? 0)
  const reason =
    (await findComplaints(query, { sendId, since })) ?? (await findRefusals(query, { sendId, since }))
  if (reason === null) return null
  const isFirst = await transact(query, 'guard', (trx) =>
    moveSend(trx, sendId, { from: 'sending', to: 'paused', reason }),
  )
  return isFirst ? { sendId, reason } : null
}

interface Span {
  readonly sendId: number
  readonly since: number
}

async function findComplaints(query: Query, { sendId, since }: Span): Promise<string | null> {
  const { count } = await query
    .selectFrom('event')
    .select(({ fn }) => fn.count<number>('subscriber_id').distinct().as('count'))
    .where('send_id', '=', sendId)
    .where('kind', '=', 'complained')
    .where('detail', 'not like', OPTED_OUT)
    .where('at', '>', since)
    .executeTakeFirstOrThrow()
  if (count < MIN_COMPLAINTS) return null
  // Counted only as far as it matters.
  const sent = await countSent(query, { sendId, lane: null, atMost: Math.ceil(count / PAUSE_RATE) + 1 })
  if (sent < MIN_SENT || count / sent < PAUSE_RATE) return null
  if (await isHandful(query, { sendId, count })) return null
  const share = `${((count / sent) * 100).toFixed(1)} %`
  return `${count} of ${sent.toLocaleString('en')} readers reported it as spam (${share}, and from 0.3 % on providers turn away all that we send); look at whom it goes to and how they came on the list, then pressrun resume ${sendId}`
}

async function findRefusals(query: Query, { sendId, since }: Span): Promise<string | null> {
  const refusals = await readRefusals(query, { sendId, since })
  for (const { lane, fault, count, example } of refusals) {
    if (count < MIN_REFUSED) continue
    const sent = await countSent(query, { sendId, lane, atMost: Math.ceil(count / REFUSED_RATE) + 1 })
    if (count / Math.max(1, sent) < REFUSED_RATE) continue
    if (await isHandful(query, { sendId, count })) continue
    const what = fault === 'policy' ? REFUSED_BY_POLICY : CONTENT_REFUSED
    return `${count} messages of the lane ${lane} came back: ${what} (“${example}”); ${HOW_TO_MEND[fault](sendId)}`
  }
  return null
}

const HOW_TO_MEND = {
  policy: (sendId: number) =>
    `mend what they name, as a rule SPF, DKIM, DMARC or the relay’s reputation, then pressrun resume ${sendId}`,
  content: (sendId: number) =>
    `correct the issue and pressrun supersede ${sendId}, or, when the receiver has been asked, pressrun resume ${sendId}`,
} as const

interface Refused {
  readonly lane: string
  readonly fault: Extract<Fault, 'policy' | 'content'>
  readonly count: number
  /** Without an address in it. */
  readonly example: string
}

async function readRefusals(query: Query, { sendId, since }: Span): Promise<readonly Refused[]> {
  const rows = await query
    .selectFrom('event')
    .innerJoin('delivery', 'delivery.id', 'event.delivery_id')
    .select(['delivery.lane', 'event.detail'])
    .where('event.send_id', '=', sendId)
    .where('event.kind', '=', 'bounced')
    .where('event.at', '>', since)
    .where((event) =>
      event.or([
        event('event.detail', 'like', '%"fault":"policy"%'),
        event('event.detail', 'like', '%"fault":"content"%'),
      ]),
    )
    .orderBy('event.id')
    .execute()
  const found = new Map<string, Refused>()
  for (const { lane, detail } of rows) {
    // Written by insertEvents; a text that holds the words above does not make it one.
    const { fault, text = '' } = JSON.parse(detail) as { readonly fault?: Fault; readonly text?: string }
    if (fault !== 'policy' && fault !== 'content') continue
    const key = `${fault} ${lane}`
    const example = withoutAddresses(text).slice(0, MAX_EXAMPLE_LENGTH).toWellFormed()
    found.set(key, { lane, fault, count: (found.get(key)?.count ?? 0) + 1, example })
  }
  return [...found.values()]
}

/** Who is excluded gets nothing, and makes it no larger. */
async function isHandful(
  query: Query,
  { sendId, count }: { readonly sendId: number; readonly count: number },
): Promise<boolean> {
  if (count >= NO_HANDFUL) return false
  const most = Math.floor(count / HANDFUL_RATE)
  const all = query
    .selectFrom('delivery')
    .select('id')
    .where('send_id', '=', sendId)
    .where('state', '!=', 'excluded')
  const { goesTo } = await query
    .selectFrom(all.limit(most + 1).as('everyone'))
    .select(({ fn }) => fn.countAll<number>().as('goesTo'))
    .executeTakeFirstOrThrow()
  return goesTo > most
}

async function countSent(
  query: Query,
  {
    sendId,
    lane,
    atMost,
  }: { readonly sendId: number; readonly lane: string | null; readonly atMost: number },
): Promise<number> {
  let sent = query
    .selectFrom('delivery')
    .select('id')
    .where('send_id', '=', sendId)
    .where('state', '=', 'sent')
  if (lane !== null) sent = sent.where('lane', '=', lane)
  const { count } = await query
    .selectFrom(sent.limit(atMost).as('sent'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export interface ComplaintRate {
  readonly complaints: number
  readonly sent: number
  /** Null: too few to say. */
  readonly rate: number | null
  readonly level: 'fine' | 'warn' | 'high'
}

/** Of a Send as a whole, for whoever looks at it. */
export async function readComplaintRate(query: Query, sendId: number): Promise<ComplaintRate> {
  const { complaints } = await query
    .selectFrom('event')
    .select(({ fn }) => fn.count<number>('subscriber_id').distinct().as('complaints'))
    .where('send_id', '=', sendId)
    .where('kind', '=', 'complained')
    .where('detail', 'not like', OPTED_OUT)
    .executeTakeFirstOrThrow()
  const { sent } = await query
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll<number>().as('sent'))
    .where('send_id', '=', sendId)
    .where('state', '=', 'sent')
    .executeTakeFirstOrThrow()
  if (complaints < MIN_COMPLAINTS || sent < MIN_SENT) return { complaints, sent, rate: null, level: 'fine' }
  const rate = complaints / sent
  return { complaints, sent, rate, level: rate >= PAUSE_RATE ? 'high' : rate >= WARN_RATE ? 'warn' : 'fine' }
}

/** Sends of which a complaint was taken since, by the number of the last one. */
export async function sendsWithComplaints(
  query: Query,
  after: number,
): Promise<{ readonly sendIds: readonly number[]; readonly last: number }> {
  const rows = await query
    .selectFrom('feedback')
    .innerJoin('delivery', 'delivery.id', 'feedback.delivery_id')
    .select(['feedback.id', 'delivery.send_id'])
    .where('feedback.verdict', '=', 'complained')
    .where('feedback.id', '>', after)
    .orderBy('feedback.id')
    .limit(1_000)
    .execute()
  return { sendIds: [...new Set(rows.map(({ send_id }) => send_id))], last: rows.at(-1)?.id ?? after }
}

/** The number of the last complaint. */
export async function lastComplaint(query: Query): Promise<number> {
  const { last } = await query
    .selectFrom('feedback')
    .select(({ fn }) => fn.max<number | null>('id').as('last'))
    .where('verdict', '=', 'complained')
    .executeTakeFirstOrThrow()
  return last ?? 0
}
