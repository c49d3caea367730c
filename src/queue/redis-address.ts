/** Where Redis is: a URL (`redis://`, `rediss://`) or a Unix socket (`unix:/path`). */

import { Redis, type RedisOptions } from 'ioredis'

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
