/**
 * `buildCached` and `compileNotice` apart from this process, which they would block: mjml computes for a tenth of a second
 * at a time.
 */

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError, unreachable } from '../errors.js'
import { resolveIssueFile } from '../issue/read.js'
import type { Build } from './build.js'
import type { CachedInput } from './cached-build.js'
import { describeLimit, describeStop, type IssueJob, type Limits } from './compile-job.js'
import { Compiler } from './compiler.js'
import type { NoticeCompilation, NoticeInput } from './notice.js'

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
  const job: IssueJob = { kind: 'issue', input: { ...input, root, slugOrPath }, limits: { ...given, cpuMs } }
  const { answer, template } = await compiler.ask(job)
  switch (answer.kind) {
    case 'build':
      return answer.build
    case 'problems':
      throw new InputError(answer.problems)
    case 'limit':
      throw new InputError([describeStop({ ...job, reached: answer.reached, template })])
    case 'failed':
      throw failure(answer)
    case 'notice':
      throw new Error('the compiling process took an issue for a Notice')
    default:
      return unreachable(answer)
  }
}

/** Throws the InputError that `compileNotice` throws, and an Error for what goes on without end. */
export async function compileNoticeApart(input: NoticeInput): Promise<NoticeCompilation> {
  const { answer } = await compiler.ask({
    kind: 'notice',
    input: { ...input, root: path.resolve(input.root) },
    limits: LIMITS,
  })
  switch (answer.kind) {
    case 'notice':
      return answer.compilation
    case 'problems':
      throw new InputError(answer.problems)
    case 'limit':
      throw new InputError(
        `templates/notice: pouring it ${describeLimit(answer.reached, LIMITS)}; does a template call itself?`,
      )
    case 'failed':
      throw failure(answer)
    case 'build':
      throw new Error('the compiling process took a Notice for an issue')
    default:
      return unreachable(answer)
  }
}

function failure({ message, stack }: { readonly message: string; readonly stack: string }): Error {
  return Object.assign(new Error(`compiling failed: ${message}`), { stack })
}
