/** V59: a clock that is off from those of the servers is said loudly when the engine starts, and nothing stops for it. */

import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestRoot, type TestRoot } from '../rig/engine.js'

let root: TestRoot
let lines: Record<string, unknown>[]

beforeEach(async () => {
  root = await openTestRoot()
  lines = []
})

afterEach(() => root.close())

/** What an engine whose clock is ahead by so much says about clocks, one a server. */
async function warningsOf(
  aheadMs: number,
): Promise<readonly { readonly level: unknown; readonly msg: unknown }[]> {
  const log = pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line)) })
  await root.engine({ log, now: () => Date.now() + aheadMs })
  return lines.filter(({ msg }) => String(msg).includes('clock')).map(({ level, msg }) => ({ level, msg }))
}

const servers = process.env.PRESSRUN_TEST_DATABASE === 'postgres' ? ['Postgres', 'Redis'] : ['Redis']

test('V59 a clock that is six minutes ahead of a server is said as an error', async () => {
  const warnings = await warningsOf(6 * 60_000)

  expect(warnings).toEqual(
    servers.map((server) => ({
      level: 50,
      msg: `the clock of this machine is 6 minutes ahead of that of ${server}; set both by NTP`,
    })),
  )
})

test('V59 a clock that is two hours behind is said as an error', async () => {
  const warnings = await warningsOf(-2 * 3_600_000)

  expect(warnings.map(({ msg }) => msg)).toEqual(
    servers.map(
      (server) => `the clock of this machine is 120 minutes behind that of ${server}; set both by NTP`,
    ),
  )
})

test('a clock that is four minutes off is not worth a word', async () => {
  expect(await warningsOf(4 * 60_000)).toEqual([])
})
