/** `pressrun suppressions`: how many addresses are never mailed, why, and since when. Which ones, only their hashes know. */

import { countSuppressions, type SuppressionCount } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import { alignColumns, type Cell, formatNumber } from '../report/columns.js'

export interface SuppressionsAnswer {
  readonly total: number
  readonly reasons: readonly {
    readonly reason: string
    readonly count: number
    /** ISO 8601. */
    readonly first: string
    readonly last: string
  }[]
  /** Of reasons that are not named. */
  readonly others: number
}

/** Whoever suppresses by hand may give each their own reason. */
const MAX_REASONS = 50

export async function suppressionsCommand(query: Query): Promise<SuppressionsAnswer> {
  const all = await countSuppressions(query)
  const sum = (counts: readonly SuppressionCount[]) => counts.reduce((total, { count }) => total + count, 0)
  return {
    total: sum(all),
    reasons: all.slice(0, MAX_REASONS).map(({ reason, count, first, last }) => ({
      reason,
      count,
      first: new Date(first).toISOString(),
      last: new Date(last).toISOString(),
    })),
    others: sum(all.slice(MAX_REASONS)),
  }
}

export function printSuppressions({ total, reasons, others }: SuppressionsAnswer): string {
  if (total === 0) return 'no address is suppressed\n'
  const head: Cell[] = ['reason', 'addresses', 'first', 'last']
  const rows = reasons.map(({ reason, count, first, last }): Cell[] => [
    reason,
    count,
    first.slice(0, 10),
    last.slice(0, 10),
  ])
  const rest = others === 0 ? [] : [`and ${formatNumber(others)} for other reasons`]
  return `${[...alignColumns([head, ...rows]), ...rest].join('\n')}\n`
}
