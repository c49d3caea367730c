/** The built command line as its users meet it: a process of its own, on a root of its own. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import { connect } from '../../src/queue/redis-address.js'
import { createDatabase, dropDatabase } from './database.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const CLI = path.join(PROJECT, 'dist', 'src', 'cli.js')
/** Issue 42 of the samples: many Links, holes, a conditional passage. */
export const SAMPLE = '2026-11-24-a-levy-on-cold-boxes'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningEngine {
  readonly process: ChildProcess
  readonly url: string
  /** What it has written on stderr so far. */
  readonly stderr: () => string
  /** The signal that ended it, whoever sent it; null when it exited. */
  readonly died: Promise<NodeJS.Signals | null>
  /** Ends it by a signal; resolves with its exit code (null after a kill). */
  readonly end: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => Promise<number | null>
}

export interface CliRoot {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly run: (...args: string[]) => Promise<Ran>
  /** `run … --json`, parsed; fails when it did not exit 0. */
  readonly json: (...args: string[]) => Promise<unknown>
  /** `pressrun start ARGS`; resolves when it says that it runs. */
  readonly start: (env?: Readonly<Record<string, string>>, args?: readonly string[]) => Promise<RunningEngine>
  readonly write: (file: string, content: string) => string
  /** Ends the engines that still run. */
  readonly end: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * A root with the samples and templates. `env` is all the environment there is, but for PATH. With `shared` builds what
 * another root of the ring compiled of the very same files is not compiled anew: for tests of what comes after.
 */
export async function openCliRoot(
  env: Readonly<Record<string, string>> = {},
  builds: 'own' | 'shared' = 'own',
): Promise<CliRoot> {
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-cli-'))
  for (const folder of ['issues', 'templates'])
    cpSync(path.join(PROJECT, folder), path.join(root, folder), { recursive: true })
  if (builds === 'shared') {
    mkdirSync(path.join(root, '.data'), { mode: 0o700 })
    symlinkSync(inject('buildsFolder'), path.join(root, '.data', 'cache'))
  }
  const databaseUrl = await createDatabase()
  const whole = {
    PATH: process.env.PATH ?? '',
    PORT: '0',
    RETRY_SCHEDULE: '1s,2s',
    LEASE: '3s',
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    ...env,
  }
  const engines: RunningEngine[] = []
  const end = async () => {
    for (const engine of engines.splice(0)) await engine.end('SIGTERM')
  }
  const run = (...args: string[]) => runCli(args, { root, env: whole })
  return {
    root,
    env: whole,
    run,
    async json(...args) {
      const { code, stdout, stderr } = await run(...args, '--json')
      if (code !== 0) throw new Error(`pressrun ${args.join(' ')} exited ${code}: ${stderr}`)
      return JSON.parse(stdout)
    },
    async start(more = {}, args = []) {
      const engine = await startEngine({ root, env: { ...whole, ...more } }, args)
      engines.push(engine)
      return engine
    },
    write(file, content) {
      const target = path.join(root, file)
      mkdirSync(path.dirname(target), { recursive: true })
      writeFileSync(target, content)
      return target
    },
    end,
    async close() {
      await end()
      await endLeftoverRedis(root)
      if (databaseUrl) await dropDatabase(databaseUrl)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** An engine that was killed leaves its private Redis for the next one; here there is none. */
async function endLeftoverRedis(root: string): Promise<void> {
  const file = path.join(root, '.data', 'redis', 'address')
  if (!existsSync(file)) return
  const redis = connect(readFileSync(file, 'utf8'), { lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => {})
  await redis
    .connect()
    .then(() => redis.shutdown('NOSAVE'))
    .catch(() => {})
  redis.disconnect()
}

interface Place {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
}

async function runCli(args: readonly string[], { root, env }: Place): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, '--root', root, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: stdout(), stderr: stderr() }
}

/** A command that is still running, for what is done to it meanwhile. */
export function spawnCli(args: readonly string[], { root, env }: Place) {
  const child = spawn(process.execPath, [CLI, '--root', root, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const closed = once(child, 'close').then(([code]): Ran => ({ code, stdout: stdout(), stderr: stderr() }))
  const died = once(child, 'exit').then(([, signal]): NodeJS.Signals | null => signal)
  return { child, closed, died, stderr }
}

async function startEngine(place: Place, args: readonly string[]): Promise<RunningEngine> {
  const { child, closed, died, stderr } = spawnCli(['start', ...args], place)
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', () => {
      if (stderr().includes('the engine runs')) resolve()
    })
    closed.then(({ code }) => reject(new Error(`the engine exited ${code}: ${stderr()}`)))
  })
  return {
    process: child,
    url: /the web is at (\S+)/.exec(stderr())?.[1] ?? '',
    stderr,
    died,
    async end(signal) {
      child.kill(signal)
      return (await closed).code
    },
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

/** A CSV of `count` readers and the given others. */
export function readersCsv(count: number, others: readonly string[] = []): string {
  const readers = Array.from({ length: count }, (_, index) => `reader${index}@example.org,Reader ${index}`)
  return ['address,name', ...others, ...readers, ''].join('\n')
}
