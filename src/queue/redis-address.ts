/** Where Redis is: a URL (`redis://`, `rediss://`) or a Unix socket (`unix:/path`). */

import { Redis, type RedisOptions } from 'ioredis'

/** Options that ioredis and BullMQ take. A `unix:` address has a path and nothing else. */
export function connect(address: string, options: RedisOptions): Redis {
  return address.startsWith('unix:')
    ? new Redis({ ...options, path: address.slice('unix:'.length).replace(/^\/\/(?=\/)/, '') })
    : new Redis(address, options)
}

/** The address without its password, for messages. */
export function describe(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//')
}
