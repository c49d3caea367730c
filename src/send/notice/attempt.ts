/**
 * A try of a Notice, as a Delivery's: its intent is on the disk before the end leaves, its outcome after. State moves by
 * `UPDATE … WHERE` the old state; the number of the try tells whose outcome it is, however late it comes.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../../db/db.js'
import type { NoticeState } from '../../db/schema.js'
import { transact } from '../../db/transact.js'
import { unreachable } from '../../errors.js'
import type { Outcome } from '../outcome.js'
import { type RetryPolicy, retryDelay } from '../retry.js'
import { type ClaimContext, type ClaimedNotice, isSuppressed, NO_REPLY } from './claim.js'

export interface AttemptContext extends ClaimContext {
  readonly retry: RetryPolicy
}

/** True: the end may leave. False: the claim is lost, its person was erased or suppressed, or it has run out. */
export async function intendNotice(
  { id, attempt }: Pick<ClaimedNotice, 'id' | 'attempt'>,
  { query, owner, now }: ClaimContext,
): Promise<boolean> {
  return transact(query, 'noticeIntent', async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('notice')
      .set({ state: 'sending', attempt: attempt + 1, changed_at: clock(trx, now) })
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('attempt', '=', attempt)
      .where('state', 'in', ['queued', 'deferred'])
      .where('expires_at', '>', clock(trx, now))
      .where('address', '!=', '')
      .where(({ not }) => not(isSuppressed))
      .executeTakeFirst()
    return numUpdatedRows === 1n
  })
}

/** The message was not ended after all, and only this process knows: as if there had been no intent. */
export async function withdrawNotice(
  { id, attempt }: Pick<ClaimedNotice, 'id' | 'attempt'>,
  { query, owner, now }: ClaimContext,
): Promise<void> {
  await query
    .updateTable('notice')
    .set({ state: 'queued', owner: null, changed_at: clock(query, now) })
    .where('id', '=', id)
    .where((notice) => notice.or([notice('owner', '=', owner), notice('owner', 'is', null)]))
    .where((notice) =>
      notice.or([
        notice.and([notice('attempt', '=', attempt + 1), notice('state', 'in', ['sending', 'uncertain'])]),
        notice.and([notice('attempt', '=', attempt), notice('state', 'in', ['queued', 'deferred'])]),
      ]),
    )
    .execute()
}

type Settled = Exclude<Outcome, { kind: 'relayDown' }>

/** After an intent: also one that was given up meanwhile, for a late true reply always counts. */
export function recordNotice(
  claimed: Pick<ClaimedNotice, 'id' | 'attempt'>,
  outcome: Settled,
  context: AttemptContext,
): Promise<void> {
  const { id, attempt } = claimed
  return transact(context.query, 'noticeOutcome', async (trx) => {
    await trx
      .updateTable('notice')
      .set(outcomeRow(outcome, attempt + 1, { ...context, query: trx }))
      .where('id', '=', id)
      .where('attempt', '=', attempt + 1)
      .where('state', 'in', ['sending', 'uncertain'])
      .execute()
  })
}

/** Without an intent: the relay's answer came before the end. It is a try all the same. */
export function refuseNotice(
  claimed: Pick<ClaimedNotice, 'id' | 'attempt'>,
  outcome: Settled,
  context: AttemptContext,
): Promise<void> {
  const { id, attempt } = claimed
  return transact(context.query, 'noticeOutcome', async (trx) => {
    await trx
      .updateTable('notice')
      .set({ ...outcomeRow(outcome, attempt + 1, { ...context, query: trx }), attempt: attempt + 1 })
      .where('id', '=', id)
      .where('owner', '=', context.owner)
      .where('attempt', '=', attempt)
      .where('state', 'in', ['queued', 'deferred'])
      .execute()
  })
}

function outcomeRow(outcome: Settled, tries: number, { query, now, retry }: AttemptContext) {
  const { state, reason, delayMs } = readState(outcome, tries, retry)
  return {
    state,
    reason: outcome.kind === 'uncertain' ? unlessErased(outcome.text, NO_REPLY) : reason,
    owner: null,
    reply_code: outcome.kind === 'uncertain' ? null : outcome.code,
    // To someone who was erased meanwhile: a reply may name the address.
    reply_text: unlessErased(outcome.text, null),
    not_before: delayMs === null ? sql<number>`not_before` : sql<number>`${clock(query, now)} + ${delayMs}`,
    changed_at: clock(query, now),
  }
}

function unlessErased(text: string, otherwise: string | null) {
  return sql<string | null>`case when address = '' then ${otherwise} else cast(${text} as text) end`
}

function readState(
  outcome: Settled,
  tries: number,
  retry: RetryPolicy,
): { readonly state: NoticeState; readonly reason: string | null; readonly delayMs: number | null } {
  switch (outcome.kind) {
    case 'sent':
    case 'bounced':
      return { state: outcome.kind, reason: null, delayMs: null }
    case 'uncertain':
      return { state: 'uncertain', reason: NO_REPLY, delayMs: null }
    case 'failed':
      return { state: 'failed', reason: outcome.reason, delayMs: null }
    case 'deferred': {
      const delayMs = retryDelay(tries, retry)
      return delayMs === null
        ? { state: 'failed', reason: 'expired', delayMs }
        : { state: 'deferred', reason: outcome.reason, delayMs }
    }
    default:
      return unreachable(outcome)
  }
}

/** In a database that may be a copy: those that wait may have been sent from the original. Returns how many. */
export async function dropWaiting(trx: Query, now: () => number): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('notice')
    .set({ state: 'failed', reason: 'copied database', owner: null, changed_at: clock(trx, now) })
    .where('state', 'in', ['queued', 'deferred'])
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
