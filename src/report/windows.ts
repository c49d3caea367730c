/**
 * The Deliveries of a Send in windows of ids: counting a million of them is many short questions, so that whoever else asks
 * the database in between is not held up. Each is in one window, so what is counted over all of them adds up.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'

const WIDTH = 20_000

export interface Window {
  readonly sendId: number
  readonly after: number
  readonly upTo: number
}

export async function* windowsOf(query: Query, sendId: number): AsyncGenerator<Window, void> {
  const row = await query
    .selectFrom('delivery')
    .select(({ fn }) => [fn.min('id').as('first'), fn.max('id').as('last')])
    .where('send_id', '=', sendId)
    .executeTakeFirst()
  const last = Number(row?.last ?? 0)
  for (let after = Number(row?.first ?? 1) - 1; after < last; after += WIDTH)
    yield { sendId, after, upTo: Math.min(last, after + WIDTH) }
}

/** Of rows of `delivery`; by id, not by any index on the Send. */
export function within({ sendId, after, upTo }: Window) {
  return sql<boolean>`delivery.id > ${after} and delivery.id <= ${upTo} and +delivery.send_id = ${sendId}`
}
