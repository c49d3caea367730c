/**
 * Clocks: ours against those of the servers that we share times with. Leases, due times and the Date of every Message
 * come from one of them; five minutes apart, Sends begin late and signatures look as if they came from the future.
 */

import { sql } from 'kysely'
import { clock, type Db } from '../db/db.js'
import type { Log } from '../log.js'
import { readRedisFacts } from '../queue/redis-check.js'

export const MAX_CLOCK_DIFFERENCE_MS = 300_000

export interface OtherClock {
  readonly whose: 'Postgres' | 'Redis'
  /** Positive: ours is ahead. */
  readonly aheadMs: number
}

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

/** What is wrong as a sentence; null within five minutes. */
export function describeClock({ whose, aheadMs }: { whose: string; aheadMs: number }): string | null {
  if (Math.abs(aheadMs) <= MAX_CLOCK_DIFFERENCE_MS) return null
  const minutes = Math.round(Math.abs(aheadMs) / 60_000)
  return `the clock of this machine is ${minutes.toLocaleString('en')} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${whose}; set both by NTP`
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
    ...(postgres === null ? [] : [{ whose: 'Postgres' as const, aheadMs: postgres }]),
    ...(redis === null ? [] : [{ whose: 'Redis' as const, aheadMs: redis }]),
  ]
}

/** How far ours is ahead of the database server's, ms; null on SQLite, which has none of its own. */
export async function readDatabaseClock({ engine, query }: Db, now: () => number): Promise<number | null> {
  if (engine === 'sqlite') return null
  const before = now()
  const { rows } = await sql<{ time: number }>`select ${clock(query, now)} as time`.execute(query)
  return (before + now()) / 2 - (rows[0]?.time ?? before)
}
