/** The end of a cancelled Send: swept, everything in flight back, verified. */

import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { endOf, selectUnderWay } from './send.js'
import { digestSet } from './set.js'

interface SettleContext {
  readonly query: Query
  readonly now: () => number
}

/** Cancelled Sends of which something is still to be swept, to end, or to be verified. */
export async function sendsToSettle(query: Query): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('send')
    .select('id')
    .where('state', '=', 'cancelled')
    .where(({ or, eb, exists }) => or([eb('finished_at', 'is', null), exists(selectUnderWay(query))]))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * The end of a cancelled Send: what `verify` found, the set as far as it was placed, its Batches closed. False: another
 * did it, or a message is still under way.
 */
export async function settleSend(
  sendId: number,
  { query, now, alarm }: SettleContext & { readonly alarm: string | null },
): Promise<boolean> {
  const { audience, digest } = await digestSet(query, sendId)
  return transact(query, 'settle', async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('send')
      .set(({ fn, val }) => ({
        finished_at: endOf(now()),
        alarm,
        audience: fn.coalesce('audience', val(audience)),
        set_digest: fn.coalesce('set_digest', val(digest)),
      }))
      .where('id', '=', sendId)
      .where('state', '=', 'cancelled')
      .where('finished_at', 'is', null)
      .where(({ not, exists }) => not(exists(selectUnderWay(trx))))
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await trx.updateTable('batch').set({ state: 'closed' }).where('send_id', '=', sendId).execute()
    return true
  })
}
