/** Where Redis is: a URL (`redis://`, `rediss://`) or a Unix socket (`unix:/path`). */

import { Redis, type RedisOptions } from 'ioredis'
import { InputError, messageOf } from '../errors.js'
import type { Log } from '../log.js'

const CHECK_TIMEOUT_MS = 5_000
/** What BullMQ recommends; below it its scripts take other ways. */
const MINIMUM_VERSION = [6, 2] as const

type ConnectOptions = Pick<
  RedisOptions,
  | 'connectTimeout'
  | 'enableOfflineQueue'
  | 'lazyConnect'
  | 'maxRetriesPerRequest'
  | 'retryStrategy'
  | 'socketTimeout'
>

/** A connection to the address. `unix:/path` and `unix:///path` are the same. */
export function connect(address: string, options: ConnectOptions): Redis {
  const whole = { ...options, reconnectOnError: isReadOnly }
  return address.startsWith('unix:')
    ? new Redis(address.slice('unix:'.length).replace(/^\/+/, '/'), whole)
    : new Redis(address, whole)
}

/** After a failover the old master is a replica; the name leads to the new one. */
function isReadOnly(error: Error): boolean {
  return error.message.startsWith('READONLY')
}

/**
 * Asks once. Throws InputError, without the password, when nobody answers, when the server is too old, or when it may
 * drop keys to make room; warns of what may become so.
 */
export async function checkRedis(address: string, log: Log): Promise<void> {
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
    const info = await Promise.all([redis.info('server'), redis.info('memory')]).catch(() => [])
    judgeServer(info.join('\n'), log)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`REDIS_URL: cannot reach Redis: ${cause || messageOf(error)}`, { cause: error })
  } finally {
    redis.disconnect()
  }
}

/** `info` as INFO answers: `name:value` lines. */
function judgeServer(info: string, log: Log): void {
  const version = fieldOf(info, 'redis_version')
  if (version !== null && isOlder(version, MINIMUM_VERSION))
    throw new InputError(
      `REDIS_URL: Redis ${version} is too old; ${MINIMUM_VERSION.join('.')} or newer is needed, or Valkey`,
    )
  const policy = fieldOf(info, 'maxmemory_policy') ?? 'noeviction'
  if (policy === 'noeviction') return
  if (Number(fieldOf(info, 'maxmemory') ?? 0) > 0)
    throw new InputError(
      `REDIS_URL: Redis drops keys when its memory is full (maxmemory-policy ${policy}); set maxmemory-policy noeviction`,
    )
  log.warn({ policy }, 'Redis would drop keys if it had a maxmemory; set maxmemory-policy noeviction')
}

function fieldOf(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1] ?? null
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ofServer = 0, minorOfServer = 0] = version.split('.').map(Number)
  return ofServer < major || (ofServer === major && minorOfServer < minor)
}
