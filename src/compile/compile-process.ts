/**
 * Compiling in a process of its own, which ends when it is done: mjml takes 100 MB, blocks the loop, and reads
 * `.mjmlconfig` in the current folder, so the child's is this one.
 */

import { fork } from 'node:child_process'
import path from 'node:path'
import { InputError, type Problem } from '../errors.js'
import { resolveIssueFile } from '../issue/read.js'
import { entryFile } from '../thread.js'
import type { Build, BuildInput } from './build.js'

/** What the child answers, once. */
export type Answer =
  | { readonly kind: 'build'; readonly build: Build }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string }

/** `buildIssue` in a child process. Throws the InputError it throws. */
export async function compileApart(input: BuildInput): Promise<Build> {
  const root = path.resolve(input.root)
  // The child has another current folder, so a path is made absolute here.
  const slugOrPath = await resolveIssueFile(root, input.slugOrPath)
  const answer = await askChild({ ...input, root, slugOrPath })
  if (answer.kind === 'build') return answer.build
  if (answer.kind === 'problems') throw new InputError(answer.problems)
  const error = new Error(`compiling failed: ${answer.message}`)
  error.stack = answer.stack
  throw error
}

async function askChild(input: BuildInput): Promise<Answer> {
  const entry = entryFile(import.meta.url, 'compile-child')
  const child = fork(entry, [], {
    cwd: path.dirname(entry),
    // Flags of this process (a test runner's, an inspector's port) are not the child's.
    execArgv: [],
    // Carries Maps and byte arrays.
    serialization: 'advanced',
    // Whatever a library prints must not stand in a command's output.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    let answer: Answer | null = null
    child.on('message', (message) => {
      // Only compile-child.ts speaks on this channel, and this is all it says.
      answer = message as Answer
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (answer === null)
        reject(new Error(`the compiling process ended early (${signal ?? `exit ${code}`})`))
      else resolve(answer)
    })
    child.send(input, (error) => {
      if (error !== null) reject(error)
    })
  })
}
