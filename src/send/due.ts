/** What time brings: deferred Deliveries that are due again, Sends with nothing left to do. */

import { sql } from 'kysely'
import { clock, engineOf, type Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { BATCH_SIZE, insertBatch } from './freeze.js'

const GATHER_AT_ONCE = 5_000

interface DueContext {
  readonly query: Query
  readonly now: () => number
}

/** `deferred → queued` for those that are due, gathered into new Batches of their Send and lane. Returns how many. */
export async function gatherDueRetries({ query, now }: DueContext): Promise<number> {
  return transact(query, 'gather', async (trx) => {
    let due = trx
      .selectFrom('delivery')
      .innerJoin('send', 'send.id', 'delivery.send_id')
      .select(['delivery.id', 'delivery.send_id', 'delivery.lane'])
      .where('delivery.state', '=', 'deferred')
      .where('delivery.not_before', '<=', clock(trx, now))
      .where('send.state', '=', 'sending')
      .orderBy('delivery.not_before')
      .limit(GATHER_AT_ONCE)
    if (engineOf(trx) === 'postgres') due = due.forUpdate('delivery').skipLocked()
    const rows = await due.execute()
    const groups = new Map<string, { sendId: number; lane: string; ids: number[] }>()
    for (const { id, send_id, lane } of rows) {
      const key = `${send_id} ${lane}`
      const group = groups.get(key) ?? { sendId: send_id, lane, ids: [] }
      group.ids.push(id)
      groups.set(key, group)
    }
    for (const { sendId, lane, ids } of groups.values()) {
      for (let from = 0; from < ids.length; from += BATCH_SIZE) {
        await trx
          .updateTable('delivery')
          .set({ state: 'queued', batch_id: await insertBatch(trx, sendId, lane), changed_at: now() })
          .where('id', 'in', ids.slice(from, from + BATCH_SIZE))
          .where('state', '=', 'deferred')
          .execute()
      }
    }
    return rows.length
  })
}

/** Sends under way with no Delivery queued, sending or deferred. */
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
  const { numUpdatedRows } = await query
    .updateTable('send')
    .set({ state: 'finished', finished_at: now(), reason: null, alarm })
    .where('id', '=', sendId)
    .where('state', '=', 'sending')
    .where(({ not, exists }) => not(exists(selectUnfinished(query))))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function selectUnfinished(query: Query) {
  return query
    .selectFrom('delivery')
    .select('delivery.id')
    .where(sql<boolean>`delivery.send_id = send.id`)
    .where('delivery.state', 'in', ['queued', 'sending', 'deferred'])
}
