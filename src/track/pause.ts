/** Pause: a person gets nothing for a time and stays on their Lists; and leaving all of them at once. */

import { listSubscriptions } from '../audience/subscription.js'
import type { Query } from '../db/db.js'
import { insertEvents } from '../event/event.js'
import { type Act, leave, readAct } from './unsubscribe.js'

export const PAUSES = ['1', '3', '6', 'open'] as const
/** Months, or until they resume. */
export type Pause = (typeof PAUSES)[number]

/** The last millisecond of the year 9999: later than any Issue. */
export const UNTIL_RESUMED = Date.UTC(10_000, 0) - 1

/** The same day of a later month, or that month's last day. */
export function pauseEnd(pause: Pause, now: number): number {
  if (pause === 'open') return UNTIL_RESUMED
  const end = new Date(now)
  const day = end.getUTCDate()
  end.setUTCDate(1)
  end.setUTCMonth(end.getUTCMonth() + Number(pause))
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  end.setUTCDate(Math.min(day, lastDay))
  return end.getTime()
}

interface OwnAct {
  readonly act: Act
  readonly now: number
}

/** All that they are on; `until` null: they resume. Run it in a transaction. Returns how many it changed. */
export async function pauseAll(
  trx: Query,
  subscriberId: number,
  { until, act, now }: OwnAct & { readonly until: number | null },
): Promise<number> {
  const changed = await trx
    .updateTable('subscription')
    .set({ paused_until: until, changed_at: now })
    .where('subscriber_id', '=', subscriberId)
    .where('status', '=', 'active')
    .where('paused_until', 'is distinct from', until)
    .returning('list_id')
    .execute()
  const detail = { ...readAct(act), ...(until === null ? { pause: 'over' } : { pausedUntil: until }) }
  await insertEvents(
    trx,
    changed.map(({ list_id: listId }) => ({ kind: 'preferred', at: now, subscriberId, listId, detail })),
  )
  return changed.length
}

/** Run it in a transaction. Returns the titles of the Lists they were on. */
export async function leaveAll(
  trx: Query,
  subscriberId: number,
  { act, now }: OwnAct,
): Promise<readonly string[]> {
  const left: string[] = []
  for (const subscription of await listSubscriptions(trx, subscriberId))
    if (await leave(trx, subscription, { act, now })) left.push(subscription.list.title)
  return left
}
