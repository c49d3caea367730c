/**
 * Takes Feedback: what came back and verifies becomes an Event, and whoever it speaks of is let go where it says so. In one
 * transaction, and once for the same bytes, however often and in how many processes they come.
 */

import type { Db, Query } from '../../db/db.js'
import { engineOf } from '../../db/db.js'
import { transact } from '../../db/transact.js'
import { unreachable } from '../../errors.js'
import { writeJson } from '../../json.js'
import type { Keys } from '../../link/token.js'
import { withoutAddresses } from '../../send/reply-rules.js'
import type { ReturnedMail } from '../../smtp/mailbox.js'
import { takeBounce } from './bounce.js'
import { takeComplaint } from './complaint.js'
import type { Claim, Feedback } from './feedback.js'
import type { SoftRule } from './soft-rule.js'
import { findMailed, findSubject, type Mailed, readSubject, type Subject } from './subject.js'
import { isSurplus, type OfNobody } from './surplus.js'
import { takeOfAddress } from './take-address.js'
import { isOfOthers, weighFeedback } from './weigh.js'

/** Of what nobody understands, for a person to look at. */
const MAX_KEPT_BYTES = 65_536

/** A report from each server on the way, delays, and an auto-reply for every try. */
const MAX_OF_DELIVERY = 50

/** Where it came from. */
export type FeedbackSource = ReturnedMail['source'] | 'ses' | 'postmark' | 'mailgun' | 'sendgrid'

/**
 * What it was taken for: whose fault a bounce is, a complaint, nothing (a delay, an auto-reply); `another`: a bounce of an address
 * that is not the one we wrote to, which counts as soft; `unverified`: what names none of ours; `unknown`: what nobody could read.
 */
export type FeedbackVerdict =
  | 'hard'
  | 'soft'
  | 'policy'
  | 'content'
  | 'another'
  | 'complained'
  | 'nothing'
  | 'unverified'
  | 'unknown'

export interface FeedbackRules {
  /** Null: a soft bounce is never held against anyone. */
  readonly softBounces: SoftRule | null
}

export interface TakeRequest {
  readonly feedback: Feedback
  readonly source: FeedbackSource
  /** SHA-256 of what came, hex: `digestOf`. */
  readonly digest: string
  /** It came by a webhook whose proof holds, so that the address in it may be believed; not that it is of a Message of ours. */
  readonly isVerified: boolean
  /** As it came; kept, cut, only when nobody understands it. */
  readonly bytes: Uint8Array
  /** Kept with the bytes, so that a person sees who wrote. Null: it did not come by SMTP. */
  readonly envelope: ReturnedMail['envelope']
  /** It was addressed to the postmaster: what speaks of no Message of ours is kept as a letter, whatever it is. */
  readonly isForPerson: boolean
  readonly keys: Keys
  readonly rules: FeedbackRules
  /** Ms since 1970. */
  readonly now: number
}

export type Taken =
  /** Of nobody, and there is enough of that for today: it left nothing. */
  | { readonly kind: 'surplus'; readonly verdict: FeedbackVerdict }
  /** The same bytes were taken before, for this. */
  | { readonly kind: 'already'; readonly verdict: FeedbackVerdict; readonly deliveryId: number | null }
  | {
      readonly kind: 'taken'
      readonly verdict: FeedbackVerdict
      /** Null: of nobody. */
      readonly deliveryId: number | null
      readonly sendId: number | null
      readonly lane: string | null
      /** An Event says so now; false also when one had said so before. */
      readonly isNews: boolean
      /** The address is suppressed by it. */
      readonly isSuppressed: boolean
    }

/** What an act of one verdict came to. */
export interface Act {
  readonly isNews: boolean
  readonly isSuppressed: boolean
}

export interface ActContext {
  readonly subject: Subject
  /** False: whoever has a copy of the Message could have written it, so that its person may come back by their own word. */
  readonly isProven: boolean
  readonly request: TakeRequest
}

const NO_ACT: Act = { isNews: false, isSuppressed: false }

export function takeFeedback(db: Pick<Db, 'query'>, request: TakeRequest): Promise<Taken> {
  return transact(db.query, 'feedback', async (trx) => {
    const id = await note(trx, request)
    if (id === null) return readTaken(trx, request.digest)
    const found = await findSubject(trx, request.feedback, request)
    const subject = found === null ? null : await hold(trx, found.subject)
    const isProven = found?.isProven ?? false
    const mailed =
      found === null && request.isVerified ? await findMailed(trx, request.feedback, request) : null
    const said = weighFeedback(request.feedback, (subject ?? mailed)?.address ?? '')
    const claim = subject === null && request.isForPerson ? null : said
    const verdict = verdictOf(claim, { about: subject ?? mailed, feedback: request.feedback })
    const act = await takeWhatIsSaid(trx, claim, { subject, mailed, isProven, request })
    await describe(trx, id, { claim, verdict, subject, mailed, request })
    if (subject !== null) await bound(trx, id, subject)
    else if (!act.isNews && (await isSurplus(trx, ofNobody(verdict, request)))) {
      await trx.deleteFrom('feedback').where('id', '=', id).execute()
      return { kind: 'surplus', verdict }
    }
    return {
      kind: 'taken',
      verdict,
      deliveryId: subject?.deliveryId ?? null,
      sendId: subject?.sendId ?? null,
      lane: subject?.lane ?? null,
      ...act,
    }
  })
}

