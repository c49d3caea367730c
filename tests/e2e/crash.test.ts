/** The engine is killed, Redis is emptied, in the middle of 5,000: nobody twice, nobody lost, the rest uncertain. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connect } from '../../src/queue/redis-address.js'
import type { Status } from '../../src/report/status.js'
import { type ChaosSmtp, startChaosSmtp } from '../rig/chaos.js'
import { type CliRoot, openCliRoot, type RunningEngine, readersCsv, SAMPLE } from '../rig/cli.js'

const AUDIENCE = 5_000
const CONNECTIONS = 8

let smtp: ChaosSmtp
let place: CliRoot
let ledgerFile: string

beforeEach(async () => {
  const env = { PRESSRUN_SECRET: 'an end-to-end secret of 32 characters', PUBLIC_URL: 'https://127.0.0.1:9' }
  place = await openCliRoot(env, 'shared')
  ledgerFile = path.join(place.root, 'ledger.jsonl')
  smtp = await startChaosSmtp({ ledger: ledgerFile })
  Object.assign(place.env, { SMTP_URL: `${smtp.url}?maxConnections=${CONNECTIONS}` })
  place.write('readers.csv', readersCsv(AUDIENCE))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
})

afterEach(async () => {
  await place.close()
  await smtp.stop()
})

async function untilAccepted(count: number): Promise<void> {
  await vi.waitFor(() => expect(smtp.ledger().length).toBeGreaterThan(count), {
    timeout: 60_000,
    interval: 20,
  })
}

async function untilFinished(): Promise<Status> {
  return vi.waitFor(
    async () => {
      const status = (await place.json('status', '1')) as Status
      expect(status.state).toBe('finished')
      return status
    },
    { timeout: 100_000, interval: 500 },
  )
}

async function expectCleanLedger(status: Status, maxUncertain: number): Promise<void> {
  const { audience, sent, uncertain } = status
  expect(audience).toBe(AUDIENCE)
  expect(sent + uncertain).toBe(AUDIENCE)
  expect(uncertain).toBeLessThanOrEqual(maxUncertain)
  const addresses = smtp.ledger().map(({ to }) => to)
  expect(new Set(addresses).size).toBe(addresses.length)
  const verified = await place.run('verify', '1', '--ledger', ledgerFile)
  expect(verified.stdout).toMatch(/^Send 1 is clean: 5,000 accounted for/)
  expect(verified.code).toBe(0)
}

test('kill -9 of the engine in the middle, twice; pressrun start finishes the Send', {
  timeout: 240_000,
}, async () => {
  let engine = await place.start()
  expect((await place.run('send', SAMPLE, '--list', 'weekly')).stdout).toBe('1\n')
  for (const accepted of [1_000, 2_500]) {
    await untilAccepted(accepted)
    await engine.end('SIGKILL')
    engine = await place.start()
  }

  const status = await untilFinished()

  await expectCleanLedger(status, 2 * CONNECTIONS)
})

test('FLUSHALL in the middle changes nothing', { timeout: 240_000 }, async () => {
  await place.start()
  await place.run('send', SAMPLE, '--list', 'weekly')
  await untilAccepted(1_000)
  const notice = JSON.parse(readFileSync(path.join(place.root, '.data', 'engine.json'), 'utf8')) as {
    redis: string
  }
  const redis = connect(notice.redis, {})
  await redis.flushall()
  redis.disconnect()

  const status = await untilFinished()

  await expectCleanLedger(status, 0)
})

test('SIGTERM in the middle: what is in flight is finished, nothing is uncertain, start goes on', {
  timeout: 240_000,
}, async () => {
  const first: RunningEngine = await place.start()
  await place.run('send', SAMPLE, '--list', 'weekly')
  await untilAccepted(1_000)
  expect(await first.end('SIGTERM')).toBe(0)
  const stopped = (await place.json('status', '1')) as Status
  expect(stopped).toMatchObject({ state: 'sending', sending: 0, uncertain: 0, sent: smtp.ledger().length })
  await place.start()

  const status = await untilFinished()

  await expectCleanLedger(status, 0)
})
