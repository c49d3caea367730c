/**
 * Erasing a person takes the address and what was frozen of them out of their Deliveries; so what those count for moves from
 * their domain to none and out of the alternatives of passages, in the same transaction. All other numbers stay.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import { readJudged } from './judged.js'
import { changeReach } from './reach-change.js'
import { takeTurns } from './reach-turn.js'
import { shareBefore } from './write-judged.js'

const ERASED = { address: '', name: '', attributes: '{}' } as const

/** Run it before the Deliveries are scrubbed, and in the same transaction. */
export async function forgetInReach(trx: Query, subscriberIds: readonly number[]): Promise<void> {
  const { rows: theirs } = await sql<{ id: number; send_id: number }>`
    select delivery.id, delivery.send_id from ${idsOf(trx, subscriberIds)}
    join delivery on delivery.subscriber_id = given.id where delivery.address <> ''`.execute(trx)
  // Before their Hits are looked for: one that is counted after that is counted without the address.
  await takeTurns(
    trx,
    theirs.map(({ send_id }) => send_id),
  )
  const { rows } = await sql<{ id: number }>`
    select given.id from ${idsOf(
      trx,
      theirs.map(({ id }) => id),
    )}
    where exists (select 1 from hit where hit.delivery_id = given.id and hit.is_filed = 1)
      or exists (select 1 from surplus where surplus.delivery_id = given.id)`.execute(trx)
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return
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
