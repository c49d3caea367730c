/** The bell over a real Redis: what a ring does, what a ring again does, a Redis that refuses, an end without Redis. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLog } from '../../../src/log.js'
import { type PrivateRedis, startPrivateRedis } from '../../../src/queue/private-redis.js'
import { openQueue } from '../../../src/queue/queue.js'
import { connect } from '../../../src/queue/redis-address.js'

const log = openLog('silent')
let folder: string
let redis: PrivateRedis

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'queue-'))
  redis = await startPrivateRedis(folder, log)
})

afterEach(async () => {
  await redis.close()
  rmSync(folder, { recursive: true, force: true })
})

test('each Batch rung is delivered; ringing the same one again while it waits is one job', async () => {
  const queue = openQueue({ address: redis.address, prefix: 'pressrun:test', log })
  const delivered: number[] = []
  await queue.ring([1, 2, 2, 3].map((id) => ({ id, fence: 0 })))
  await queue.ring([{ id: 3, fence: 0 }])

  queue.work(async (id) => void delivered.push(id), 2)
  await vi.waitFor(() => expect(delivered).toHaveLength(3))
  await queue.ring([{ id: 3, fence: 1 }])
  await vi.waitFor(() => expect(delivered).toHaveLength(4))

  expect([...delivered].sort()).toEqual([1, 2, 3, 3])
  expect(await queue.isHeard()).toBe(true)
  await queue.close()
})

test('two publications on one Redis do not ring each other’s bells', async () => {
  const open = (name: string) => openQueue({ address: redis.address, prefix: `pressrun:${name}`, log })
  const [mine, theirs] = [open('mine'), open('theirs')]
  const delivered: string[] = []
  mine.work(async (id) => void delivered.push(`mine ${id}`), 1)
  theirs.work(async (id) => void delivered.push(`theirs ${id}`), 1)

  await mine.ring([{ id: 1, fence: 0 }])
  await theirs.ring([{ id: 1, fence: 0 }])
  await vi.waitFor(() => expect(delivered).toHaveLength(2))

  expect([...delivered].sort()).toEqual(['mine 1', 'theirs 1'])
  await mine.close()
  await theirs.close()
})

test('a delivery that throws is not run again by the queue', async () => {
  const queue = openQueue({ address: redis.address, prefix: 'pressrun:test', log })
  const runs: number[] = []
  queue.work(async (id) => {
    runs.push(id)
    throw new Error('a delivery that fails')
  }, 1)

  await queue.ring([{ id: 1, fence: 0 }])
  await queue.ring([{ id: 2, fence: 0 }])
  await vi.waitFor(() => expect(runs).toContain(2))

  expect(runs).toEqual([1, 2])
  await queue.close()
})

test('with Redis gone the delivery under way is finished, and the queue ends all the same', async () => {
  const queue = openQueue({ address: redis.address, prefix: 'pressrun:test', log })
  const { promise: started, resolve: start } = deferred()
  const { promise: mayEnd, resolve: end } = deferred()
  const done: string[] = []
  queue.work(async () => {
    start()
    await mayEnd
    done.push('delivery')
  }, 1)
  await queue.ring([{ id: 1, fence: 0 }])
  await started
  await redis.close()

  const stopped = queue.stopWork().then(() => done.push('stopped'))
  end()
  await stopped
  await queue.close()

  expect(done).toEqual(['delivery', 'stopped'])
})

test('while Redis refuses writes the worker rests instead of spinning, and goes on when it is well', async () => {
  const lines: string[] = []
  const queue = openQueue({
    address: redis.address,
    prefix: 'pressrun:test',
    log: pino({ level: 'warn' }, { write: (line) => lines.push(line) }),
  })
  const { promise: mayEnd, resolve: end } = deferred()
  const delivered: number[] = []
  queue.work(async (id) => {
    delivered.push(id)
    await mayEnd
  }, 2)
  await queue.ring([1, 2, 3].map((id) => ({ id, fence: 0 })))
  await vi.waitFor(() => expect(delivered).toEqual([1, 2]))
  const admin = connect(redis.address, {})

  await admin.config('SET', 'min-replicas-to-write', '1')
  end()
  await vi.waitFor(() => expect(lines.join('')).toContain('NOREPLICAS'), { timeout: 20_000 })
  await admin.config('RESETSTAT')
  const cpu = process.cpuUsage()
  const measuredMs = 3_000
  await wait(measuredMs)
  const { user, system } = process.cpuUsage(cpu)

  // Unhindered it is thousands a second, at half a core.
  expect(commandsIn(await admin.info('commandstats'))).toBeLessThan(100)
  expect((user + system) / 1_000 / measuredMs).toBeLessThan(0.2)
  expect(lines.length).toBeLessThan(5)
  await expect(queue.ring([{ id: 4, fence: 0 }])).rejects.toThrow('NOREPLICAS')
  expect(await queue.ailment()).toBe('refuses writes (NOREPLICAS)')

  await admin.config('SET', 'min-replicas-to-write', '0')
  await queue.ring([{ id: 4, fence: 0 }])
  await vi.waitFor(() => expect(delivered).toEqual([1, 2, 3, 4]), { timeout: 20_000 })
  expect(await queue.ailment()).toBeNull()
  admin.disconnect()
  await queue.close()
})

test('a ring fails at once when Redis is known to be away, and none is kept', async () => {
  const queue = openQueue({ address: redis.address, prefix: 'pressrun:test', log })
  await queue.ring([{ id: 1, fence: 0 }])
  await redis.close()
  await vi.waitFor(async () => expect(await queue.ailment()).toBe('does not answer'))

  const rings = Array.from({ length: 1_000 }, (_, id) => queue.ring([{ id, fence: 0 }]))

  await expect(Promise.race(rings)).rejects.toThrow('Redis is away')
  await queue.close()
})

test('a ring that a silent Redis does not answer is given up, and no more than a few are kept waiting', async () => {
  const queue = openQueue({ address: redis.address, prefix: 'pressrun:test', log })
  await queue.ring([{ id: 1, fence: 0 }])
  const admin = connect(redis.address, {})
  const pid = Number(/process_id:(\d+)/.exec(await admin.info('server'))?.[1])

  process.kill(pid, 'SIGSTOP')
  const rings = await Promise.allSettled(
    Array.from({ length: 20 }, (_, id) => queue.ring([{ id, fence: 1 }])),
  ).finally(() => process.kill(pid, 'SIGCONT'))

  const reasons = rings.map((ring) => (ring.status === 'rejected' ? String(ring.reason) : 'rung'))
  expect(reasons.filter((reason) => reason.includes('has not answered the last rings'))).toHaveLength(16)
  expect(reasons).not.toContain('rung')
  await vi.waitFor(() => queue.ring([{ id: 1, fence: 2 }]), { timeout: 20_000, interval: 200 })
  admin.disconnect()
  await queue.close()
})

test('a queue that is held finishes what is under way and takes nothing more until it goes on', async () => {
  const queue = openQueue({ address: redis.address, prefix: 'pressrun:test', log })
  const { promise: mayEnd, resolve: end } = deferred()
  const delivered: number[] = []
  queue.work(async (id) => {
    delivered.push(id)
    await mayEnd
  }, 1)
  await queue.ring([1, 2, 3].map((id) => ({ id, fence: 0 })))
  await vi.waitFor(() => expect(delivered).toEqual([1]))
  const admin = connect(redis.address, {})

  queue.hold()
  end()
  // A worker that is not held takes the next job in the same step.
  await vi.waitFor(async () => expect(await admin.llen('pressrun:test:batches:active')).toBe(0))
  expect(delivered).toEqual([1])
  queue.goOn()
  await vi.waitFor(() => expect(delivered).toEqual([1, 2, 3]))

  admin.disconnect()
  await queue.close()
})

/** Scripts and waits for work, run or refused, in what INFO commandstats answers. */
function commandsIn(info: string): number {
  const lines = info.split('\r\n').filter((line) => /^cmdstat_(?:evalsha|eval|bzpopmin):/.test(line))
  const counts = lines.flatMap((line) => [...line.matchAll(/\b(?:rejected_)?calls=(\d+)/g)])
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
