/** V59: what is said of a Redis that can't be trusted with the bell, before anything is sent. */

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError } from '../../../src/errors.js'
import { openLog } from '../../../src/log.js'
import { type PrivateRedis, startPrivateRedis } from '../../../src/queue/private-redis.js'
import { connect } from '../../../src/queue/redis-address.js'
import { checkRedis } from '../../../src/queue/redis-check.js'

const silent = openLog('silent')

describe('V59 a Redis that may drop keys', () => {
  let folder: string
  let redis: PrivateRedis
  let lines: string[]

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'redis-'))
    redis = await startPrivateRedis(folder, silent)
    lines = []
  })

  afterEach(async () => {
    await redis.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const admin = connect(redis.address, {})
    for (const [name, value] of Object.entries(settings)) await admin.config('SET', name, value)
    admin.disconnect()
  }

  const check = () =>
    checkRedis(redis.address, pino({ level: 'warn' }, { write: (line) => lines.push(line) }))

  test('is refused when it has a limit', async () => {
    await configure({ 'maxmemory-policy': 'allkeys-lru', maxmemory: '100mb' })

    await expect(check()).rejects.toThrow(
      'REDIS_URL: Redis drops keys when its memory is full (maxmemory-policy allkeys-lru); set maxmemory-policy noeviction',
    )
  })

  test('is warned of when it has none', async () => {
    await configure({ 'maxmemory-policy': 'allkeys-lru' })

    await check()

    expect(lines).toEqual([expect.stringContaining('set maxmemory-policy noeviction')])
  })

  test('is fine when it drops none, limit or not', async () => {
    await configure({ maxmemory: '100mb' })

    await check()

    expect(lines).toEqual([])
  })
})

test.each([
  ['6.0.20', false],
  ['6.2.0', true],
  ['10.0.1', true],
])('V59 Redis %s is taken: %s', async (version, isTaken) => {
  const server = await startServerOfVersion(version)

  const checked = await checkRedis(server.address, silent).catch((error: unknown) => error)

  if (isTaken) expect(checked).toBeUndefined()
  else {
    expect(checked).toBeInstanceOf(InputError)
    expect(String(checked)).toContain(`REDIS_URL: Redis ${version} is too old; 6.2 or newer is needed`)
  }
  await server.stop()
})

test('V59 a Redis from before HELLO is too old', async () => {
  const server = await startServerOfVersion(
    '5.0.14',
    '-ERR unknown command `hello`, with args beginning with: `3`',
  )

  await expect(checkRedis(server.address, silent)).rejects.toThrow(
    'REDIS_URL: Redis 5.0.14 is too old; 6.2 or newer',
  )
  await server.stop()
})

test('a server that takes the connection and says nothing is given up', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  await expect(checkRedis(`redis://127.0.0.1:${port}`, silent)).rejects.toThrow(
    /^REDIS_URL: cannot reach Redis: /,
  )
  server.close()
})

/** As much of a Redis as is asked for its version. */
async function startServerOfVersion(version: string, hello = '%1\r\n+server\r\n+redis') {
  const info = `# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\n`
  const answers: Readonly<Record<string, string>> = {
    info: `$${info.length}\r\n${info}\r\n`,
    ping: '+PONG\r\n',
    hello: `${hello}\r\n`,
  }
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const [, name = ''] of String(chunk).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g))
        socket.write(answers[name.toLowerCase()] ?? '+OK\r\n')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: `redis://127.0.0.1:${port}`,
    async stop() {
      server.close()
      await once(server, 'close')
    },
  }
}
