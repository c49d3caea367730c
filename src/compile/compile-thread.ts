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

async function work(job: Job): Promise<Answer> {
  if (job.kind === 'notice') {
    // All that compiles takes half a second to load.
    const { compileNotice } = await import('./notice.js')
    return { kind: 'notice', compilation: await compileNotice(job.input) }
  }
  const onTemplate = (template: string) => say({ kind: 'pouring', template })
  if (job.kind === 'picture') {
    const { drawIssue } = await import('./build.js')
    return { kind: 'picture', picture: await drawIssue(job.input, { onTemplate }) }
  }
  return { kind: 'build', build: await buildCached(job.input, { readPast, onTemplate }) }
}

/** This is an edge: whatever is thrown becomes an answer. */
async function compile(job: Job): Promise<Answer> {
  try {
    return await work(job)
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
