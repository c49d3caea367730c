/** `buildCached` apart from this process, which it would block: mjml computes for a tenth of a second at a time. */

import path from 'node:path'
import { InputError, unreachable } from '../errors.js'
import { resolveIssueFile } from '../issue/read.js'
import type { Build } from './build.js'
import type { CachedInput } from './cached-build.js'
import { describeStop, type Limits } from './compile-job.js'
import { Compiler } from './compiler.js'

/** An issue takes a tenth of a second and 150 MB. */
const LIMITS: Limits = { cpuMs: 10_000, memoryMb: 512 }

/** One a process: what it has loaded serves the next issue. Nothing is started before it is asked. */
const compiler = new Compiler()

/** Throws the InputError that `buildCached` throws, and one for what goes on without end. */
export async function compileApart(input: CachedInput, limits: Limits = LIMITS): Promise<Build> {
  const root = path.resolve(input.root)
  // The child has another current folder, so a path is made absolute here.
  const job = {
    input: { ...input, root, slugOrPath: await resolveIssueFile(root, input.slugOrPath) },
    limits,
  }
  const { answer, template } = await compiler.ask(job)
  switch (answer.kind) {
    case 'build':
      return answer.build
    case 'problems':
      throw new InputError(answer.problems)
    case 'limit':
      throw new InputError([describeStop({ ...job, reached: answer.reached, template })])
    case 'failed':
      throw Object.assign(new Error(`compiling failed: ${answer.message}`), { stack: answer.stack })
    default:
      return unreachable(answer)
  }
}
