/** A root with the issue, its template and a list of readers, and the built command on it. */

import { once } from 'node:events'
import { cpSync, createWriteStream, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { SLUG, writeIssue } from './issue.js'
import { collect, end, launch, runProgram } from './process.js'

/** Compiled into dist/bench. */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
export const CLI = path.join(PROJECT, 'dist', 'src', 'cli.js')
/** The same issue under another date, for what comes before the measured Send. */
export const WARM_UP_SLUG = '2026-11-30-warm-up'
export const LIST = 'readers'
export const SECRET = 'a secret of the bench with 32 characters and more'
export const WARM_UP_LIST = 'warm'

export interface BenchRoot {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly run: (...args: string[]) => Promise<string>
  readonly start: (nodeOptions?: readonly string[], args?: readonly string[]) => Promise<RunningEngine>
  readonly importReaders: (list: string, count: number) => Promise<void>
}

export interface RunningEngine {
  readonly pid: number
  /** Where its web listens. */
  readonly url: string
  readonly isRunning: () => boolean
  /** What it has logged so far. */
  readonly stderr: () => string
  readonly end: () => Promise<void>
}

export function makeRoot(parent: string, env: Readonly<Record<string, string>>): BenchRoot {
  const folder = mkdtempSync(path.join(parent, 'root-'))
  mkdirSync(path.join(folder, 'issues'))
  cpSync(path.join(PROJECT, 'templates'), path.join(folder, 'templates'), { recursive: true })
  cpSync(path.join(PROJECT, 'issues', 'newsletter.yaml'), path.join(folder, 'issues', 'newsletter.yaml'))
  writeFileSync(path.join(folder, 'issues', `${SLUG}.md`), writeIssue())
  const warmUp = writeIssue()
    .replace('date: 2026-12-01', 'date: 2026-11-30')
    .replace('number: 1\n', 'number: 2\n')
  writeFileSync(path.join(folder, 'issues', `${WARM_UP_SLUG}.md`), warmUp)
  const whole = {
    PORT: '0',
    LOG_LEVEL: 'info',
    PUBLIC_URL: 'https://news.example.com',
    PRESSRUN_SECRET: SECRET,
    ...env,
  }
  const place = { cwd: folder, env: whole }
  const run = (...args: string[]) => runProgram(process.execPath, [CLI, '--root', folder, ...args], place)
  return {
    folder,
    env: whole,
    run,
    async start(nodeOptions = [], args = []) {
      const child = launch(process.execPath, [...nodeOptions, CLI, '--root', folder, 'start', ...args], place)
      const stderr = collect(child.stderr)
      child.stdout?.resume()
      while (!stderr().includes('the engine runs')) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the engine ended with ${child.exitCode}: ${stderr()}`)
        await Promise.race([child.stderr && once(child.stderr, 'data'), once(child, 'close')])
      }
      const isRunning = () => child.exitCode === null && child.signalCode === null
      const url = /the web is at (http:\S+)/.exec(stderr())?.[1] ?? ''
      return { pid: child.pid ?? 0, url, isRunning, stderr, end: () => end(child) }
    },
    async importReaders(list, count) {
      const file = path.join(folder, `${list}.csv`)
      await pipeline(Readable.from(csvLines(list, count)), createWriteStream(file))
      await run('subscribers', 'import', file, '--list', list, '--create-list')
    },
  }
}

function* csvLines(list: string, count: number): Generator<string> {
  yield 'address,name\n'
  for (let number = 0; number < count; number++) yield `${list}${number}@example.org,Reader ${number}\n`
}
