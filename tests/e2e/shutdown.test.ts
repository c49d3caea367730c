/** Signals, as a person or a supervisor sends them to the engine while messages are on their way. */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Status } from '../../src/report/status.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'
import { type Act, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'

const IN_FLIGHT = 20
/** A lane that has had no reply yet leaves the last quarter to others. */
const CONNECTIONS = 26

let smtp: ScriptedSmtp
let place: CliRoot
let answerTheDot: () => Act | null

beforeEach(async () => {
  smtp = await startScriptedSmtp({ act: ({ phase }) => (phase === 'DOT' ? answerTheDot() : null) })
  place = await openCliRoot(
    {
      PRESSRUN_SECRET: 'an end-to-end secret of 32 characters',
      PUBLIC_URL: 'https://127.0.0.1:9',
      SMTP_URL: `${smtp.url}/?maxConnections=${CONNECTIONS}`,
      SHUTDOWN_TIMEOUT: '30s',
    },
    'shared',
  )
  place.write('readers.csv', readersCsv(100))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
})

afterEach(async () => {
  await place.close()
  await smtp.stop()
})

async function startSending() {
  const engine = await place.start()
  await place.run('send', SAMPLE, '--list', 'weekly')
  await vi.waitFor(() => expect(smtp.messages).toHaveLength(IN_FLIGHT), { timeout: 20_000, interval: 20 })
  return engine
}

const status = async () => (await place.json('status', '1')) as Status

test('V17 SIGTERM with twenty in flight: their replies are waited for, exit 0, nothing is uncertain', async () => {
  answerTheDot = () => ({ say: ['250 kept'], afterMs: 3_000 })
  const engine = await startSending()

  const code = await engine.end('SIGTERM')

  expect(code).toBe(0)
  expect(smtp.messages).toHaveLength(IN_FLIGHT)
  expect(await status()).toMatchObject({ sent: IN_FLIGHT, uncertain: 0, sending: 0, queued: 80 })
})

test('a second signal ends it at once, its Redis too; whom nobody answered for is uncertain then', async () => {
  answerTheDot = () => ({ say: [] })
  const engine = await startSending()
  const redisAddress = readFileSync(path.join(place.root, '.data', 'redis', 'address'), 'utf8')
  const closed = engine.end('SIGTERM')
  await vi.waitFor(() => expect(engine.stderr()).toContain('ending'), { timeout: 10_000 })

  engine.process.kill('SIGTERM')

  expect(await closed).toBe(1)
  expect(engine.stderr()).toContain(
    'ended at once: messages that were on their way from here are uncertain now\n',
  )
  const socket = redisAddress.slice('unix:'.length)
  await vi.waitFor(() => expect(existsSync(socket)).toBe(false), { timeout: 10_000 })
  answerTheDot = () => null
  await place.start()
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'finished' }), {
    timeout: 60_000,
    interval: 300,
  })
  expect(await status()).toMatchObject({ sent: 80, uncertain: IN_FLIGHT })
  await place.end()
  const [one] = (await place.run('deliveries', '1', '--state', 'uncertain')).stdout.split(/\s/)
  const left = await place.run('resolve', '1', '--leave', '--address', one ?? '')
  const resent = await place.run('resolve', '1', '--resend')
  expect(left).toMatchObject({ code: 0, stdout: '1 left as it is\n', stderr: '' })
  expect(resent).toMatchObject({ code: 0, stdout: '19 queued again, with the same Message-ID\n' })
  expect(resent.stderr).toBe('no engine runs here; pressrun start goes on with it\n')
})
