/** What the compiling process is asked and says, and the sentence for what it had to break off. */

import path from 'node:path'
import { type Problem, unreachable } from '../errors.js'
import type { Build, BuildInput } from './build.js'
import type { CachedInput } from './cached-build.js'
import type { NoticeCompilation, NoticeInput } from './notice.js'
import type { Picture } from './picture.js'

export interface Limits {
  /** Of computing, so that a busy machine does not make it shorter. */
  readonly cpuMs: number
  readonly memoryMb: number
}

/** One at a time. */
export type Job = IssueJob | PictureJob | NoticeJob

/** `root` and `slugOrPath` of the input are absolute. */
export interface IssueJob {
  readonly kind: 'issue'
  readonly input: CachedInput
  readonly limits: Limits
}

/** The same, without its checks. */
export interface PictureJob {
  readonly kind: 'picture'
  readonly input: BuildInput
  readonly limits: Limits
}

export interface NoticeJob {
  readonly kind: 'notice'
  readonly input: NoticeInput
  readonly limits: Limits
}

export type Answer =
  | { readonly kind: 'build'; readonly build: Build }
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'notice'; readonly compilation: NoticeCompilation }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'limit'; readonly reached: Limit }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string }

/** An Answer, or, before it, the Template: what has no end can then be told by its name. */
export type Word = Answer | { readonly kind: 'pouring'; readonly template: string }

export type Limit = 'time' | 'memory' | 'stack' | 'length'

export interface Stopped extends Pick<PictureJob, 'input' | 'limits'> {
  readonly reached: Limit
  /** Null when it did not come to one. */
  readonly template: string | null
}

/** Where, what, and what to look for. */
export function describeStop({ reached, template, limits, input }: Stopped): Problem {
  const issue = path.relative(input.root, input.slugOrPath).split(path.sep).join('/')
  const where = template === null ? issue : `templates/${template}`
  const ended = describeLimit(reached, limits)
  const question = 'does a template call itself, or one {{#each}} stand in another?'
  return { where, line: null, message: `compiling ${issue} ${ended}; ${question}` }
}

export function describeLimit(reached: Limit, { cpuMs, memoryMb }: Limits): string {
  switch (reached) {
    case 'time':
      return `did not end within ${Math.round(cpuMs / 1_000)} s`
    case 'memory':
      return `took more than ${memoryMb} MB of memory`
    case 'stack':
      return 'went too deep'
    case 'length':
      return 'made a text longer than there can be'
    default:
      return unreachable(reached)
  }
}
