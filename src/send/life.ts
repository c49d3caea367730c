/**
 * A Send's life as a person steers it: pause, resume, cancel. Each is one conditional update, after which no intent
 * stands that was not committed before it; what is in flight finishes and is recorded.
 */

import { sql } from 'kysely'
import { clock, engineOf, type Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { leftOut } from './exclude.js'
import { findSend } from './send.js'

interface LifeContext {
  readonly query: Query
  readonly now: () => number
}

/** `already`: it was so before. `refused`: from its state there is no way there. */
export interface Change {
  readonly kind: 'changed' | 'already' | 'refused'
  /** As it is now. */
  readonly state: SendState
  readonly reason: string | null
}

/** A Send waiting for a person's word does not move by itself, so there is nothing to pause. */
const PAUSABLE: readonly SendState[] = ['scheduled', 'preparing', 'sending']
const CANCELLABLE: readonly SendState[] = ['draft', 'scheduled', 'waiting', 'preparing', 'sending', 'paused']

const SWEEP_AT_ONCE = 2_000

/**
 * `reason` is a sentence for whoever asks why it does not get on. One that is held becomes a person's pause, which `adopt`
 * leaves alone. Throws InputError when there is no such Send.
 */
export async function pauseSend(
  sendId: number,
  { query, reason }: { readonly query: Query; readonly reason: string },
): Promise<Change> {
  return transact(query, 'pause', async (trx) => {
    const paused = await trx
      .updateTable('send')
      .set({ state: 'paused', reason, held: null })
      .where('id', '=', sendId)
      .where(({ or, eb }) =>
        or([eb('state', 'in', PAUSABLE), eb('state', '=', 'paused').and('held', 'is not', null)]),
      )
      .returning(['state', 'reason'])
      .executeTakeFirst()
    return paused ? { kind: 'changed', ...paused } : asItIs(trx, sendId, ['paused'])
  })
}

/**
 * Goes on where it was: with the messages, with waiting for its time, or, when that is past, with the freeze. One that is
 * held since the database may be a copy is let go by `adopt` alone.
 */
export async function resumeSend(sendId: number, { query, now }: LifeContext): Promise<Change> {
  return transact(query, 'resume', async (trx) => {
    const resumed = await trx
      .updateTable('send')
      .set({
        state: sql<SendState>`case when started_at is not null then 'sending'
          when scheduled_at > ${clock(trx, now)} then 'scheduled' else 'preparing' end`,
        reason: null,
        held: null,
        resumed_at: clock(trx, now),
      })
      .where('id', '=', sendId)
      .where('state', '=', 'paused')
      .where(({ or, eb }) => or([eb('held', 'is', null), eb('held', '=', 'silent')]))
      .returning(['state', 'reason'])
      .executeTakeFirst()
    return resumed ? { kind: 'changed', ...resumed } : asItIs(trx, sendId, PAUSABLE)
  })
}

/** For good. Whoever has not got a message yet is then swept out, by `sweepCancelled`. */
export async function cancelSend(
  sendId: number,
  { query, reason }: { readonly query: Query; readonly reason: string },
): Promise<Change> {
  return transact(query, 'cancel', async (trx) => {
    const cancelled = await markCancelled(trx, sendId, reason)
    return cancelled ? { kind: 'changed', state: 'cancelled', reason } : asItIs(trx, sendId, ['cancelled'])
  })
}

/** The flip alone, in the caller's transaction; false: it is over already. */
export async function markCancelled(trx: Query, sendId: number, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('send')
    .set({ state: 'cancelled', reason, held: null })
    .where('id', '=', sendId)
    .where('state', 'in', CANCELLABLE)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/**
 * `queued`, `deferred` → `excluded('cancelled')` in a cancelled Send, a chunk at a time. Since the flip no intent
 * stands, so whoever is queued stays so; any process may go on with it. Returns how many.
 */
export async function sweepCancelled(
  sendId: number,
  { query, now, stop }: LifeContext & { readonly stop?: AbortSignal },
): Promise<number> {
  for (let swept = 0; ; ) {
    const chunk = await sweepChunk(sendId, { query, now })
    swept += chunk
    if (chunk === 0 || stop?.aborted) return swept
  }
}

async function sweepChunk(sendId: number, { query, now }: LifeContext): Promise<number> {
  return transact(query, 'sweep', async (trx) => {
    let waiting = trx
      .selectFrom('delivery')
      .innerJoin('send', 'send.id', 'delivery.send_id')
      .select('delivery.id')
      .where('send.id', '=', sendId)
      .where('send.state', '=', 'cancelled')
      .where('delivery.state', 'in', ['queued', 'deferred'])
      .orderBy('delivery.id')
      .limit(SWEEP_AT_ONCE)
    if (engineOf(trx) === 'postgres') waiting = waiting.forUpdate('delivery')
    const ids = (await waiting.execute()).map(({ id }) => id)
    if (ids.length === 0) return 0
    await trx
      .updateTable('delivery')
      .set({ ...leftOut('cancelled'), changed_at: now() })
      .where('id', 'in', ids)
      .where('state', 'in', ['queued', 'deferred'])
      .execute()
    return ids.length
  })
}

async function asItIs(trx: Query, sendId: number, wanted: readonly SendState[]): Promise<Change> {
  const { state, reason } = await findSend(trx, sendId)
  return { kind: wanted.includes(state) ? 'already' : 'refused', state, reason }
}
