/** Where Redis is: a URL (`redis://`, `rediss://`) or a Unix socket (`unix:/path`). */

import { Redis, type RedisOptions } from 'ioredis'
import { InputError, messageOf } from '../errors.js'

const CHECK_TIMEOUT_MS = 5_000

type ConnectOptions = Pick<
  RedisOptions,
  'connectTimeout' | 'enableOfflineQueue' | 'lazyConnect' | 'maxRetriesPerRequest' | 'retryStrategy'
>

/** A connection to the address. `unix:/path` and `unix:///path` are the same. */
export function connect(address: string, options: ConnectOptions): Redis {
  return address.startsWith('unix:')
    ? new Redis(address.slice('unix:'.length).replace(/^\/+/, '/'), options)
    : new Redis(address, options)
}

/** Asks once. Throws InputError, without the password, when nobody answers. */
export async function checkRedis(address: string): Promise<void> {
  const redis = connect(address, {
    lazyConnect: true,
    connectTimeout: CHECK_TIMEOUT_MS,
    retryStrategy: () => null,
  })
  let cause = ''
  redis.on('error', (error) => {
    cause ||= messageOf(error)
  })
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    throw new InputError(`REDIS_URL: cannot reach Redis: ${cause || messageOf(error)}`, { cause: error })
  } finally {
    redis.disconnect()
  }
}
