/** V19: a disk that is nearly or quite full. Where nobody may mount one, store-gate's own tests are what is left. */

import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { people } from '../rig/people.js'
import { openScene, type Scene } from '../rig/scene.js'
import { mayMount, mountSmallDisk, type SmallDisk } from '../rig/small-disk.js'

const AUDIENCE = 1_000
const CONNECTIONS = 8
const SIZE_BYTES = 32_000_000

const canMount = mayMount()
const onPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
let scene: Scene
let disk: SmallDisk

afterEach(async () => {
  disk?.empty()
  await scene?.close()
})

/** A Send under way whose `.data` lies on a small disk, a tenth of it kept. */
async function underWay(minFreeDisk: string): Promise<number> {
  scene = await openScene({
    smtp: { delayMs: 30 },
    connections: CONNECTIONS,
    env: { MIN_FREE_DISK: minFreeDisk },
    prepare(root) {
      disk = mountSmallDisk(path.join(root, '.data'), SIZE_BYTES)
      return disk.unmount
    },
  })
  const sendId = await scene.startSend({ people: people(AUDIENCE) })
  return sendId
}

test.runIf(canMount)(
  'V19: below MIN_FREE_DISK nothing more is ended, the log says why, and it goes on when there is room',
  async () => {
    const sendId = await underWay('4MB')
    const engine = await scene.engine()
    await scene.untilKept(AUDIENCE / 10)

    disk.fill()
    // The disk is looked at once a second.
    await wait(2_500)
    const before = scene.smtp.ledger().length
    await wait(2_000)
    const meanwhile = scene.smtp.ledger().length - before
    const log = engine.stderr()
    disk.empty()
    await scene.until(sendId, 'finished', 90_000)

    expect(before).toBeLessThan(AUDIENCE)
    expect(meanwhile).toBe(0)
    expect(log).toMatch(/the disk with \.data has .* left, less than MIN_FREE_DISK/)
    expect(await scene.states(sendId)).toEqual({ sent: AUDIENCE })
    expect(await scene.violations({ sendId, audience: AUDIENCE, maxUncertain: 0 })).toEqual([])
  },
)

test.runIf(canMount && !onPostgres)(
  'V19: a database that can’t be written any more ends nothing that is not on record, and recovers',
  async () => {
    const sendId = await underWay('1KB')
    await scene.engine()
    await scene.untilKept(AUDIENCE / 10)

    disk.fill()
    await wait(8_000)
    disk.empty()
    await scene.until(sendId, 'finished', 90_000)

    expect(await scene.violations({ sendId, audience: AUDIENCE, maxUncertain: 0 })).toEqual([])
  },
)

test.runIf(canMount && !onPostgres)(
  'V19: kill -9 while the disk is full: no more is uncertain than was in flight',
  async () => {
    const sendId = await underWay('1KB')
    const engine = await scene.engine()
    await scene.untilKept(AUDIENCE / 10)

    disk.fill()
    await wait(4_000)
    await engine.end('SIGKILL')
    disk.empty()
    await scene.engine()
    await scene.until(sendId, 'finished', 90_000)

    expect(await scene.violations({ sendId, audience: AUDIENCE, maxUncertain: CONNECTIONS })).toEqual([])
  },
)
