/** What a Send rests on: the database with the secret it began with, and Redis. */

import type { Config } from '../config.js'
import type { Db } from '../db/db.js'
import { readDatabaseFacts } from '../db/facts.js'
import { openDb } from '../db/open.js'
import type { OtherClock } from '../doctor/clock.js'
import type { DatabaseState, RedisState } from '../doctor/machine.js'
import { InputError, messageOf } from '../errors.js'
import { type Keys, makeKeys } from '../link/token.js'
import { judgeRedis, readRedisFacts } from '../queue/redis-check.js'
import { findRedisProgram } from '../queue/redis-program.js'
import type { Announcement } from './announcement.js'
import { readDatabaseClock } from './clock-check.js'
import { holdToFirstKey, readSecrets } from './secrets.js'

export interface ExaminedDatabase {
  readonly state: DatabaseState
  /** Null when there is no secret to make them of. */
  readonly keys: Keys | null
  /** A sentence; null: the secret is right. */
  readonly secretProblem: string | null
  readonly clock: OtherClock | null
}

/** Opens it as any command does, so that its schema is brought up to date. */
export async function examineDatabase(config: Config, now: () => number): Promise<ExaminedDatabase> {
  const { keys, problem } = readKeys(config)
  const db = await openDbOr(config)
  if (typeof db === 'string')
    return { state: { kind: 'refused', message: db }, keys, secretProblem: problem, clock: null }
  try {
    const aheadMs = await readDatabaseClock(db, now)
    return {
      state: await readDatabaseFacts(db),
      keys,
      secretProblem: keys === null ? problem : await holdProblem(db, { keys, config }),
      clock: aheadMs === null ? null : { whose: 'Postgres', aheadMs },
    }
  } finally {
    await db.close()
  }
}

function readKeys(config: Config): { readonly keys: Keys | null; readonly problem: string | null } {
  try {
    return { keys: makeKeys(readSecrets(config)), problem: null }
  } catch (error) {
    if (error instanceof InputError) return { keys: null, problem: error.message }
    throw error
  }
}

/** The database, or why it can't be used. */
async function openDbOr(config: Config): Promise<Db | string> {
  try {
    return await openDb(config)
  } catch (error) {
    return error instanceof InputError ? error.message : `the database can't be used (${messageOf(error)})`
  }
}

async function holdProblem(
  db: Db,
  { keys, config }: { readonly keys: Keys; readonly config: Config },
): Promise<string | null> {
  try {
    await holdToFirstKey(db, keys, config)
    return null
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
}

export async function examineRedis(
  config: Config,
  { engine, now }: { readonly engine: Announcement | null; readonly now: () => number },
): Promise<{ readonly state: RedisState; readonly clock: OtherClock | null }> {
  // An engine that is just starting has said no address yet.
  const address = config.redisUrl ?? (engine?.redis || null)
  if (address === null) {
    const program = await findRedisProgram()
    return { state: program === null ? { kind: 'none' } : { kind: 'program', program }, clock: null }
  }
  try {
    const facts = await readRedisFacts(address, now)
    const { version, valkeyVersion, time } = facts
    const server = valkeyVersion === null ? `Redis ${version ?? ''}`.trim() : `Valkey ${valkeyVersion}`
    return {
      state: { kind: 'answered', server, isPrivate: config.redisUrl === null, ...judgeRedis(facts) },
      clock: time === null ? null : { whose: 'Redis', aheadMs: time.asked - time.theirs },
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { state: { kind: 'unreachable', message: error.message }, clock: null }
  }
}
