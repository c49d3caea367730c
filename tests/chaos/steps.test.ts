/**
 * V60: the engine dies at every durable step of a Send to five, in turn, and another goes on. A first run without a
 * fault tells which failpoints there are and how often each is passed; then each passage is tried on a root of its own.
 * PRESSRUN_STEPS says how many of them, chosen by PRESSRUN_SEED; `npm run nemesis -- --steps` tries all.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../rig/random.js'
import { type RedisServer, startRedis } from '../rig/redis.js'
import { openScene, type Scene } from '../rig/scene.js'

/** One plain, one greylisted, one that bounces, one whose reply is cut, one slow. */
const PEOPLE = ['alice', 'dora', 'bob', 'cut-reply-1', 'slow-1']
/** Whoever is in flight when the engine dies, and the cut reply. */
const MAX_UNCERTAIN = PEOPLE.length + 1
const AT_ONCE = 4

const steps = Number(process.env.PRESSRUN_STEPS ?? 10)
const seed = Number(process.env.PRESSRUN_SEED ?? Math.floor(Date.now() / 86_400_000))

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

/** A root whose queue is the database `lane` of the Redis that all lanes share. */
async function openFive(lane: number): Promise<Scene> {
  await redis.flush(lane)
  return openScene({
    smtp: { slowMs: 300 },
    connections: 3,
    env: { RETRY_SCHEDULE: '100ms,200ms', LEASE: '1s', REDIS_URL: `${redis.url}/${lane}` },
  })
}

async function startFive(scene: Scene, policy: 'hold' | 'resend'): Promise<number> {
  return scene.startSend({ people: PEOPLE, policy, frozen: false })
}

/** `NAME:N` for each failpoint and passage that a run without a fault comes by. */
async function learnPassages(policy: 'hold' | 'resend'): Promise<readonly string[]> {
  const scene = await openFive(0)
  try {
    const file = path.join(scene.root, 'passages')
    const sendId = await startFive(scene, policy)
    await scene.engine({ PRESSRUN_FAILPOINT_LOG: file })
    await scene.until(sendId, 'finished')
    const counts = new Map<string, number>()
    for (const name of readFileSync(file, 'utf8').trim().split('\n'))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    return [...counts].flatMap(([name, count]) =>
      Array.from({ length: count }, (_, index) => `${name}:${index + 1}`),
    )
  } finally {
    await scene.close()
  }
}

/** What is wrong after a death at the passage; null when the run did not come by it. */
async function dieAndGoOn(
  passage: string,
  { policy, lane }: { readonly policy: 'hold' | 'resend'; readonly lane: number },
): Promise<readonly string[] | null> {
  const scene = await openFive(lane)
  try {
    const sendId = await startFive(scene, policy)
    const engine = await scene.engine({ PRESSRUN_FAILPOINT: passage }).catch(() => null)
    const finished = scene.until(sendId, 'finished').then(() => 'finished')
    // It may have finished first, or have died before it said that it runs.
    const end = engine === null ? 'SIGKILL' : await Promise.race([engine.died, finished])
    finished.catch(() => {})
    if (end === 'SIGKILL') await scene.engine()
    await scene.until(sendId, 'finished')
    const found = await scene.violations({
      sendId,
      audience: PEOPLE.length,
      maxUncertain: MAX_UNCERTAIN,
    })
    return end === 'SIGKILL' || found.length > 0 ? found.map((sentence) => `${passage}: ${sentence}`) : null
  } finally {
    await scene.close()
  }
}

/** `count` of them, chosen by the seed; all when there are no more. */
function sample(passages: readonly string[], count: number): readonly string[] {
  const random = seededRandom(seed)
  const rest = [...passages]
  const chosen: string[] = []
  while (chosen.length < count && rest.length > 0)
    chosen.push(...rest.splice(random.between(0, rest.length - 1), 1))
  return chosen
}

test.each(['hold', 'resend'] as const)(
  `V60: the engine dies at a durable step of a Send to five, under %s; seed ${seed}`,
  { timeout: 3_600_000 },
  async (policy) => {
    const passages = await learnPassages(policy)
    const chosen = sample(passages, steps)

    const wrong: string[] = []
    let deaths = 0
    const rest = chosen[Symbol.iterator]()
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        for (const passage of rest) {
          const found = await dieAndGoOn(passage, { policy, lane })
          if (found !== null) deaths += 1
          wrong.push(...(found ?? []))
        }
      }),
    )

    expect(wrong).toEqual([])
    // How many commits there are depends on what comes together; most passages of one run are in another.
    expect(deaths).toBeGreaterThan(chosen.length / 2)
    process.stdout.write(
      `V60 ${process.env.PRESSRUN_TEST_DATABASE} ${policy}: ${deaths} deaths at ${chosen.length} of ${passages.length} passages, seed ${seed}\n`,
    )
  },
)
