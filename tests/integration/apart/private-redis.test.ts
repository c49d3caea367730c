/** The private Redis: on a socket or a port, a killed engine's leftover, what it holds after a restart. */

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLog } from '../../../src/log.js'
import { startPrivateRedis } from '../../../src/queue/private-redis.js'
import { connect } from '../../../src/queue/redis-address.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'redis-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function ask<T>(
  address: string,
  question: (redis: ReturnType<typeof connect>) => Promise<T>,
): Promise<T> {
  const redis = connect(address, { maxRetriesPerRequest: 1 })
  // What goes wrong is told by the question's own rejection.
  redis.on('error', () => {})
  try {
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

const pidOf = (address: string) =>
  ask(address, async (redis) => Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]))

test('it listens on a Unix socket only, evicts nothing and keeps what it was given', async () => {
  const first = await startPrivateRedis(folder, openLog('silent'))
  expect(first.address).toBe(`unix:${path.join(folder, 'redis', 'redis.sock')}`)
  await ask(first.address, async (redis) => {
    expect(await redis.config('GET', 'maxmemory-policy')).toContain('noeviction')
    expect(await redis.config('GET', 'port')).toContain('0')
    await redis.set('bell', 'rung')
  })
  await first.close()

  const second = await startPrivateRedis(folder, openLog('silent'))
  expect(await ask(second.address, (redis) => redis.get('bell'))).toBe('rung')
  await second.close()
  expect(existsSync(path.join(folder, 'redis', 'redis.sock'))).toBe(false)
})

test('where the socket path is too long it takes a port of 127.0.0.1 and asks for a password', async () => {
  const deep = path.join(folder, 'a'.repeat(60), 'b'.repeat(60))
  const redis = await startPrivateRedis(deep, openLog('silent'))
  const url = new URL(redis.address)

  expect(url.hostname).toBe('127.0.0.1')
  expect(url.password).toHaveLength(48)
  await expect(ask(`redis://127.0.0.1:${url.port}`, (stranger) => stranger.ping())).rejects.toThrow(/NOAUTH/)
  expect(await ask(redis.address, (owner) => owner.ping())).toBe('PONG')
  await redis.close()
})

test('the leftover of a killed engine is ended and its data read again', async () => {
  const engine = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startPrivateRedis } = await import(${JSON.stringify(path.resolve('dist/src/queue/private-redis.js'))})
       await startPrivateRedis(${JSON.stringify(folder)}, console); console.log('up'); setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise((resolve) => engine.stdout.once('data', resolve))
  const address = readFileSync(path.join(folder, 'redis', 'address'), 'utf8')
  const leftover = await pidOf(address)
  await ask(address, (redis) => redis.set('bell', 'rung'))
  engine.kill('SIGKILL')

  const next = await startPrivateRedis(folder, openLog('silent'))

  expect(await pidOf(next.address)).not.toBe(leftover)
  expect(() => process.kill(leftover, 0)).toThrow()
  expect(await ask(next.address, (redis) => redis.get('bell'))).toBe('rung')
  await next.close()
})

test('a server that is killed is started again at the same address, with what it held', async () => {
  const redis = await startPrivateRedis(folder, openLog('silent'))
  const first = await pidOf(redis.address)
  await ask(redis.address, async (client) => {
    await client.set('bell', 'rung')
    // Written behind every second; a bell that is lost is rung again, this one is to be found.
    await client.call('WAITAOF', 1, 0, 2_000)
  })
  process.kill(first, 'SIGKILL')

  await vi.waitFor(async () => expect(await pidOf(redis.address)).not.toBe(first), {
    timeout: 20_000,
    interval: 100,
  })

  expect(await ask(redis.address, (client) => client.get('bell'))).toBe('rung')
  await redis.close()
})

test('a damaged append-only file is set aside: Redis holds no truth', async () => {
  const first = await startPrivateRedis(folder, openLog('silent'))
  await ask(first.address, (redis) => redis.set('bell', 'rung'))
  await first.close()
  const aof = path.join(folder, 'redis', 'appendonlydir')
  for (const name of readdirSync(aof))
    if (name.endsWith('.incr.aof')) writeFileSync(path.join(aof, name), 'no commands')

  const second = await startPrivateRedis(folder, openLog('silent'))

  expect(await ask(second.address, (redis) => redis.get('bell'))).toBeNull()
  await second.close()
})

test('a folder that was copied leaves the original’s server alone', async () => {
  const original = await startPrivateRedis(path.join(folder, 'original'), openLog('silent'))
  const pid = await pidOf(original.address)
  cpSync(path.join(folder, 'original'), path.join(folder, 'copy'), {
    recursive: true,
    filter: (file) => !file.endsWith('.sock'),
  })

  const copy = await startPrivateRedis(path.join(folder, 'copy'), openLog('silent'))

  expect(await pidOf(original.address)).toBe(pid)
  expect(await pidOf(copy.address)).not.toBe(pid)
  await copy.close()
  await original.close()
})
