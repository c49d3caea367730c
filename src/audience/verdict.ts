/** Verdict: what became of one row of an import; and the count of them all. */

import type { Standing } from './standing.js'

export type RowVerdict =
  | { readonly kind: Standing; readonly line: number; readonly address: string }
  | {
      readonly kind: 'duplicate'
      readonly line: number
      readonly address: string
      readonly firstLine: number
    }
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string }

export interface RowProblem {
  readonly line: number
  readonly reason: string
}

/** Rows by verdict; the parts add up to `rows`. */
export type VerdictCounts = Readonly<Record<RowVerdict['kind'] | 'rows', number>>

/** Enough to see what is wrong with a file; all of them go to whoever listens. */
const MAX_PROBLEMS = 100

export class Tally {
  readonly #counts: Record<keyof VerdictCounts, number> = {
    rows: 0,
    added: 0,
    restored: 0,
    updated: 0,
    alreadyActive: 0,
    camePending: 0,
    keptPending: 0,
    cameUnsubscribed: 0,
    keptOptOut: 0,
    cameSuppressed: 0,
    suppressed: 0,
    duplicate: 0,
    refused: 0,
  }
  readonly #problems: RowProblem[] = []

  add(verdicts: readonly RowVerdict[]): void {
    for (const verdict of verdicts) {
      this.#counts.rows++
      this.#counts[verdict.kind]++
      const reason = problemOf(verdict)
      if (reason !== null && this.#problems.length < MAX_PROBLEMS)
        this.#problems.push({ line: verdict.line, reason })
    }
  }

  /** The counts with these added; the tally stays as it is. */
  with(verdicts: readonly RowVerdict[]): VerdictCounts {
    const counts = { ...this.#counts }
    for (const { kind } of verdicts) counts[kind]++
    return { ...counts, rows: counts.rows + verdicts.length }
  }

  get counts(): VerdictCounts {
    return { ...this.#counts }
  }

  /** The first rows that were refused or repeated. */
  get problems(): readonly RowProblem[] {
    return [...this.#problems]
  }
}

/** What is wrong with the row, as a clause after its place; null when nothing is. */
export function problemOf(verdict: RowVerdict): string | null {
  switch (verdict.kind) {
    case 'refused':
      return verdict.reason
    case 'duplicate':
      return `duplicate of line ${verdict.firstLine}`
    default:
      return null
  }
}
