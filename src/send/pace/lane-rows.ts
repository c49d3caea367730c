/**
 * Lane rows: how far lanes are throttled, in the database, so that what a receiver told one worker holds for all and
 * outlives each. Changed by whoever has seen the last change; losing that race is no error.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../../db/db.js'
import { transact } from '../../db/transact.js'
import { type Throttle, UNTHROTTLED } from './throttle.js'

const HOUR_S = 3_600
/** For a person to understand. */
const MAX_REASON_LENGTH = 200

export interface LaneRow {
  readonly name: string
  readonly version: number
  readonly throttle: Throttle
}

interface Context {
  readonly query: Query
  readonly now: () => number
  readonly monotonic: () => number
}

/** All that are, or were once, slowed down. */
export async function readLaneRows({ query, now, monotonic }: Context): Promise<readonly LaneRow[]> {
  const time = clock(query, now)
  const rows = await query
    .selectFrom('lane')
    .selectAll()
    .select([
      sql<number | null>`suspended_until - ${time}`.as('suspended_in'),
      sql<number | null>`${time} - slowed_since`.as('slowed_for'),
      sql<number>`${time} - changed_at`.as('changed_ago'),
    ])
    .execute()
  const here = monotonic()
  return rows.map((row) => ({
    name: row.name,
    version: row.version,
    throttle:
      row.per_hour === null && row.connections === null
        ? UNTHROTTLED
        : {
            perSecond: row.per_hour === null ? null : row.per_hour / HOUR_S,
            goalPerSecond: row.goal_per_hour / HOUR_S,
            connections: row.connections,
            strikes: row.strikes,
            reason: row.reason,
            suspendedUntil:
              row.suspended_in === null ? Number.NEGATIVE_INFINITY : here + Number(row.suspended_in),
            slowedSince: row.slowed_for === null ? null : here - Number(row.slowed_for),
            changedAt: here - Number(row.changed_ago),
          },
  }))
}

/** Makes `throttle` the one after `version` (0: none yet). False: another has changed it meanwhile. */
export async function writeLaneRow(
  { name, version, throttle }: LaneRow,
  { query, now, monotonic }: Context,
): Promise<boolean> {
  return transact(query, 'lane', async (trx) => {
    const time = clock(trx, now)
    const here = monotonic()
    const at = (value: number) => sql<number>`${time} + ${sql.lit(Math.round(value - here))}`
    const { perSecond, goalPerSecond, connections, strikes, reason, suspendedUntil, slowedSince, changedAt } =
      throttle
    const row = {
      version: version + 1,
      per_hour: perSecond === null ? null : Math.round(perSecond * HOUR_S),
      goal_per_hour: Math.round(goalPerSecond * HOUR_S),
      connections: connections === null ? null : Math.round(connections),
      strikes,
      reason: reason?.slice(0, MAX_REASON_LENGTH).toWellFormed() ?? null,
      suspended_until: Number.isFinite(suspendedUntil) ? at(suspendedUntil) : null,
      slowed_since: slowedSince === null ? null : at(slowedSince),
      changed_at: at(Number.isFinite(changedAt) ? changedAt : here),
    }
    if (version === 0) {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('lane')
        .values({ name, ...row })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return (numInsertedOrUpdatedRows ?? 0n) > 0n
    }
    const { numUpdatedRows } = await trx
      .updateTable('lane')
      .set(row)
      .where('name', '=', name)
      .where('version', '=', version)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  })
}
