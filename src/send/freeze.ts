/**
 * Freeze: everyone a Send is for becomes a Delivery, in chunks while it is `preparing`; whoever can't be mailed is born
 * excluded with the reason. Each chunk commits together with the cursor, so any process may go on with it, and two at
 * once do no harm.
 */

import { sql } from 'kysely'
import { takeIssueLock, takeLock } from '../db/advisory-lock.js'
import { clock, type Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { hashAddress, type Keys } from '../link/token.js'
import { type Candidate, judgeCandidates, readCandidates } from './candidate.js'
import { laneOf } from './lane.js'
import { findSend, isSettled, type SendFacts } from './send.js'
import { digestSet } from './set.js'

/** Suppressions are dated by the clock of whoever made them, which may be another machine's. */
const CLOCK_SKEW_MS = 3_600_000
const SWEEP_PAGE = 2_000

/** Deliveries in a Batch, the unit of the queue. */
export const BATCH_SIZE = 500

export interface FreezeContext {
  readonly query: Query
  readonly keys: Keys
  readonly now: () => number
  /** How long a reply may take on the wire, ms: the freeze of a correction waits for those that may still come. */
  readonly wireTimeoutMs?: number
  /** Aborted: whoever comes next goes on with it. */
  readonly stop?: AbortSignal
  /** Told after each chunk how many are placed. */
  readonly onProgress?: (placed: number) => void
}

/** Places everyone and flips the Send to `sending`. Safe to run twice and by two processes. */
export async function freezeSend(sendId: number, context: FreezeContext): Promise<void> {
  let placed = 0
  for (;;) {
    const send = await findSend(context.query, sendId)
    if (send.state !== 'preparing' || context.stop?.aborted) return
    // Who of an earlier Send is left is known when nothing of it is under way any more.
    if (send.of !== null && !(await isKnown(send.of, context))) return
    const chunk = await readCandidates(context.query, send, send.freezeCursor)
    if (chunk.length === 0) return flip(send, context)
    placed += await placeChunk(send, chunk, context)
    context.onProgress?.(placed)
  }
}

/** Is nothing of the earlier Send under way, nor a reply to come that may say who has nothing? */
async function isKnown(
  { sendId, which }: NonNullable<SendFacts['of']>,
  { query, now, wireTimeoutMs = 0 }: FreezeContext,
): Promise<boolean> {
  if (!(await isSettled(query, sendId))) return false
  if (which === 'failed') return true
  const awaited = await query
    .selectFrom('delivery')
    .innerJoin('attempt', (join) =>
      join.onRef('attempt.delivery_id', '=', 'delivery.id').onRef('attempt.number', '=', 'delivery.attempt'),
    )
    .select('delivery.id')
    .where('delivery.send_id', '=', sendId)
    .where('delivery.state', '=', 'uncertain')
    .where('attempt.outcome', 'is', null)
    .where('attempt.intended_at', '>', sql<number>`${clock(query, now)} - ${sql.lit(wireTimeoutMs)}`)
    .limit(1)
    .executeTakeFirst()
  return awaited === undefined
}

/** Returns how many were placed; 0 when another process placed this chunk first. */
async function placeChunk(
  send: SendFacts,
  chunk: readonly Candidate[],
  context: FreezeContext,
): Promise<number> {
  const now = context.now()
  const last = chunk.at(-1)?.subscriber_id ?? send.freezeCursor
  return transact(
    context.query,
    'freeze',
    async (trx) => {
      // Another Send of the same Issue, under another copy, must see whom this one places.
      await takeIssueLock(trx, send.issueId)
      const moved = await trx
        .updateTable('send')
        .set({ freeze_cursor: last, reason: null })
        .where('id', '=', send.id)
        .where('state', '=', 'preparing')
        .where('freeze_cursor', '=', send.freezeCursor)
        .executeTakeFirst()
      if (moved.numUpdatedRows === 0n) return 0
      const reasons = await judgeCandidates(trx, chunk, { ...send, keys: context.keys })
      const batchOf = await makeBatches(
        trx,
        send.id,
        chunk.filter((one) => !reasons.has(one.subscriber_id)),
      )
      await insertDeliveries(trx, { send, chunk, reasons, batchOf, now })
      return chunk.length
    },
    // The unique index is the last word; run again, we see the row it met.
    { onConflict: 'again' },
  )
}

/** Batches of one lane each; returns the Batch of every subscriber. */
async function makeBatches(
  trx: Query,
  sendId: number,
  mailable: readonly Candidate[],
): Promise<ReadonlyMap<number, number>> {
  const byLane = new Map<string, number[]>()
  for (const { subscriber_id, address_key } of mailable) {
    const lane = laneOf(domainOf(address_key))
    const members = byLane.get(lane)
    if (members) members.push(subscriber_id)
    else byLane.set(lane, [subscriber_id])
  }
  const batchOf = new Map<number, number>()
  for (const [lane, members] of byLane) {
    for (let from = 0; from < members.length; from += BATCH_SIZE) {
      const batchId = await insertBatch(trx, sendId, lane)
      for (const subscriberId of members.slice(from, from + BATCH_SIZE)) batchOf.set(subscriberId, batchId)
    }
  }
  return batchOf
}

export async function insertBatch(trx: Query, sendId: number, lane: string): Promise<number> {
  const { id } = await trx
    .insertInto('batch')
    .values({ send_id: sendId, lane })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function insertDeliveries(
  trx: Query,
  placed: {
    readonly send: SendFacts
    readonly chunk: readonly Candidate[]
    readonly reasons: ReadonlyMap<number, string>
    readonly batchOf: ReadonlyMap<number, number>
    readonly now: number
  },
): Promise<void> {
  const { send, chunk, reasons, batchOf, now } = placed
  const rows = chunk.map((one) => {
    const reason = reasons.get(one.subscriber_id) ?? null
    return {
      subscriber_id: one.subscriber_id,
      subscription_id: one.subscription_id,
      batch_id: batchOf.get(one.subscriber_id) ?? null,
      lane: laneOf(domainOf(one.address_key)),
      address: one.address,
      address_key: reason === null ? one.address_key : null,
      name: one.name,
      attributes: one.attributes,
      state: reason === null ? 'queued' : 'excluded',
      reason,
    }
  })
  const columns = {
    subscriber_id: 'integer',
    subscription_id: 'integer',
    batch_id: 'integer',
    lane: 'text',
    address: 'text',
    address_key: 'text',
    name: 'text',
    attributes: 'text',
    state: 'text',
    reason: 'text',
  } as const
  await sql`
    insert into delivery (send_id, issue_id, copy, changed_at, ${sql.join(Object.keys(columns).map((name) => sql.ref(name)))})
    select ${sql.lit(send.id)}, ${sql.lit(send.issueId)}, ${sql.lit(send.copy)}, ${sql.lit(now)},
      ${sql.join(Object.keys(columns).map((name) => sql.ref(`given.${name}`)))}
    from ${rowsOf(trx, columns, rows)}`.execute(trx)
}

/**
 * The flip `preparing → sending`: one last sweep for those who left while we placed them, then the count and the digest
 * of the set, which `verify` compares with for ever.
 */
async function flip(send: SendFacts, { query, keys, now }: FreezeContext): Promise<void> {
  const { audience, digest } = await digestSet(query, send.id)
  await transact(query, 'flip', async (trx) => {
    const at = now()
    // Opt-outs under way commit first; later ones find every Delivery in its place.
    await takeLock(trx, 'optOut')
    const moved = await trx
      .updateTable('send')
      .set({ state: 'sending', reason: null, started_at: at, audience, set_digest: digest })
      .where('id', '=', send.id)
      .where('state', '=', 'preparing')
      .where('freeze_cursor', '=', send.freezeCursor)
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) return
    await sweepUnsubscribed(trx, send, at)
    await sweepSuppressed(trx, send, { keys, now: at })
  })
}

async function sweepUnsubscribed(trx: Query, send: SendFacts, now: number): Promise<void> {
  await trx
    .updateTable('delivery')
    .set({ state: 'excluded', reason: 'unsubscribed', address_key: null, changed_at: now })
    .where('send_id', '=', send.id)
    .where('state', '=', 'queued')
    .where('subscription_id', 'in', (subscription) =>
      subscription
        .selectFrom('subscription')
        .select('subscription.id')
        .where('subscription.list_id', '=', send.list.id)
        .where('subscription.status', '!=', 'active'),
    )
    .execute()
}

/** A Suppression knows only a hash, so everyone's is compared; but only when one was made since the Send began. */
async function sweepSuppressed(
  trx: Query,
  send: SendFacts,
  { keys, now }: { readonly keys: Keys; readonly now: number },
): Promise<void> {
  const recent = await trx
    .selectFrom('suppression')
    .select('address_hash')
    .where('created_at', '>=', send.createdAt - CLOCK_SKEW_MS)
    .execute()
  if (recent.length === 0) return
  const hashes = new Set(recent.map(({ address_hash }) => address_hash))
  for (let last = 0; ; ) {
    const page = await trx
      .selectFrom('delivery')
      .select(['id', 'address_key'])
      .where('send_id', '=', send.id)
      .where('state', '=', 'queued')
      .where('id', '>', last)
      .orderBy('id')
      .limit(SWEEP_PAGE)
      .execute()
    const left = page.filter(
      ({ address_key }) => address_key !== null && hashes.has(hashAddress(keys, address_key)),
    )
    if (left.length > 0)
      await trx
        .updateTable('delivery')
        .set({ state: 'excluded', reason: 'suppressed', address_key: null, changed_at: now })
        .where(
          'id',
          'in',
          left.map(({ id }) => id),
        )
        .where('state', '=', 'queued')
        .execute()
    if (page.length < SWEEP_PAGE) return
    last = page.at(-1)?.id ?? last
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
