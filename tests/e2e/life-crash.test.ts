/** Killed at a durable step of a Send's life, by the command or by the engine: whoever comes next goes on from there. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Status } from '../../src/report/status.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
  place.write('readers.csv', readersCsv(4))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
})

afterEach(() => place.close())

async function untilFinished(send: string): Promise<Status> {
  return vi.waitFor(
    async () => {
      const status = (await place.json('status', send)) as Status
      expect(status.state).toBe('finished')
      return status
    },
    { timeout: 90_000, interval: 300 },
  )
}

/** Each Message that the local inbox took, once an address. */
function expectEveryoneOnce(): void {
  const lines = readFileSync(path.join(place.root, '.data', 'inbox', 'ledger.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const accepted = lines.map((line): string => JSON.parse(line).to)
  expect(accepted.sort()).toEqual([0, 1, 2, 3].map((number) => `reader${number}@example.org`))
}

async function dyingAt(failpoint: string, ...args: string[]) {
  Object.assign(place.env, { PRESSRUN_FAILPOINT: failpoint })
  const ran = await place.run(...args)
  Object.assign(place.env, { PRESSRUN_FAILPOINT: '' })
  return ran
}

test.each([
  { failpoint: 'supersede.before', last: '1', label: null },
  { failpoint: 'supersede.after', last: '2', label: 'correction of Send 1' },
  { failpoint: 'sweep.after', last: '2', label: 'correction of Send 1' },
  { failpoint: 'flip.before', last: '2', label: 'correction of Send 1' },
])('supersede dies at $failpoint: Send $last reaches everyone, once', async ({ failpoint, last, label }) => {
  await place.run('send', SAMPLE, '--list', 'weekly')
  const file = `issues/${SAMPLE}.md`
  place.write(file, `${readFileSync(path.join(place.root, file), 'utf8')}\nA word that was missing.\n`)

  const died = await dyingAt(failpoint, 'supersede', '1')
  await place.start()
  const status = await untilFinished(last)

  expect(died.code).toBeNull()
  expect(status).toMatchObject({ sent: 4, label, alarm: null })
  expectEveryoneOnce()
  expect((await place.run('verify', '1')).code).toBe(0)
})

test.each(['begin.before', 'begin.after', 'freeze.after', 'flip.after'])(
  'an engine that dies at %s of a scheduled Send begins it once',
  async (failpoint) => {
    const soon = new Date(Date.now() + 12_000).toISOString().slice(0, 19)
    await place.run('send', SAMPLE, '--list', 'weekly', '--at', `${soon}Z`)

    const engine = await place.start({ PRESSRUN_FAILPOINT: failpoint })
    await vi.waitFor(() => expect(engine.process.signalCode).toBe('SIGKILL'), { timeout: 60_000 })
    await place.start()
    const status = await untilFinished('1')

    expect(status).toMatchObject({ sent: 4, alarm: null })
    expectEveryoneOnce()
    expect(await place.json('sends')).toHaveLength(1)
  },
)
