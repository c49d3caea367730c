/** Starts `pressrun test` for the studio, which must not be able to send: a process of its own, told by arguments alone. */

import { execFile } from 'node:child_process'
import { testRelays } from '../app/test-send.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { MAX_TEST_ADDRESSES, readTestAddresses } from '../send/test-send/addresses.js'
import type { TestAnswer } from '../send/test-send/answer.js'
import { entryFile } from '../thread.js'
import type { StudioContext } from '../web/studio/context.js'

/** The command gives up before: it compiles for a few seconds, then waits for two minutes. */
const TIMEOUT_MS = 180_000
const MAX_OUTPUT_BYTES = 4_000_000
/** No import: it is started, not loaded. */
const COMMAND = '../cli'

export function openTestSend(config: Config): StudioContext['testSend'] {
  const allowed = config.smtpUrl === null ? null : config.testTo
  return {
    through: testRelays(config),
    allowed,
    maxAddresses: MAX_TEST_ADDRESSES,
    async run({ slug, to, values }) {
      const { root } = config
      // The command says the same, seconds later.
      readTestAddresses(to, allowed)
      const known = JSON.stringify(values)
      // What was typed must never be read as an option, nor a slug as a file elsewhere.
      const file = `issues/${slug}.md`
      const args = ['--root', root, 'test', `--to=${to}`, `--reader=${known}`, '--json', '--', file]
      return readAnswer(await start([entryFile(import.meta.url, COMMAND), ...args]))
    },
  }
}

interface Ended {
  /** Null: by a signal. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(args: readonly string[]): Promise<Ended> {
  const limits = { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true }
  return new Promise((resolve) => {
    execFile(process.execPath, args, limits, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ code, stdout, stderr })
    })
  })
}

function readAnswer({ code, stdout, stderr }: Ended): TestAnswer {
  // Written by cli-test.ts.
  if ((code === 0 || code === 1) && stdout !== '') return JSON.parse(stdout) as TestAnswer
  if (code === 2) throw new InputError(stderr.trim())
  if (code === null)
    throw new InputError('the test was ended before it was done; what it had handed over may have arrived')
  throw new Error(`pressrun test exited ${code}: ${stderr.trim()}`)
}
