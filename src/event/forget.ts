/**
 * Erasing a person takes the address and what was frozen of them out of their Deliveries; so what those count for moves from
 * their domain to none and out of the alternatives of passages, in the same transaction. All other numbers stay.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import { readJudged, readSendIds } from './judged.js'
import { changeReach } from './reach-change.js'
import { takeTurns } from './reach-turn.js'
import { shareBefore } from './write-judged.js'

const ERASED = { address: '', name: '', attributes: '{}' } as const

/** Run it before the Deliveries are scrubbed, and in the same transaction. */
export async function forgetInReach(trx: Query, subscriberIds: readonly number[]): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select delivery.id from ${idsOf(trx, subscriberIds)} join delivery on delivery.subscriber_id = given.id
    where delivery.address <> '' and (
      exists (select 1 from hit where hit.delivery_id = delivery.id)
      or exists (select 1 from surplus where surplus.delivery_id = delivery.id)
    )`.execute(trx)
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return
  await takeTurns(trx, await readSendIds(trx, ids))
  const deliveries = await readJudged(trx, ids)
  await changeReach(
    trx,
    deliveries.map((judged) => ({
      deliveryId: judged.id,
      sendId: judged.send.id,
      before: shareBefore(judged),
      now: shareBefore({ ...judged, delivery: { ...judged.delivery, ...ERASED } }),
    })),
  )
}
