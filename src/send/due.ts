/** What time brings: deferred Deliveries that are due again, Sends with nothing left to do. */

import { sql } from 'kysely'
import { clock, engineOf, type Query } from '../db/db.js'
import type { DeliveryState } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { BATCH_SIZE, insertBatch } from './place.js'
import { reopenSends, selectUnderWay } from './send.js'

const GATHER_AT_ONCE = 5_000

interface DueContext {
  readonly query: Query
  readonly now: () => number
}

/** `deferred → queued` for those that are due, gathered into new Batches of their Send and lane. Returns how many. */
export async function gatherDueRetries({ query, now }: DueContext): Promise<number> {
  // Most often there is none, and then nobody who writes has to be waited for.
  if ((await selectDue(query, now).limit(1).execute()).length === 0) return 0
  return transact(query, 'gather', async (trx) => {
    const due = selectDue(trx, now).orderBy('delivery.not_before').limit(GATHER_AT_ONCE)
    const rows = await (engineOf(trx) === 'postgres' ? due.forUpdate('delivery').skipLocked() : due).execute()
    await queueInNewBatches(trx, rows, { from: 'deferred', now: now() })
    return rows.length
  })
}

function selectDue(query: Query, now: () => number) {
  return query
    .selectFrom('delivery')
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .select(['delivery.id', 'delivery.send_id', 'delivery.lane'])
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
      .set({ state: 'finished', finished_at: now(), reason: null, alarm })
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
