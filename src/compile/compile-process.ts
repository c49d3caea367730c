/** `buildCached` apart from this process, which it would block: mjml computes for a tenth of a second at a time. */

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError, unreachable } from '../errors.js'
import { resolveIssueFile } from '../issue/read.js'
import type { Build } from './build.js'
import type { CachedInput } from './cached-build.js'
import { describeStop, type Limits } from './compile-job.js'
import { Compiler } from './compiler.js'

/** An issue takes a second, most of it loading, and 200 MB. */
const LIMITS: Limits = { cpuMs: 10_000, memoryMb: 512 }
/** More for the largest that is read at all, which has a million bytes: being too long is told by a check. */
const CPU_MS_PER_BYTE = 0.05
const USUAL_BYTES = 100_000

/** One a process: what it has loaded serves the next issue. Nothing is started before it is asked. */
const compiler = new Compiler()

/** Throws the InputError that `buildCached` throws, and one for what goes on without end. */
export async function compileApart(input: CachedInput, given: Limits = LIMITS): Promise<Build> {
  const root = path.resolve(input.root)
  // The child has another current folder, so a path is made absolute here.
  const slugOrPath = await resolveIssueFile(root, input.slugOrPath)
  const cpuMs =
    given.cpuMs + Math.round(CPU_MS_PER_BYTE * Math.max(0, (await stat(slugOrPath)).size - USUAL_BYTES))
  const job = { input: { ...input, root, slugOrPath }, limits: { ...given, cpuMs } }
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
