/** Postgres: who waits for a lock. Asked outside of transactions, which see what was there when they first looked. */

import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Query } from '../../src/db/db.js'

export async function untilWaiting(query: Query, count = 1): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await sql<{ count: number }>`select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(query)
      return rows[0]?.count
    })
    .toBe(count)
}
