/** The child process of `compileApart`: takes one input, answers once, ends. */

import { InputError } from '../errors.js'
import type { BuildInput } from './build.js'
import { buildIssue } from './build.js'
import type { Answer } from './compile-process.js'

process.once('message', (input) => {
  // Only compileApart speaks on this channel.
  answer(input as BuildInput).then((reply) => {
    process.send?.(reply, () => process.disconnect())
  })
})

/** This is an edge: whatever is thrown becomes an answer. */
async function answer(input: BuildInput): Promise<Answer> {
  try {
    return { kind: 'build', build: await buildIssue(input) }
  } catch (error) {
    if (error instanceof InputError) return { kind: 'problems', problems: error.problems }
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    return { kind: 'failed', message, stack }
  }
}
