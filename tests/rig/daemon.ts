/** A mail server that nobody of us wrote, as a process of the test's: begun, waited for until it greets, ended by its own handle. */

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const START_TIMEOUT_MS = 20_000

export interface DaemonStart {
  readonly program: string
  readonly args: readonly string[]
  /** On the loopback. */
  readonly port: number
  /** How what it says to a client begins. */
  readonly greeting: string
  readonly cwd?: string
  /** In a group of its own, for a master that ends its children by their group. */
  readonly isDetached?: boolean
  /** What it has to say when it does not start. */
  readonly log: () => string
}

export interface Daemon {
  /** Resolves when it has ended. */
  stop(): Promise<void>
}

/** Throws with its log when it ends or says nothing for too long. */
export async function startDaemon({
  program,
  args,
  port,
  greeting,
  cwd,
  isDetached = false,
  log,
}: DaemonStart): Promise<Daemon> {
  const child = spawn(program, args, { stdio: 'ignore', detached: isDetached, ...(cwd ? { cwd } : {}) })
  await once(child, 'spawn')
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const until = performance.now() + START_TIMEOUT_MS
  while (!(await greets(port, greeting))) {
    if (isOver() || performance.now() > until) {
      child.kill('SIGTERM')
      throw new Error(`${program} did not start:\n${log()}`)
    }
    await wait(50)
  }
  return {
    async stop() {
      if (isOver()) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function greets(port: number, greeting: string): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })) as [Buffer]
    return String(chunk).startsWith(greeting)
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Of a user of this machine. */
export function ownerOf(user: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

export function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
