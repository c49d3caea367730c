/**
 * Cap: how often something may be done in a span of time that begins with the first. Whoever needs nothing but a link,
 * or not even that, to make us send a mail goes through one.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { hashAddress, type Keys } from '../link/token.js'

/** No span is longer, so what began before it counts for nothing any more. */
export const MAX_CAP_MS = 24 * 3_600_000

export interface Cap {
  /** Of `capKey`; two spans of the same thing are two keys. */
  readonly key: string
  /** How often in a span. */
  readonly limit: number
  /** At most `MAX_CAP_MS`. */
  readonly windowMs: number
  readonly now: number
}

/** What is counted, without saying of whom: `purpose` and a keyed hash. */
export function capKey(keys: Keys, purpose: string, whose: string | number): string {
  return `${purpose}:${hashAddress(keys, `cap ${purpose} ${whose}`)}`
}

/** True: once more is within the limit, and counted. False: it is not, and nothing is counted. */
export async function takeCap(trx: Query, { key, limit, windowMs, now }: Cap): Promise<boolean> {
  if (limit < 1) return false
  const isOver = sql<boolean>`cap.starts_at <= ${now - windowMs}`
  const { rows } = await sql`
    insert into cap (key, starts_at, count) values (${key}, ${now}, 1)
    on conflict (key) do update set
      starts_at = case when ${isOver} then excluded.starts_at else cap.starts_at end,
      count = case when ${isOver} then 1 else cap.count + 1 end
    where cap.count < ${limit} or ${isOver}
    returning count`.execute(trx)
  return rows.length === 1
}

/** All of them, or none: what one refuses is counted by no other. In a transaction. Returns the key that refused, or null. */
export async function takeCaps(trx: Query, caps: readonly Cap[]): Promise<string | null> {
  const taken: string[] = []
  // In one order, so that two who take the same never wait for each other.
  for (const cap of [...caps].sort((one, other) => (one.key < other.key ? -1 : 1))) {
    if (await takeCap(trx, cap)) taken.push(cap.key)
    else {
      for (const key of taken)
        await trx.updateTable('cap').set({ count: sql`count - 1` }).where('key', '=', key).execute()
      return cap.key
    }
  }
  return null
}

/** Forgets the spans that are certainly over. Returns how many. */
export async function forgetCaps(query: Query, now: number): Promise<number> {
  const { numDeletedRows } = await query
    .deleteFrom('cap')
    .where('starts_at', '<=', now - MAX_CAP_MS)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
