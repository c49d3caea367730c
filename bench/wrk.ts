/** wrk, the load generator in C: asks paths of a file in random order, over as many connections, for so long. */

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { collect, end, launch, runProgram } from './process.js'

export interface WrkRun {
  readonly requests: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface WrkOptions {
  readonly url: string
  /** A path a line. */
  readonly paths: string
  readonly connections: number
  readonly seconds: number
  /** Of the order of the paths. */
  readonly seed: number
}

const SCRIPT = fileURLToPath(new URL('../../bench/clicks.lua', import.meta.url))
/** Longer than any answer waits. */
const TIMEOUT = '10s'

/** Says what is missing rather than half way through. */
export function findWrk(): string {
  const found = (process.env.PATH ?? '').split(':').find((folder) => existsSync(`${folder}/wrk`))
  if (found === undefined)
    throw new Error('wrk is not on the PATH; install it (Debian, Ubuntu: sudo apt-get install wrk)')
  return `${found}/wrk`
}

/** Throws when any answer was an error, or did not come. */
export async function runWrk({ url, paths, connections, seconds, seed }: WrkOptions): Promise<WrkRun> {
  const load = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', TIMEOUT]
  const said = await runProgram(findWrk(), [...load, '-s', SCRIPT, url, '--', paths, String(seed)], {
    cwd: process.cwd(),
  })
  return readSummary(said)
}

/** Goes on until it is told to stop, a day at most. */
export function startWrk({ url, paths, connections, seed }: Omit<WrkOptions, 'seconds'>): {
  readonly stop: () => Promise<WrkRun>
} {
  const load = ['-t1', `-c${connections}`, '-d24h', '--timeout', TIMEOUT]
  const args = [...load, '-s', SCRIPT, url, '--', paths, String(seed)]
  const child = launch(findWrk(), args, { cwd: process.cwd() })
  const said = collect(child.stdout)
  const closed = once(child, 'close')
  return {
    async stop() {
      // It prints what it has seen, and ends.
      await end(child, 'SIGINT')
      await closed
      return readSummary(said())
    },
  }
}

function readSummary(said: string): WrkRun {
  // Written by clicks.lua.
  const summary = JSON.parse(said.trim().split('\n').at(-1) ?? '{}') as Record<
    'requests' | 'microseconds' | 'p50' | 'p99' | 'failed',
    number
  >
  if (summary.failed > 0)
    throw new Error(`${summary.failed} of ${summary.requests} answers were errors:\n${said}`)
  return {
    requests: summary.requests,
    seconds: summary.microseconds / 1e6,
    p50Ms: summary.p50 / 1_000,
    p99Ms: summary.p99 / 1_000,
  }
}
