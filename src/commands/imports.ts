/** `pressrun imports`: the files that were read onto Lists, newest first. */

import { type ImportRecord, listImports } from '../audience/import-record.js'
import type { VerdictCounts } from '../audience/verdict.js'
import type { Db } from '../db/db.js'
import { alignColumns, type Cell, formatNumber } from '../report/columns.js'

export interface ImportLine extends Omit<ImportRecord, 'list' | 'createdAt' | 'finishedAt' | 'undoneAt'> {
  readonly list: string
  /** ISO 8601. */
  readonly at: string
  readonly undoneAt: string | null
}

const MAX_SHOWN = 100

/** The last hundred. */
export async function importsCommand({ query }: Pick<Db, 'query'>): Promise<readonly ImportLine[]> {
  const records = await listImports(query, MAX_SHOWN)
  return records.map(({ list, createdAt, finishedAt: _, undoneAt, ...record }) => ({
    ...record,
    list: list.name,
    at: new Date(createdAt).toISOString(),
    undoneAt: undoneAt === null ? null : new Date(undoneAt).toISOString(),
  }))
}

const STATES: Readonly<Record<ImportRecord['state'], string>> = {
  running: 'not finished',
  done: 'done',
  undoing: 'not wholly undone',
  undone: 'undone',
}

export function printImports(lines: readonly ImportLine[]): string {
  if (lines.length === 0) return 'No imports yet.\n'
  const rows = lines.map(({ id, at, file, list, mode, state, counts }): Cell[] => [
    id,
    `${at.slice(0, 16).replace('T', ' ')} UTC`,
    STATES[state],
    list,
    mode,
    file,
    describe(counts),
  ])
  return `${alignColumns([['', 'begun', 'state', 'List', 'mode', 'file', ''], ...rows]).join('\n')}\n`
}

/** They add up to the rows; `subscribers import` tells the kinds of a part from each other. */
const PARTS: readonly (readonly [word: string, ...kinds: (keyof VerdictCounts)[]])[] = [
  ['added', 'added'],
  ['back', 'restored'],
  ['updated', 'updated'],
  ['there already', 'alreadyActive'],
  ['to confirm', 'camePending', 'keptPending'],
  ['unsubscribed', 'cameUnsubscribed', 'keptOptOut'],
  ['suppressed', 'cameSuppressed', 'suppressed'],
  ['repeated', 'duplicate'],
  ['refused', 'refused'],
]

function describe(counts: ImportRecord['counts']): string {
  const rows = counts.rows ?? 0
  const parts = PARTS.map(
    ([word, ...kinds]) => [kinds.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0), word] as const,
  )
  const said = [...parts, [counts.takenOff ?? 0, 'taken off'] as const]
  return [
    `${formatNumber(rows)} ${rows === 1 ? 'row' : 'rows'}`,
    ...said.flatMap(([count, word]) => (count === 0 ? [] : [`${formatNumber(count)} ${word}`])),
  ].join(', ')
}
