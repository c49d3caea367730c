/**
 * Turns: whoever changes the reach of a Send takes the next turn of it, in the transaction that changes it. Judging goes on
 * outside of any transaction; if another took a turn meanwhile, what was judged is thrown away.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, rowsOf } from '../db/rows.js'

/** By Send. */
export type Turns = ReadonlyMap<number, number>

export async function readTurns(query: Query, sendIds: readonly number[]): Promise<Turns> {
  if (sendIds.length === 0) return new Map()
  const rows = await query
    .selectFrom('reach_turn')
    .select(['send_id', 'turn'])
    .where('send_id', 'in', sendIds)
    .execute()
  const known = new Map(rows.map(({ send_id, turn }) => [send_id, turn]))
  return new Map(sendIds.map((id) => [id, known.get(id) ?? 0]))
}

/** Another has changed the reach of a Send since its Hits were judged. */
export class TurnLost extends Error {
  override readonly name = 'TurnLost'
}

/** Throws TurnLost when one of them is not the last turn any more. */
export async function takeTurnsAfter(trx: Query, turns: Turns): Promise<void> {
  const given = rowsOf(
    trx,
    { send_id: 'integer', turn: 'integer' },
    [...turns].map(([sendId, turn]) => ({ send_id: sendId, turn })),
  )
  const { rows } = await sql`
    insert into reach_turn (send_id, turn) select send_id, turn + 1 from ${given} where true order by send_id
    on conflict (send_id) do update set turn = excluded.turn where reach_turn.turn = excluded.turn - 1
    returning send_id`.execute(trx)
  if (rows.length !== turns.size)
    throw new TurnLost('the reach of a Send has changed since its Hits were judged')
}

/** Takes the next ones, whatever the last ones were; until the transaction ends nobody else does. */
export async function takeTurns(trx: Query, sendIds: readonly number[]): Promise<void> {
  if (sendIds.length === 0) return
  await sql`
    insert into reach_turn (send_id, turn) select distinct id, 1 from ${idsOf(trx, sendIds)} where true order by 1
    on conflict (send_id) do update set turn = reach_turn.turn + 1`.execute(trx)
}
