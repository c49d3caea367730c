/**
 * Give up: a lane whose receiver has answered nothing but "slow down" for the whole of the retry schedule. Whoever still
 * waits there has failed(expired): most had no Attempt in all that time, for the lane was only probed.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../../db/db.js'
import type { DeliveryState } from '../../db/schema.js'
import { transact } from '../../db/transact.js'
import { stateByContents } from '../batch.js'
import { mayHaveIt } from '../exclude.js'
import { EXPIRED } from '../reply-rules.js'
import { type RetryPolicy, wholeSchedule } from '../retry.js'

const CHUNK = 5_000

interface Context {
  readonly query: Query
  readonly now: () => number
  readonly retry: RetryPolicy
}

/**
 * `queued`, `deferred` → `failed(expired)`, or `uncertain` again where a resend was decided: nobody knows whether the first
 * message arrived. Returns how many. A Send that began, or was resumed, later has time left.
 */
export async function giveUpLanes({ query, now, retry }: Context): Promise<number> {
  const before = sql<number>`${clock(query, now)} - ${sql.lit(wholeSchedule(retry.scheduleMs))}`
  const those = await query
    .selectFrom('lane')
    .innerJoin('send', (join) => join.onTrue())
    .select(['lane.name', 'send.id'])
    .where('lane.strikes', '>', 0)
    .where('lane.slowed_since', '<=', before)
    .where('send.state', '=', 'sending')
    .where(sql<number>`coalesce(send.resumed_at, send.started_at)`, '<=', before)
    .execute()
  let given = 0
  for (const { name, id } of those)
    for (const from of ['queued', 'deferred'] as const)
      for (let moved = CHUNK; moved === CHUNK; given += moved)
        moved = await expireChunk({ lane: name, sendId: id, from }, { query, now })
  return given
}

function expireChunk(
  {
    lane,
    sendId,
    from,
  }: { readonly lane: string; readonly sendId: number; readonly from: 'queued' | 'deferred' },
  { query, now }: Pick<Context, 'query' | 'now'>,
): Promise<number> {
  return transact(query, 'giveUp', async (trx) => {
    const chunk = trx
      .selectFrom('delivery')
      .select('id')
      .where('send_id', '=', sendId)
      .where('state', '=', from)
      .where('lane', '=', lane)
      .limit(CHUNK)
    const moved = await trx
      .updateTable('delivery')
      .set({
        state: sql<DeliveryState>`case when ${mayHaveIt} then 'uncertain' else 'failed' end`,
        reason: sql<string>`case when ${mayHaveIt} then 'no reply on record' else ${EXPIRED} end`,
        changed_at: now(),
      })
      .where('id', 'in', chunk)
      .where('state', '=', from)
      // A pause, or an acceptance in the lane, while the chunks before were moved.
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('lane')
            .innerJoin('send', (join) => join.onTrue())
            .select('send.id')
            .where('send.id', '=', sendId)
            .where('send.state', '=', 'sending')
            .where('lane.name', '=', lane)
            .where('lane.strikes', '>', 0),
        ),
      )
      .returning('batch_id')
      .execute()
    const batchIds = [...new Set(moved.flatMap(({ batch_id }) => (batch_id === null ? [] : [batch_id])))]
    if (batchIds.length > 0)
      await trx
        .updateTable('batch')
        .set({ state: stateByContents })
        .where('id', 'in', batchIds)
        .where('lease_until', 'is', null)
        .execute()
    return moved.length
  })
}
