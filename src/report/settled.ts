/**
 * A settled Send has nothing left to do: its Tally is counted once and kept, until a late reply, an erasure or a decision
 * changes one of its Deliveries. A trigger counts such changes in `send.changes`; a Tally of another count is stale.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { missingSend } from './status.js'
import { countTally, type Tally } from './tally.js'

export interface KnownTally {
  readonly tally: Tally
  /** False: the Send is under way, and this is how it stands now. */
  readonly isSettled: boolean
}

/** As kept, else counted now. Throws InputError when there is no such Send. */
export async function readTally(query: Query, sendId: number): Promise<KnownTally> {
  const kept = await readKept(query, sendId)
  if (kept.isSettled && kept.tally !== null) return { tally: kept.tally, isSettled: true }
  return countAnew(query, sendId, kept)
}

/** Counted now, whatever is kept. True: what was kept as good was another count, and stands corrected. */
export async function recountTally(query: Query, sendId: number): Promise<boolean> {
  const kept = await readKept(query, sendId)
  const { tally, isSettled } = await countAnew(query, sendId, kept)
  if (!isSettled || kept.tally === null || JSON.stringify(kept.tally) === JSON.stringify(tally)) return false
  const { numUpdatedRows } = await query
    .updateTable('tally')
    .set({ content: JSON.stringify(tally) })
    .where('send_id', '=', sendId)
    .where('changes', '=', kept.changes)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

interface Kept {
  readonly changes: number
  readonly hash: string
  readonly isSettled: boolean
  /** Null: none, or a stale one. */
  readonly tally: Tally | null
}

async function readKept(query: Query, sendId: number): Promise<Kept> {
  const row = await query
    .selectFrom('send')
    .leftJoin('tally', (join) =>
      join.onRef('tally.send_id', '=', 'send.id').onRef('tally.changes', '=', 'send.changes'),
    )
    .select(['send.changes', 'send.compiled_hash', 'send.state', 'send.finished_at', 'tally.content'])
    .where('send.id', '=', sendId)
    .executeTakeFirst()
  if (row === undefined) throw await missingSend(query, sendId)
  return {
    changes: row.changes,
    hash: row.compiled_hash,
    isSettled: row.state === 'finished' || (row.state === 'cancelled' && row.finished_at !== null),
    // Written by keepTally.
    tally: row.content === null ? null : (JSON.parse(row.content) as Tally),
  }
}

/** What changes from when `kept` was read on makes the count stale, if needlessly: never the other way round. */
async function countAnew(query: Query, sendId: number, kept: Kept): Promise<KnownTally> {
  const tally = await countTally(query, sendId, kept.hash)
  if (!kept.isSettled || isUnderWay(tally)) return { tally, isSettled: false }
  await keepTally(query, { sendId, changes: kept.changes, tally })
  return { tally, isSettled: true }
}

/** A Send that is finished on paper goes on when a late reply or a decision has put someone back. */
function isUnderWay({ states }: Tally): boolean {
  return states.queued + states.sending + states.deferred > 0
}

/** Never over a newer one. */
async function keepTally(
  query: Query,
  { sendId, changes, tally }: { readonly sendId: number; readonly changes: number; readonly tally: Tally },
): Promise<void> {
  await sql`
    insert into tally (send_id, changes, content) values (${sendId}, ${changes}, ${JSON.stringify(tally)})
    on conflict (send_id) do update set changes = excluded.changes, content = excluded.content
    where tally.changes < excluded.changes`.execute(query)
}

/** Sends that are settled and whose Tally is missing or stale, the newest first. */
export async function sendsToTally(query: Query): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('send')
    .leftJoin('tally', 'tally.send_id', 'send.id')
    .select('send.id')
    .where(({ or, and, eb }) =>
      or([
        eb('send.state', '=', 'finished'),
        and([eb('send.state', '=', 'cancelled'), eb('send.finished_at', 'is not', null)]),
      ]),
    )
    .where(({ or, eb, ref }) =>
      or([eb('tally.changes', 'is', null), eb('tally.changes', '<>', ref('send.changes'))]),
    )
    .orderBy('send.id', 'desc')
    .execute()
  return rows.map(({ id }) => id)
}
