/** Programs of the bench: started, waited for, ended by their own handle; and what one has used, as the kernel says. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

export interface Usage {
  /** User and system time of the process with all its threads; not of its children. */
  readonly cpuMs: number
  readonly peakBytes: number
}

/** An engine lets what is in flight finish. */
const PATIENCE_MS = 20_000

const running = new Set<ChildProcess>()
const PROJECT_ENV = { PATH: process.env.PATH ?? '' }

export interface Place {
  readonly cwd: string
  /** Besides PATH, all the environment there is. */
  readonly env?: Readonly<Record<string, string>>
}

export function launch(program: string, args: readonly string[], { cwd, env = {} }: Place): ChildProcess {
  const child = spawn(program, args, {
    cwd,
    env: { ...PROJECT_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Runs a program to its end; resolves with its stdout. Rejects with its stderr when it does not exit 0. */
export async function runProgram(program: string, args: readonly string[], place: Place): Promise<string> {
  const child = launch(program, args, place)
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr()}`)
  return stdout()
}

export function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

/** Resolves when it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  // A second signal would end an engine at once.
  if (!child.killed) child.kill(signal)
  await once(child, 'exit')
}

/** Asks everything started here to end, so that it ends what it has started itself; kills what does not. */
export async function endAll(): Promise<void> {
  const late = setTimeout(killAll, PATIENCE_MS)
  await Promise.all([...running].map((child) => end(child)))
  clearTimeout(late)
}

/** For an end that leaves no time. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Linux only: /proc. */
export function readUsage(pid: number): Usage {
  // The name, in brackets, may hold blanks; the fields are counted from behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])]
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return {
    cpuMs: ((userTicks + systemTicks) / ticksPerSecond()) * 1_000,
    peakBytes: Number(peak?.[1]) * 1_024,
  }
}

let ticks = 0

function ticksPerSecond(): number {
  ticks ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return ticks
}
