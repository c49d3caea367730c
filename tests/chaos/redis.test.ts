/** Redis emptied, killed, slow, ringing twice or not at all: the bell may do what it wants, the accounts hold. */

import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { readPublicationKey } from '../../src/app/publication-key.js'
import { openLog } from '../../src/log.js'
import { openQueue } from '../../src/queue/queue.js'
import { people } from '../rig/people.js'
import { startProxy, type TcpProxy } from '../rig/proxy.js'
import { type RedisServer, startRedis } from '../rig/redis.js'
import { openScene, type Scene } from '../rig/scene.js'

const AUDIENCE = 600
/** Who is told to come again later makes further Batches, which are rung in their turn. */
const LATER = { defer: 0.3, seed: 5 }

let scene: Scene
let redis: RedisServer
let proxy: TcpProxy | null = null

afterEach(async () => {
  await scene.close()
  await proxy?.close()
  proxy = null
  await redis.stop()
})

/** A Send of 600 under way through a Redis of the test's own, a fifth of it kept. */
async function underWay({
  appendOnly = false,
  behindProxy = false,
}: {
  readonly appendOnly?: boolean
  readonly behindProxy?: boolean
} = {}): Promise<number> {
  redis = await startRedis({ appendOnly })
  if (behindProxy) proxy = await startProxy(redis.port)
  scene = await openScene({
    smtp: { delayMs: 50, ...LATER },
    env: { REDIS_URL: proxy?.through(redis.url) ?? redis.url },
  })
  const sendId = await scene.startSend({ people: people(AUDIENCE) })
  await scene.engine()
  await scene.untilKept(AUDIENCE / 5)
  return sendId
}

async function expectAllSent(sendId: number): Promise<void> {
  await scene.until(sendId, 'finished')
  expect(await scene.states(sendId)).toEqual({ sent: AUDIENCE })
  expect(await scene.violations({ sendId, audience: AUDIENCE, maxUncertain: 0 })).toEqual([])
}

test('V10: FLUSHALL in the middle, again and again', async () => {
  const sendId = await underWay()

  for (let times = 0; times < 5; times++) {
    await redis.command('FLUSHALL')
    await wait(200)
  }

  await expectAllSent(sendId)
})

test.each([
  ['with its append-only file', true],
  ['with nothing', false],
])('V11: Redis killed for three seconds and started again %s', async (_how, appendOnly) => {
  const sendId = await underWay({ appendOnly })

  await redis.kill()
  await wait(3_000)
  await redis.start()

  await expectAllSent(sendId)
})

test('Redis answers two seconds late', async () => {
  const sendId = await underWay({ behindProxy: true })

  proxy?.delay({ toClientMs: 2_000 })

  await expectAllSent(sendId)
})

test('connections to Redis cut, half-closed and refused', async () => {
  const sendId = await underWay({ behindProxy: true })

  for (let times = 0; times < 3; times++) {
    expect(proxy?.cut()).toBeGreaterThan(0)
    await wait(200)
    proxy?.halfClose()
    await wait(200)
  }
  await proxy?.refuse()
  proxy?.cut()
  await wait(1_000)
  await proxy?.accept()

  await expectAllSent(sendId)
})

test('every Batch rung many times over', async () => {
  const sendId = await underWay()
  const prefix = await readPublicationKey(scene.store.db.query)
  const queue = openQueue({ address: redis.url, prefix, log: openLog('silent') })
  const batches = await scene.store.db.query.selectFrom('batch').select('id').execute()

  for (let fence = 100; fence < 150; fence++) await queue.ring(batches.map(({ id }) => ({ id, fence })))

  await queue.close()
  await expectAllSent(sendId)
})

test('a job that is lost is rung again', async () => {
  redis = await startRedis()
  scene = await openScene({ smtp: LATER, env: { REDIS_URL: redis.url } })
  const sendId = await scene.startSend({ people: people(AUDIENCE) })
  // Nobody delivers yet: what is rung only waits.
  const ringing = await scene.engine({}, ['--only', 'schedule'])
  const key = await readPublicationKey(scene.store.db.query)
  const waiting = async () => Number(await redis.command('LLEN', `${key}:batches:wait`))
  while ((await waiting()) === 0) await wait(20)
  await ringing.end('SIGTERM')
  await redis.command('FLUSHALL')

  await scene.engine()

  await expectAllSent(sendId)
})
