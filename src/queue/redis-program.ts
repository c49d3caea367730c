/** The server program that a private Redis would be made with. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { PROGRAMS } from './private-redis.js'

const run = promisify(execFile)
const TIMEOUT_MS = 5_000

/** `redis-server 8.0.2`; null when none is installed. */
export async function findRedisProgram(): Promise<string | null> {
  for (const program of PROGRAMS) {
    const answer = await run(program, ['--version'], { timeout: TIMEOUT_MS }).catch(() => null)
    if (answer === null) continue
    const version = /\bv=([\d.]+)/.exec(answer.stdout)?.[1]
    return version === undefined ? program : `${program} ${version}`
  }
  return null
}
