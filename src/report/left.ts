/** Who left through a Send's Messages, who complained, and whom a report that came later says it did not reach. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { readRows } from '../db/rows.js'

export interface Left {
  readonly unsubscribes: number
  readonly complaints: number
  /** By a bounce report after the relay had accepted the Message, and by whose fault. */
  readonly bouncedLater: { readonly hard: number; readonly soft: number; readonly other: number }
}

/**
 * Each person once, a bounce under the worst fault that was reported of it. A refusal that came at once, or by a report that
 * settled an uncertain one, is a state of the Delivery. Whoever leaves by way of a provider (`opt-out`) has not called it spam.
 */
export async function readLeft(query: Query, sendId: number): Promise<Left> {
  const rows = await readRows(
    query,
    sql<Kept>`
    select has_left, has_complained, case when is_bounced = 1 then 0 else fault end as fault, count(*) as count
    from aftermath where send_id = ${sendId} group by 1, 2, 3`,
  )
  const sum = (is: (row: Kept) => boolean) =>
    rows.filter(is).reduce((total, { count }) => total + Number(count), 0)
  return {
    unsubscribes: sum(({ has_left }) => has_left === 1),
    complaints: sum(({ has_complained }) => has_complained === 1),
    bouncedLater: {
      hard: sum(({ fault }) => fault === 1),
      soft: sum(({ fault }) => fault === 2),
      other: sum(({ fault }) => fault === 3),
    },
  }
}

interface Kept {
  readonly has_left: number
  readonly has_complained: number
  /** As in `AftermathTable`. */
  readonly fault: number
  readonly count: number
}
