/** The bell over a real Redis: what a ring does, what a ring again does, and an end without Redis. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLog } from '../../src/log.js'
import { type PrivateRedis, startPrivateRedis } from '../../src/queue/private-redis.js'
import { openQueue } from '../../src/queue/queue.js'

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
  const queue = openQueue({ address: redis.address, log })
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

test('a delivery that throws is not run again by the queue', async () => {
  const queue = openQueue({ address: redis.address, log })
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
  const queue = openQueue({ address: redis.address, log })
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

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