function ofNobody(verdict: FeedbackVerdict, { envelope, keys, now }: TakeRequest): OfNobody {
  return { verdict, client: envelope?.client ?? null, keys, now }
}

/** Null: the same was taken before. Another process that takes it at this moment is waited for. */
async function note(trx: Query, { digest, source, now }: TakeRequest): Promise<number | null> {
  const row = await trx
    .insertInto('feedback')
    .values({ digest, source, verdict: 'unknown', delivery_id: null, detail: '{}', bytes: null, at: now })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

async function readTaken(trx: Query, digest: string): Promise<Taken> {
  const { verdict, delivery_id } = await trx
    .selectFrom('feedback')
    .select(['verdict', 'delivery_id'])
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  // Written by `describe`.
  return { kind: 'already', verdict: verdict as FeedbackVerdict, deliveryId: delivery_id }
}

/**
 * Two reports on one Delivery at once: the second one sees what the first has made of it. And after an erasure that was under
 * way, that nothing is left of the address.
 */
async function hold(trx: Query, found: Subject): Promise<Subject | null> {
  if (engineOf(trx) === 'sqlite') return found
  const { deliveryId } = found
  await trx.selectFrom('delivery').select('id').where('id', '=', deliveryId).forNoKeyUpdate().execute()
  return readSubject(trx, deliveryId)
}

function verdictOf(
  claim: Claim | null,
  { about, feedback }: { readonly about: Subject | Mailed | null; readonly feedback: Feedback },
): FeedbackVerdict {
  if (claim === null) return 'unknown'
  if (claim.kind === 'nothing') return 'nothing'
  if (about === null) return 'unverified'
  if (claim.kind === 'complained') return 'complained'
  // What we are and what the message says is so for whoever it was passed on to, too.
  return claim.fault === 'soft' && isOfOthers(feedback, about.address) ? 'another' : claim.fault
}

interface About {
  readonly subject: Subject | null
  readonly mailed: Mailed | null
  readonly isProven: boolean
  readonly request: TakeRequest
}

function takeWhatIsSaid(trx: Query, claim: Claim | null, about: About): Promise<Act> | Act {
  const { subject, mailed, isProven, request } = about
  if (claim === null) return NO_ACT
  if (subject !== null) return takeClaim(trx, claim, { subject, isProven, request })
  return mailed === null ? NO_ACT : takeOfAddress(trx, claim, { mailed, request })
}

function takeClaim(trx: Query, claim: Claim, context: ActContext): Promise<Act> | Act {
  switch (claim.kind) {
    case 'bounced':
      return takeBounce(trx, claim, context)
    case 'complained':
      return takeComplaint(trx, claim, context)
    case 'nothing':
      return NO_ACT
    default:
      return unreachable(claim)
  }
}

/** Whoever holds a Token can write as many reports on it as they like. Beyond a number they leave no row. */
async function bound(trx: Query, id: number, { deliveryId }: Subject): Promise<void> {
  const rows = await trx
    .selectFrom('feedback')
    .select('id')
    .where('delivery_id', '=', deliveryId)
    .limit(MAX_OF_DELIVERY + 1)
    .execute()
  if (rows.length > MAX_OF_DELIVERY) await trx.deleteFrom('feedback').where('id', '=', id).execute()
}

interface Described {
  readonly claim: Claim | null
  readonly verdict: FeedbackVerdict
  readonly subject: Subject | null
  readonly mailed: Mailed | null
  readonly request: TakeRequest
}

async function describe(trx: Query, id: number, described: Described) {
  const { claim, verdict, subject, mailed, request } = described
  const { bytes, feedback, envelope } = request
  // Of an erased person nothing is kept.
  const isLetter = verdict === 'unknown' && subject?.address !== ''
  await trx
    .updateTable('feedback')
    .set({
      verdict,
      delivery_id: subject?.deliveryId ?? null,
      detail: writeJson({
        form: feedback.source,
        ...detailOf(claim, subject),
        // Whom it stopped; the address itself stands with the Subscriber, and goes with them.
        ...(mailed && { subscriber: String(mailed.subscriberId) }),
        ...(isLetter && envelope),
      }),
      bytes: isLetter ? bytes.slice(0, MAX_KEPT_BYTES) : null,
    })
    .where('id', '=', id)
    .execute()
}

/** What it says, in short; of whoever is nobody of ours, or erased, without a word that could name them. */
function detailOf(claim: Claim | null, subject: Subject | null): Readonly<Record<string, unknown>> {
  if (claim === null) return {}
  if (claim.kind === 'nothing') return { why: claim.why }
  if (claim.kind === 'complained') return { type: claim.type }
  const { fault, status, code, text } = claim
  const isKnown = subject !== null && subject.address !== ''
  return {
    fault,
    status,
    code,
    ...(isKnown ? { text } : subject === null ? { text: withoutAddresses(text) } : {}),
  }
}
