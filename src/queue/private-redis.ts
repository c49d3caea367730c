/**
 * A private redis-server (or valkey-server) for the embedded default: append-only file in `.data/redis`, a Unix socket,
 * or where the path is too long a 127.0.0.1 port with a random password. The engine lock is held by the caller, so a
 * server that still answers is a killed engine's leftover: it is shut down, and its file read again.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeDataDir } from '../data-dir.js'
import { InputError } from '../errors.js'
import type { Log } from '../log.js'
import { connect } from './redis-address.js'

/** sun_path holds 108 bytes on Linux, 104 on macOS, the closing zero included. */
const MAX_SOCKET_PATH = 103
const START_TIMEOUT_MS = 20_000
const STOP_TIMEOUT_MS = 5_000
const RESTART_DELAY_MS = 250
const MAX_RESTART_DELAY_MS = 30_000
export const PROGRAMS = ['redis-server', 'valkey-server'] as const

export interface PrivateRedis {
  /** For REDIS_URL-like use: `unix:/path` or `redis://:password@127.0.0.1:port`. */
  readonly address: string
  /** Saves and ends the server; resolves when it is gone. */
  close(): Promise<void>
}

/** Throws InputError when no server program is installed. A server that dies by itself is started again. */
export async function startPrivateRedis(dataDir: string, log: Log): Promise<PrivateRedis> {
  const folder = path.join(dataDir, 'redis')
  makeDataDir(folder)
  await endLeftover(folder)
  const { address, lines } = await chooseAddress(folder)
  writeFileSync(path.join(folder, 'address'), address, { mode: 0o600 })
  const configuration = [
    ...lines,
    `dir ${quote(folder)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    'loglevel warning',
  ]
  let child = await launch(folder, configuration).catch((error: unknown) => {
    if (error instanceof InputError || !setAside(folder)) throw error
    log.warn(
      { err: error },
      'the private Redis could not read its file; it starts empty, which loses nothing',
    )
    return launch(folder, configuration)
  })
  const closing = new AbortController()
  const kept = keepAlive()
  // An end without an orderly one, as by a second Ctrl-C.
  const endAtExit = () => child.kill('SIGTERM')
  process.once('exit', endAtExit)

  async function keepAlive(): Promise<void> {
    let delayMs = RESTART_DELAY_MS
    while (!closing.signal.aborted) {
      const startedAt = performance.now()
      await exitOf(child)
      // One that dies again and again is started at a growing distance; it must not fill the log.
      const hasLived = performance.now() - startedAt > MAX_RESTART_DELAY_MS
      delayMs = hasLived ? RESTART_DELAY_MS : Math.min(delayMs * 2, MAX_RESTART_DELAY_MS)
      if (closing.signal.aborted) return
      log.warn(
        { code: child.exitCode, signal: child.signalCode },
        'the private Redis ended by itself; it is started again',
      )
      // Aborting the wait is how it ends early.
      await wait(delayMs, undefined, { signal: closing.signal }).catch(() => {})
      if (closing.signal.aborted) return
      child = await launch(folder, configuration).catch((error: unknown) => {
        log.error({ err: error }, 'the private Redis could not be started again')
        return child
      })
    }
  }

  return {
    address,
    async close() {
      closing.abort()
      await stop(child, address)
      await kept
      // It may have been started again just now.
      await stop(child, address)
      process.off('exit', endAtExit)
    },
  }
}

/** Nothing lives in Redis that isn't in the database: a file that is damaged can go. False when there is none. */
function setAside(folder: string): boolean {
  const file = path.join(folder, 'appendonlydir')
  if (!existsSync(file)) return false
  rmSync(`${file}.damaged`, { recursive: true, force: true })
  renameSync(file, `${file}.damaged`)
  return true
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** As redis.conf takes a text with blanks or quotes in it. */
function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

async function chooseAddress(folder: string): Promise<{ address: string; lines: readonly string[] }> {
  const socket = path.join(folder, 'redis.sock')
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH)
    return {
      address: `unix:${socket}`,
      lines: ['port 0', `unixsocket ${quote(socket)}`, 'unixsocketperm 700'],
    }
  const password = randomBytes(24).toString('hex')
  const port = await freePort()
  return {
    address: `redis://:${password}@127.0.0.1:${port}`,
    lines: ['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`],
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** The configuration goes in through stdin: a password in the arguments could be read by anyone on the machine. */
async function launch(folder: string, lines: readonly string[]): Promise<ChildProcess> {
  for (const program of PROGRAMS) {
    // In a group of its own: Ctrl-C in a terminal is for the engine, which still needs Redis to end well.
    const child = spawn(program, ['-'], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    const output: string[] = []
    const keep = (data: Buffer) => output.push(String(data))
    for (const stream of [child.stdout, child.stderr]) stream.on('data', keep)
    const started = await Promise.race([
      once(child, 'spawn').then(() => true),
      once(child, 'error').then(() => false),
    ]).catch(() => false)
    if (!started) continue
    child.stdin.end(`${lines.join('\n')}\n`)
    await untilReady(child, { folder, program, output }).catch((error: unknown) => {
      child.kill('SIGKILL')
      throw error
    })
    // What it says from here on is read by nobody; a full pipe would stop it.
    for (const stream of [child.stdout, child.stderr]) stream.off('data', keep).resume()
    return child
  }
  throw new InputError(
    'neither redis-server nor valkey-server is installed; install one, or set REDIS_URL to a server you have',
  )
}

async function untilReady(
  child: ChildProcess,
  {
    folder,
    program,
    output,
  }: { readonly folder: string; readonly program: string; readonly output: readonly string[] },
): Promise<void> {
  const address = readFileSync(path.join(folder, 'address'), 'utf8')
  const probe = connect(address, { maxRetriesPerRequest: null, retryStrategy: () => 50, lazyConnect: false })
  probe.on('error', () => {})
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS)
  try {
    const exited = once(child, 'exit', { signal: timeout }).then(() => {
      throw new Error(`${program} did not start: ${output.join('').trim().slice(-500)}`)
    })
    // PING is refused with LOADING until the append-only file is read.
    await Promise.race([exited, pingUntilAnswered(probe, timeout)])
    exited.catch(() => {})
  } finally {
    probe.disconnect()
  }
}

async function pingUntilAnswered(probe: ReturnType<typeof connect>, timeout: AbortSignal): Promise<void> {
  for (;;) {
    timeout.throwIfAborted()
    const answer = await probe.ping().catch(() => null)
    if (answer === 'PONG') return
    await wait(50)
  }
}

async function endLeftover(folder: string): Promise<void> {
  const file = path.join(folder, 'address')
  if (!existsSync(file)) return
  const probe = connect(readFileSync(file, 'utf8'), {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 2_000,
  })
  probe.on('error', () => {})
  try {
    await probe.connect()
    // A folder that was copied names the original's server, which may be in use.
    const [, home] = (await probe.config('GET', 'dir')) as string[]
    if (home === undefined || realpathSync(home) !== realpathSync(folder)) return
    const pid = Number(/process_id:(\d+)/.exec(await probe.info('server'))?.[1])
    // The reply to SHUTDOWN is the closed connection.
    await probe.shutdown('NOSAVE').catch(() => {})
    await untilGone(pid)
  } catch {
    // Nobody answers: there is no leftover.
  } finally {
    probe.disconnect()
    rmSync(file, { force: true })
  }
}

async function untilGone(pid: number): Promise<void> {
  const end = Date.now() + STOP_TIMEOUT_MS
  while (Date.now() < end && isAlive(pid)) await wait(20)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function stop(child: ChildProcess, address: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await gone
  clearTimeout(timer)
  if (address.startsWith('unix:')) rmSync(address.slice('unix:'.length), { force: true })
}
