/**
 * `buildCached`, `drawIssue` and `compileNotice` apart from this process, which they would block: mjml computes for a tenth of a second
 * at a time.
 */

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError, unreachable } from '../errors.js'
import { resolveIssueFile } from '../issue/read.js'
import type { Build, BuildInput } from './build.js'
import type { CachedInput } from './cached-build.js'
import { describeLimit, describeStop, type IssueJob, type Limits, type PictureJob } from './compile-job.js'
import { Compiler, type Told } from './compiler.js'
import type { NoticeCompilation, NoticeInput } from './notice.js'
import type { Picture } from './picture.js'

/** An issue takes a second, most of it loading, and 200 MB. */
const LIMITS: Limits = { cpuMs: 10_000, memoryMb: 512 }
/** More for the largest that is read at all, which has a million bytes: being too long is told by a check. */
const CPU_MS_PER_BYTE = 0.05
const USUAL_BYTES = 100_000

/** A person who writes stops to think. */
const STUDIO_IDLE_MS = 600_000

/** One a process: what it has loaded serves the next issue. Nothing is started before it is asked. */
const compiler = new Compiler()
/** Its own, so that a picture never waits for the checks of the one before. */
const painter = new Compiler({ idleMs: STUDIO_IDLE_MS })

/** Throws the InputError that `buildCached` throws, and one for what goes on without end. */
export async function compileApart(input: CachedInput, given: Limits = LIMITS): Promise<Build> {
  const job = { kind: 'issue', ...(await absolute(input, given)) } as const
  const told = await compiler.ask(job)
  if (told.answer.kind === 'build') return told.answer.build
  throw notBuilt(told, job)
}

/** `drawIssue`, which throws likewise. */
export async function drawApart(input: BuildInput, given: Limits = LIMITS): Promise<Picture> {
  const job = { kind: 'picture', ...(await absolute(input, given)) } as const
  const told = await painter.ask(job)
  if (told.answer.kind === 'picture') return told.answer.picture
  throw notBuilt(told, job)
}

/** The child has another current folder. */
async function absolute<T extends BuildInput>(
  input: T,
  given: Limits,
): Promise<{ readonly input: T; readonly limits: Limits }> {
  const root = path.resolve(input.root)
  const slugOrPath = await resolveIssueFile(root, input.slugOrPath)
  const cpuMs =
    given.cpuMs + Math.round(CPU_MS_PER_BYTE * Math.max(0, (await stat(slugOrPath)).size - USUAL_BYTES))
  return { input: { ...input, root, slugOrPath }, limits: { ...given, cpuMs } }
}

function notBuilt({ answer, template }: Told, job: IssueJob | PictureJob): Error {
  switch (answer.kind) {
    case 'problems':
      return new InputError(answer.problems)
    case 'limit':
      return new InputError([describeStop({ ...job, reached: answer.reached, template })])
    case 'failed':
      return failure(answer)
    case 'build':
    case 'picture':
    case 'notice':
      return new Error(`the compiling process was asked for a ${job.kind} and gave a ${answer.kind}`)
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
    case 'picture':
      throw new Error('the compiling process took a Notice for an issue')
    default:
      return unreachable(answer)
  }
}

function failure({ message, stack }: { readonly message: string; readonly stack: string }): Error {
  return Object.assign(new Error(`compiling failed: ${message}`), { stack })
}
