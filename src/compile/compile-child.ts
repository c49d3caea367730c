/**
 * The child process of a Compiler. It does not compile: a thread of it does, so that this one can still end what has no
 * end, and itself when the Compiler has gone.
 */

import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { entryFile } from '../thread.js'
import type { Answer, Job, Limits, Word } from './compile-job.js'

/** How often a limit is looked at. */
const LOOK_MS = 100
/** What waits (for a disk) computes nothing; so much longer may it take in all. */
const WAITING_FACTOR = 12

let thread: Worker | null = null

process.on('message', (job) => {
  // Only a Compiler speaks on this channel.
  void compile(job as Job).then(say)
})
process.on('disconnect', () => process.exit())

function say(word: Word): void {
  process.send?.(word)
}

async function compile(job: Job): Promise<Answer> {
  thread ??= startThread(job.limits)
  const answer = await exchange(thread, job)
  // A thread that had to be stopped has things half done.
  if (answer.kind === 'limit' || answer.kind === 'failed') {
    const stopped = thread
    thread = null
    await stopped?.terminate()
  }
  return answer
}

function startThread({ memoryMb }: Limits): Worker {
  const started = new Worker(entryFile(import.meta.url, 'compile-thread'), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  // While it is being ended for its time nobody listens, and it may run out of memory: that would end this process too.
  started.on('error', () => {})
  return started
}

function exchange(asked: Worker, job: Job): Promise<Answer> {
  return new Promise((resolve) => {
    const clock = setInterval(look, LOOK_MS)
    const began = { cpu: process.cpuUsage(), atMs: performance.now() }
    asked.on('message', hear)
    asked.on('error', fail)
    asked.on('exit', ended)
    asked.postMessage(job)

    function hear(word: Word): void {
      if (word.kind === 'pouring') say(word)
      else tell(word)
    }
    function look(): void {
      const { user, system } = process.cpuUsage(began.cpu)
      const isOver =
        (user + system) / 1_000 > job.limits.cpuMs ||
        performance.now() - began.atMs > job.limits.cpuMs * WAITING_FACTOR
      if (isOver) tell({ kind: 'limit', reached: 'time' })
    }
    function fail(error: Error): void {
      if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
        tell({ kind: 'limit', reached: 'memory' })
      else tell({ kind: 'failed', message: error.message, stack: error.stack ?? '' })
    }
    function ended(code: number): void {
      tell({ kind: 'failed', message: `the compiling thread ended (exit ${code})`, stack: '' })
    }
    function tell(answer: Answer): void {
      clearInterval(clock)
      asked.off('message', hear).off('error', fail).off('exit', ended)
      resolve(answer)
    }
  })
}
