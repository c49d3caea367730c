/** What takes its time: replies a minute and a half late, a database away for half a minute, a worker that stands still. */

import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { people } from '../rig/people.js'
import { type Cluster, startPostgres } from '../rig/postgres.js'
import { startRedis } from '../rig/redis.js'
import { openScene } from '../rig/scene.js'

const onPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'

test.skipIf(onPostgres)(
  'V06: a reply to the dot 90 seconds late is waited for, and is the one that counts',
  { timeout: 150_000, concurrent: true },
  async () => {
    const scene = await openScene({ smtp: { slowMs: 90_000 } })
    const sendId = await scene.startSend({ people: [...people(20), 'slow-1'] })
    await scene.engine()

    await scene.until(sendId, 'finished', 130_000)

    expect(await scene.states(sendId)).toEqual({ sent: 21 })
    expect(await scene.violations({ sendId, audience: 21, maxUncertain: 0 })).toEqual([])
    await scene.close()
  },
)

test.runIf(onPostgres)(
  'V16: a worker that stands still for longer than its lease and BullMQ’s lock, beside one that goes on',
  { timeout: 150_000, concurrent: true },
  async () => {
    const redis = await startRedis()
    const scene = await openScene({
      smtp: { delayMs: 500 },
      connections: 3,
      env: { REDIS_URL: redis.url },
    })
    const sendId = await scene.startSend({ people: people(400) })
    const still = await scene.engine()
    await scene.engine()
    await scene.untilKept(20)

    still.process.kill('SIGSTOP')
    await wait(35_000)
    still.process.kill('SIGCONT')
    await scene.until(sendId, 'finished', 110_000)

    expect(await scene.violations({ sendId, audience: 400, maxUncertain: 3 })).toEqual([])
    await scene.close()
    await redis.stop()
  },
)

test.runIf(onPostgres)(
  'V18: Postgres away for 30 seconds: nothing is ended meanwhile, what was in flight is recorded afterwards',
  { timeout: 150_000, concurrent: true },
  async () => {
    const cluster: Cluster = await startPostgres()
    const scene = await openScene({ smtp: { delayMs: 100 }, env: { DATABASE_URL: cluster.url } })
    const sendId = await scene.startSend({ people: people(600) })
    await scene.engine()
    await scene.untilKept(100)

    await cluster.kill()
    await wait(1_000)
    const kept = scene.smtp.ledger().length
    await wait(29_000)
    const keptMeanwhile = scene.smtp.ledger().length - kept
    await cluster.start()
    await scene.until(sendId, 'finished', 90_000)

    expect(keptMeanwhile).toBe(0)
    expect(await scene.states(sendId)).toEqual({ sent: 600 })
    expect(await scene.violations({ sendId, audience: 600, maxUncertain: 0 })).toEqual([])
    await scene.close()
    await cluster.stop()
  },
)
