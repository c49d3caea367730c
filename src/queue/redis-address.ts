/** Where Redis is: a URL (`redis://`, `rediss://`) or a Unix socket (`unix:/path`). */

import { Redis, type RedisOptions } from 'ioredis'

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
