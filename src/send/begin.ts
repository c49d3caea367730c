/** Scheduled Sends whose time has come: they begin, or, when it is long past, a person is asked. */

import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { writeScheduledTime } from './scheduled-time.js'

/** A morning's letter may still come at noon; by then an editor may have thought of something else. */
export const DEFAULT_LATE_MS = 6 * 3_600_000

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export interface Begun {
  /** Now `preparing`. */
  readonly begun: readonly number[]
  /** Now `paused`: later than they may be without a person's word. */
  readonly missed: readonly number[]
}

/** `scheduled → preparing`, or `paused` when its time was missed by too much. Only one of two at once moves each. */
export async function beginDueSends({
  query,
  now,
}: {
  readonly query: Query
  readonly now: () => number
}): Promise<Begun> {
  const late = sql<number>`${clock(query, now)} - scheduled_at`
  const due = await query
    .selectFrom('send')
    .select(['id', 'scheduled_at', 'zone', 'late_ms', late.as('late')])
    .where('state', '=', 'scheduled')
    .where(late, '>=', 0)
    .orderBy('id')
    .execute()
  const moved = { begun: [] as number[], missed: [] as number[] }
  for (const { id, scheduled_at, zone, late_ms, late } of due) {
    const isMissed = late > (late_ms ?? DEFAULT_LATE_MS)
    const time = writeScheduledTime({ at: scheduled_at ?? 0, zone: zone ?? 'UTC' })
    const reason = `missed its time, ${time}, by ${writeDuration(late)}; pressrun resume ${id} sends it now, pressrun cancel ${id} does not`
    const change = isMissed ? ({ state: 'paused', reason } as const) : ({ state: 'preparing' } as const)
    const { numUpdatedRows } = await transact(query, 'begin', (trx) =>
      trx
        .updateTable('send')
        .set(change)
        .where('id', '=', id)
        .where('state', '=', 'scheduled')
        .executeTakeFirst(),
    )
    if (numUpdatedRows > 0n) moved[isMissed ? 'missed' : 'begun'].push(id)
  }
  return moved
}

/** `7 h`, in the largest unit that there is one of. */
function writeDuration(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${Math.floor(ms / DAY_MS)} days`
  if (ms >= HOUR_MS) return `${Math.floor(ms / HOUR_MS)} h`
  if (ms >= MINUTE_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  return `${Math.max(1, Math.floor(ms / 1_000))} s`
}
