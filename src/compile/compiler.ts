/**
 * A child process that compiles, one job at a time. It is started by the first job and ended when there has been none
 * for a while, or with this process; a job that ends the child does not end the Compiler.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { Socket } from 'node:net'
import path from 'node:path'
import { entryFile } from '../thread.js'
import type { Answer, Job, Word } from './compile-job.js'

/** mjml takes 100 MB; a command that compiles again does so within seconds. */
const IDLE_MS = 30_000
/** V8 ends a process that gets no memory by one of these. */
const OUT_OF_MEMORY: ReadonlySet<string> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL'])
/** Of what a dying child prints. */
const MAX_PRINTED = 2_000

export interface Told {
  readonly answer: Answer
  /** The Template it had come to. */
  readonly template: string | null
}

interface Running {
  readonly child: ChildProcess
  /** The end of what it has printed on stderr. */
  printed: string
}

export class Compiler {
  readonly #idleMs: number
  #running: Running | null = null
  #idle: NodeJS.Timeout | undefined
  #line: Promise<unknown> = Promise.resolve()

  constructor({ idleMs = IDLE_MS }: { readonly idleMs?: number } = {}) {
    this.#idleMs = idleMs
  }

  /** Waits for those before. Rejects when the child ends for no reason of the job's. */
  ask(job: Job): Promise<Told> {
    const told = this.#line.then(() => this.#askNow(job))
    this.#line = told.catch(() => {})
    return told
  }

  async #askNow(job: Job): Promise<Told> {
    clearTimeout(this.#idle)
    this.#running ??= this.#start()
    const running = this.#running
    hold(running)
    try {
      return await exchange(running, job)
    } finally {
      letGo(running)
      this.#idle = setTimeout(() => this.#end(running), this.#idleMs).unref()
    }
  }

  #start(): Running {
    const running = startChild()
    const { child } = running
    const endWithUs = () => child.kill('SIGKILL')
    process.once('exit', endWithUs)
    child.once('exit', () => {
      process.off('exit', endWithUs)
      if (this.#running === running) this.#running = null
    })
    return running
  }

  #end(running: Running): void {
    if (this.#running !== running) return
    this.#running = null
    // It ends when nobody is at the other end.
    running.child.disconnect()
  }
}

function startChild(): Running {
  const entry = entryFile(import.meta.url, 'compile-child')
  const child = fork(entry, [], {
    // mjml reads `.mjmlconfig` in the current folder.
    cwd: path.dirname(entry),
    // Flags of this process (a test runner's, an inspector's port) are not the child's.
    execArgv: [],
    // Carries Maps and byte arrays.
    serialization: 'advanced',
    // Whatever a library prints, or V8 at its end, must not stand in a command's output.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const running: Running = { child, printed: '' }
  child.stderr?.on('data', (chunk: Buffer) => {
    running.printed = (running.printed + chunk.toString()).slice(-MAX_PRINTED)
  })
  return running
}

/** While it works, this process stays. */
function hold({ child }: Running): void {
  child.ref()
  child.channel?.ref()
}

function letGo({ child }: Running): void {
  child.unref()
  child.channel?.unref()
  // A pipe of a child is a socket; Node's types call it a stream.
  const stderr: unknown = child.stderr
  if (stderr instanceof Socket) stderr.unref()
}

/** One question, one answer. */
function exchange(running: Running, job: Job): Promise<Told> {
  const { child } = running
  return new Promise<Told>((resolve, reject) => {
    let template: string | null = null
    child.on('message', hear)
    child.on('error', fail)
    child.on('close', ended)
    child.send(job, (error) => {
      if (error !== null) fail(error)
    })

    function hear(message: unknown): void {
      // Only compile-child.ts speaks on this channel, and this is all it says.
      const word = message as Word
      if (word.kind === 'pouring') template = word.template
      else tell(word)
    }
    function ended(code: number | null, signal: string | null): void {
      if (signal !== null && OUT_OF_MEMORY.has(signal)) tell({ kind: 'limit', reached: 'memory' })
      else
        fail(new Error(`the compiling process ended early (${signal ?? `exit ${code}`}) ${running.printed}`))
    }
    function tell(answer: Answer): void {
      hangUp()
      resolve({ answer, template })
    }
    function fail(error: Error): void {
      hangUp()
      reject(error)
    }
    function hangUp(): void {
      child.off('message', hear).off('error', fail).off('close', ended)
    }
  })
}
