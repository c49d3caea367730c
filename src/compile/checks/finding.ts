/** A finding: what a check saw, with its id and place, and whether the editor has let it pass. */

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

/** Whether it keeps the issue from being sent. */
export function isBlocking({ severity, waived }: Finding): boolean {
  return severity === 'error' && waived === null
}
