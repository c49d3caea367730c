/** Asks the servers that we share times with what time it is there. */

import { sql } from 'kysely'
import { clock, type Db } from '../db/db.js'
import { describeClock, type OtherClock } from '../doctor/clock.js'
import type { Log } from '../log.js'
import { readRedisFacts } from '../queue/redis-check.js'

export interface ClockContext {
  readonly db: Db
  readonly redisAddress: string
  readonly now: () => number
}

/** Says loudly which clock differs; a server that does not tell its time is left out. */
export async function warnOfClocks({ log, ...context }: ClockContext & { readonly log: Log }): Promise<void> {
  for (const other of await readOtherClocks(context)) {
    const sentence = describeClock(other)
    if (sentence !== null) log.error({ whose: other.whose, aheadMs: Math.round(other.aheadMs) }, sentence)
  }
}

async function readOtherClocks({ db, redisAddress, now }: ClockContext): Promise<readonly OtherClock[]> {
  const [postgres, redis] = await Promise.all([
    readDatabaseClock(db, now),
    readRedisFacts(redisAddress, now).then(
      ({ time }) => (time === null ? null : time.asked - time.theirs),
      // Whoever cannot use Redis says so elsewhere.
      () => null,
    ),
  ])
  return [
    ...(postgres === null ? [] : [{ whose: 'Postgres', aheadMs: postgres }]),
    ...(redis === null ? [] : [{ whose: 'Redis', aheadMs: redis }]),
  ]
}

/** How far ours is ahead of the database server's, ms; null on SQLite, which has none of its own. */
export async function readDatabaseClock({ engine, query }: Db, now: () => number): Promise<number | null> {
  if (engine === 'sqlite') return null
  const before = now()
  const { rows } = await sql<{ time: number }>`select ${clock(query, now)} as time`.execute(query)
  return (before + now()) / 2 - (rows[0]?.time ?? before)
}
