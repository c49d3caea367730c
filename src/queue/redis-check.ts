/** What a Redis says of itself, and whether it can be trusted with the bell. */

import { InputError, messageOf } from '../errors.js'
import type { Log } from '../log.js'
import { connect } from './redis-address.js'

const CHECK_TIMEOUT_MS = 5_000
/** What BullMQ recommends; below it its scripts take other ways. */
const MINIMUM_VERSION = [6, 2] as const

/** Null: it does not tell. */
export interface RedisFacts {
  readonly version: string | null
  /** Of Valkey its own version; `version` is the Redis it stands in for. */
  readonly valkeyVersion: string | null
  readonly policy: string | null
  /** Bytes; 0: no limit. */
  readonly maxMemory: number | null
  /** Its clock, ms since 1970, and when ours was read: the middle of the question. */
  readonly time: { readonly theirs: number; readonly asked: number } | null
}

/** What keeps it from being used, what should be mended before it may do harm; null: nothing. */
export interface RedisVerdict {
  readonly refusal: string | null
  readonly warning: string | null
}

/**
 * Asks once. Throws InputError, without the password, when nobody answers, when the server is too old, or when it may
 * drop keys to make room; warns of what may become so.
 */
export async function checkRedis(address: string, log: Log): Promise<void> {
  const facts = await readRedisFacts(address, Date.now)
  const { refusal, warning } = judgeRedis(facts)
  if (refusal !== null) throw new InputError(`REDIS_URL: ${refusal}`)
  if (warning !== null) log.warn({ policy: facts.policy }, warning)
}

/** Throws InputError, without the password, when nobody answers. */
export async function readRedisFacts(address: string, now: () => number): Promise<RedisFacts> {
  const redis = connect(address, {
    lazyConnect: true,
    connectTimeout: CHECK_TIMEOUT_MS,
    socketTimeout: CHECK_TIMEOUT_MS,
    retryStrategy: () => null,
  })
  let cause = ''
  redis.on('error', (error) => {
    cause ||= messageOf(error)
  })
  try {
    await redis.connect()
    await redis.ping()
    // Some do not tell; that is no reason not to use them.
    const info = (await Promise.all([redis.info('server'), redis.info('memory')]).catch(() => [])).join('\n')
    const before = now()
    const time = await redis.time().catch(() => null)
    return { ...readInfo(info), time: readTime(time, (before + now()) / 2) }
  } catch (error) {
    throw new InputError(`REDIS_URL: cannot reach Redis: ${cause || messageOf(error)}`, { cause: error })
  } finally {
    redis.disconnect()
  }
}

/** `info` as INFO answers: `name:value` lines. */
function readInfo(info: string): Omit<RedisFacts, 'time'> {
  const maxMemory = fieldOf(info, 'maxmemory')
  return {
    version: fieldOf(info, 'redis_version'),
    valkeyVersion: fieldOf(info, 'valkey_version'),
    policy: fieldOf(info, 'maxmemory_policy'),
    maxMemory: maxMemory === null ? null : Number(maxMemory),
  }
}

/** TIME answers seconds and microseconds. */
function readTime(answer: unknown, asked: number): RedisFacts['time'] {
  const [seconds, microseconds] = Array.isArray(answer) ? answer.map(Number) : []
  if (seconds === undefined || microseconds === undefined || !Number.isFinite(seconds + microseconds))
    return null
  return { theirs: seconds * 1_000 + microseconds / 1_000, asked }
}

export function judgeRedis({ version, policy, maxMemory }: RedisFacts): RedisVerdict {
  const fine = { refusal: null, warning: null }
  if (version !== null && isOlder(version, MINIMUM_VERSION))
    return {
      ...fine,
      refusal: `Redis ${version} is too old; ${MINIMUM_VERSION.join('.')} or newer is needed, or Valkey`,
    }
  if (policy === null || policy === 'noeviction') return fine
  if ((maxMemory ?? 0) > 0)
    return {
      ...fine,
      refusal: `Redis drops keys when its memory is full (maxmemory-policy ${policy}); set maxmemory-policy noeviction`,
    }
  return {
    ...fine,
    warning: 'Redis would drop keys if it had a maxmemory; set maxmemory-policy noeviction',
  }
}

function fieldOf(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1] ?? null
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ofServer = 0, minorOfServer = 0] = version.split('.').map(Number)
  return ofServer < major || (ofServer === major && minorOfServer < minor)
}
