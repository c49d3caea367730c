/** What time brings: deferred Deliveries that are due again, Sends with nothing left to do. */

import { sql } from 'kysely'
import { findSuppressions, MOVED } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import { clock, engineOf, type Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import type { DeliveryState } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { hashAddress, type Keys } from '../link/token.js'
import { leftOut } from './exclude.js'
import { BATCH_SIZE, insertBatch } from './place.js'
import { endOf, reopenSends, selectUnderWay } from './send.js'

const GATHER_AT_ONCE = 5_000

interface DueContext {
  readonly query: Query
  readonly now: () => number
}

/**
 * `deferred → queued` for those that are due, gathered into new Batches of their Send and lane; whoever has left or was
 * suppressed while a message to them was under way is left out instead (invariant 6). Returns how many were due.
 */
export async function gatherDueRetries({
  query,
  keys,
  now,
}: DueContext & { readonly keys: Keys }): Promise<number> {
  // Most often there is none, and then nobody who writes has to be waited for.
  if ((await selectDue(query, now).limit(1).execute()).length === 0) return 0
  return transact(query, 'gather', async (trx) => {
    // An opt-out under way commits first: its person is seen here, or is queued when it looks for them.
    await takeLock(trx, 'optOut')
    const due = selectDue(trx, now).orderBy('delivery.not_before').limit(GATHER_AT_ONCE)
    const rows = await (engineOf(trx) === 'postgres' ? due.forUpdate('delivery').skipLocked() : due).execute()
    const gone = await findGone(trx, rows, keys)
    await leaveOut(trx, gone, now())
    const still = rows.filter(({ id }) => !gone.has(id))
    await queueInNewBatches(trx, still, { from: 'deferred', now: now() })
    return rows.length
  })
}

type DueRow = Awaited<ReturnType<ReturnType<typeof selectDue>['execute']>>[number]

/** Why they are to get nothing more, by Delivery. Without a Subscription they are erased. */
async function findGone(
  trx: Query,
  rows: readonly DueRow[],
  keys: Keys,
): Promise<ReadonlyMap<number, string>> {
  const hashOf = ({ address_key }: DueRow) => hashAddress(keys, address_key ?? '')
  const suppressed = await findSuppressions(trx, rows.map(hashOf))
  const reasonOf = (row: DueRow) => {
    if (row.status === null) return 'erased'
    const why = suppressed.get(hashOf(row))?.reason ?? MOVED
    // What was frozen goes where it was frozen to: they have left that address, not the List.
    if (why !== MOVED) return 'suppressed'
    return row.status === 'active' ? null : row.status
  }
  return new Map(
    rows.flatMap((row) => {
      const reason = reasonOf(row)
      return reason === null ? [] : [[row.id, reason] as const]
    }),
  )
}

async function leaveOut(trx: Query, gone: ReadonlyMap<number, string>, now: number): Promise<void> {
  for (const reason of new Set(gone.values())) {
    const ids = [...gone].flatMap(([id, why]) => (why === reason ? [id] : []))
    await trx
      .updateTable('delivery')
      .set({ ...leftOut(reason), changed_at: now })
      .where('id', 'in', sql<number>`(select id from ${idsOf(trx, ids)})`)
      .where('state', '=', 'deferred')
      .execute()
  }
}

function selectDue(query: Query, now: () => number) {
  return query
    .selectFrom('delivery')
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .leftJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .select(['delivery.id', 'delivery.send_id', 'delivery.lane', 'delivery.address_key'])
    .select('subscription.status')
    .where('delivery.state', '=', 'deferred')
    .where('delivery.not_before', '<=', clock(query, now))
    .where('send.state', '=', 'sending')
}

interface Waiting {
  readonly id: number
  readonly send_id: number
  readonly lane: string
}

/** Puts Deliveries back into the queue, in new Batches of their Send and lane. */
export async function queueInNewBatches(
  trx: Query,
  rows: readonly Waiting[],
  { from, now }: { readonly from: DeliveryState; readonly now: number },
): Promise<void> {
  const groups = new Map<string, { sendId: number; lane: string; ids: number[] }>()
  for (const { id, send_id, lane } of rows) {
    const key = `${send_id} ${lane}`
    const group = groups.get(key) ?? { sendId: send_id, lane, ids: [] }
    group.ids.push(id)
    groups.set(key, group)
  }
  for (const { sendId, lane, ids } of groups.values()) {
    for (let at = 0; at < ids.length; at += BATCH_SIZE) {
      await trx
        .updateTable('delivery')
        .set({
          state: 'queued',
          batch_id: await insertBatch(trx, sendId, lane),
          not_before: 0,
          changed_at: now,
        })
        .where('id', 'in', ids.slice(at, at + BATCH_SIZE))
        .where('state', '=', from)
        .execute()
    }
  }
}

/** Sends under way with nothing left to do: no Delivery queued, sending or deferred, nor uncertain and to be resent. */
export async function sendsThatAreDone(query: Query): Promise<readonly number[]> {
  const done = await query
    .selectFrom('send')
    .select('id')
    .where('state', '=', 'sending')
    .where(({ not, exists }) => not(exists(selectUnfinished(query))))
    .orderBy('id')
    .execute()
  return done.map(({ id }) => id)
}

/**
 * `sending → finished`, if still nothing is left to do; with what `verify` found wrong, so that no crash can come between
 * the two. False: another did it, or someone is to be tried again after all.
 */
export async function finishSend(
  sendId: number,
  { query, now, alarm }: DueContext & { readonly alarm: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await transact(query, 'finish', (trx) =>
    trx
      .updateTable('send')
      .set({ state: 'finished', finished_at: endOf(now()), reason: null, alarm })
      .where('id', '=', sendId)
      .where('state', '=', 'sending')
      .where(({ not, exists }) => not(exists(selectUnfinished(trx))))
      .executeTakeFirstOrThrow(),
  )
  return numUpdatedRows > 0n
}

/**
 * `finished → sending` where someone is still to be mailed: on Postgres a finish and a resend or late reply may commit
 * side by side, neither seeing the other. Returns the ids.
 */
export async function reopenUnfinished(query: Query): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('send')
    .select('id')
    .where('state', '=', 'finished')
    .where(({ exists }) => exists(selectUnderWay(query)))
    .orderBy('id')
    .execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) await transact(query, 'reopen', (trx) => reopenSends(trx, ids))
  return ids
}

function selectUnfinished(query: Query) {
  return query
    .selectFrom('delivery')
    .select('delivery.id')
    .where(sql<boolean>`delivery.send_id = send.id`)
    .where('delivery.state', 'in', ['queued', 'sending', 'deferred', 'uncertain'])
    .where((delivery) =>
      delivery.or([
        delivery('delivery.state', '!=', 'uncertain'),
        // Undecided: the policy will queue it again, or leave it when its Attempts are used up.
        sql<boolean>`(send.uncertain_policy = 'resend' and exists (
          select 1 from attempt where attempt.delivery_id = delivery.id and attempt.number = delivery.attempt
            and attempt.decision is null
        ))`,
      ]),
    )
}
