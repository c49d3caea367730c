/** A finding: what a check saw, with its id and place, and whether the editor has let it pass. */

import type { Problem } from '../../errors.js'
import type { Severity } from './check.js'

export interface Finding {
  /** Stable, named in the documentation: `S01`. */
  readonly id: string
  readonly severity: Severity
  /** What is wrong. */
  readonly message: string
  /** What would be right, or "". */
  readonly hint: string
  /** Relative to the root. */
  readonly file: string
  /** 1-based; null when it is about the whole file. */
  readonly line: number | null
  /** Why the editor lets it pass, in their own words; null: they do not. */
  readonly waived: string | null
}

/** A severity as people read it. */
export const LEVELS = { error: 'error', warn: 'warning', info: 'note' } as const satisfies Readonly<
  Record<Severity, string>
>

/** What keeps a file from being compiled is a finding as any other; `file` stands in where the problem names none. */
export function findingOf({ where, line, message, id }: Problem, file: string): Finding {
  return {
    id: id ?? (where.startsWith('templates/') ? 'C05' : 'C09'),
    severity: 'error',
    ...splitSentence(message),
    file: where === '' ? file : where,
    line,
    waived: null,
  }
}

/** `what is wrong; what would be right`, as problems of files are written. */
export function splitSentence(sentence: string): Pick<Finding, 'message' | 'hint'> {
  const at = sentence.indexOf('; ')
  return at === -1
    ? { message: sentence, hint: '' }
    : { message: sentence.slice(0, at), hint: sentence.slice(at + 2) }
}

/** Whether it keeps the issue from being sent. */
export function isBlocking({ severity, waived }: Finding): boolean {
  return severity === 'error' && waived === null
}
