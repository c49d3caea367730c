/** A finding: what a check saw in a CompiledIssue. Errors stop a Send; warnings want a look. */

import type { Issue } from '../../issue/issue.js'
import type { CompiledIssue } from '../compiled.js'

export interface Finding {
  /** Stable, named in the documentation: `S01`. */
  readonly id: string
  readonly severity: 'error' | 'warn'
  /** What is wrong and what would be right, one sentence. */
  readonly message: string
  /** 1-based line in the issue file, null when it is about the whole. */
  readonly line: number | null
}

export interface CheckInput {
  readonly issue: Issue
  readonly compiled: CompiledIssue
}

/** Pure; one file a check, with the id in its module comment. */
export type Check = (input: CheckInput) => readonly Finding[]
