/** The thread that compiles: one job, one answer. What it has loaded and remembers serves the next job. */

import { parentPort } from 'node:worker_threads'
import { InputError } from '../errors.js'
import { buildCached } from './cached-build.js'
import type { Answer, Job, Word } from './compile-job.js'
import { openPast } from './past.js'

if (parentPort === null) throw new Error('compile-thread is started by compile-child')
const port = parentPort
const readPast = openPast()

port.on('message', (job: Job) => {
  void compile(job).then(say)
})

function say(word: Word): void {
  port.postMessage(word)
}

/** This is an edge: whatever is thrown becomes an answer. */
async function compile({ input }: Job): Promise<Answer> {
  try {
    const onTemplate = (template: string) => say({ kind: 'pouring', template })
    return { kind: 'build', build: await buildCached(input, { readPast, onTemplate }) }
  } catch (error) {
    if (error instanceof InputError) return { kind: 'problems', problems: error.problems }
    if (error instanceof RangeError && /call stack/.test(error.message))
      return { kind: 'limit', reached: 'stack' }
    if (error instanceof RangeError && /string length/.test(error.message))
      return { kind: 'limit', reached: 'length' }
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    return { kind: 'failed', message, stack }
  }
}
