/** kill -9 and SIGTERM of the engine, two engines on one root, one that stands still: who ends what, and who goes on. */

import { afterEach, expect, test } from 'vitest'
import type { RunningEngine } from '../rig/cli.js'
import { people } from '../rig/people.js'
import { openScene, type Scene, type SceneOptions } from '../rig/scene.js'

let scene: Scene

afterEach(() => scene.close())

async function open(options: SceneOptions = {}): Promise<Scene> {
  scene = await openScene(options)
  return scene
}

/** Starts an engine that dies at the failpoint; resolves when it is dead. */
async function dieAt(failpoint: string): Promise<void> {
  const engine = await scene.engine({ PRESSRUN_FAILPOINT: failpoint })
  expect(await engine.died).toBe('SIGKILL')
}

test('V02: kill -9 after the claim, before MAIL FROM: each has it once, nobody is uncertain', async () => {
  await open()
  const sendId = await scene.startSend({ people: people(50) })
  await dieAt('claim.after')
  expect(scene.smtp.ledger()).toEqual([])

  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.states(sendId)).toEqual({ sent: 50 })
  expect(await scene.violations({ sendId, audience: 50, maxUncertain: 0 })).toEqual([])
})

test('V03: kill -9 after the 250, before the commit: that one is uncertain and not sent again', async () => {
  await open({ connections: 1 })
  const sendId = await scene.startSend({ people: people(20) })
  await dieAt('reply:3')
  expect(scene.smtp.ledger()).toHaveLength(3)

  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.states(sendId)).toEqual({ sent: 19, uncertain: 1 })
  expect(await scene.violations({ sendId, audience: 20, maxUncertain: 1 })).toEqual([])
})

test('kill -9 anywhere, five times over: no more is uncertain than was in flight', async () => {
  await open({ smtp: { delayMs: 20 } })
  const sendId = await scene.startSend({ people: people(1_000) })

  for (const kept of [100, 250, 400, 600, 800]) {
    const engine = await scene.engine()
    await scene.untilKept(kept)
    await engine.end('SIGKILL')
  }
  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.violations({ sendId, audience: 1_000, maxUncertain: 5 * 8 })).toEqual([])
})

test('V15: a second engine on the same .data is refused in a sentence, and other commands go on', async () => {
  await open({ smtp: { delayMs: 50 } })
  const sendId = await scene.startSend({ people: people(100) })
  const first = await scene.engine()

  const second = await scene.run('start')

  expect(second).toMatchObject({ code: 2, stdout: '' })
  expect(second.stderr).toMatch(
    /^an engine already runs on .*\.data; end it first, or name another --root\n$/,
  )
  expect((await scene.run('status', String(sendId))).code).toBe(0)
  expect(await first.end('SIGTERM')).toBe(0)
})

test('V15: the lock of an engine that was killed is no hindrance', async () => {
  await open({ smtp: { delayMs: 50 } })
  const sendId = await scene.startSend({ people: people(100) })
  const first = await scene.engine()
  await scene.untilKept(20)
  await first.end('SIGKILL')

  await scene.engine()
  await scene.until(sendId, 'finished')

  expect(await scene.violations({ sendId, audience: 100, maxUncertain: 8 })).toEqual([])
})

test('V17: SIGTERM during 20 messages in flight: they finish, exit 0, nobody is uncertain', async () => {
  // A lane that has not shown to be quick leaves the last quarter free.
  await open({ smtp: { delayMs: 2_000 }, connections: 26 })
  const sendId = await scene.startSend({ people: people(60) })
  const engine = await scene.engine()
  // Kept, and the 250 is still to come.
  await scene.untilKept(20)

  const code = await engine.end('SIGTERM')

  expect(code).toBe(0)
  expect(await scene.states(sendId)).toEqual({ sent: 20, queued: 40 })
  expect(scene.smtp.ledger()).toHaveLength(20)
  await scene.engine()
  await scene.until(sendId, 'finished')
  expect(await scene.violations({ sendId, audience: 60, maxUncertain: 0 })).toEqual([])
})

test('an engine that stood still for longer than its lease goes on where the row lets it', async () => {
  await open({ smtp: { delayMs: 50 }, env: { LEASE: '1s' } })
  const sendId = await scene.startSend({ people: people(200) })
  const engine: RunningEngine = await scene.engine()
  await scene.untilKept(40)

  engine.process.kill('SIGSTOP')
  const inFlight = await standsStill(2_500)
  engine.process.kill('SIGCONT')
  await scene.until(sendId, 'finished')

  expect(inFlight).toBe(0)
  expect(await scene.violations({ sendId, audience: 200, maxUncertain: 8 })).toEqual([])
})

/** How many more the receiver keeps in this time, after a first moment for those that were on their way. */
async function standsStill(ms: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 500))
  const before = scene.smtp.ledger().length
  await new Promise((resolve) => setTimeout(resolve, ms))
  return scene.smtp.ledger().length - before
}
