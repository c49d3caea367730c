/** `pressrun imports`: the files that were read onto Lists, newest first. */

import { type ImportRecord, listImports } from '../audience/import-record.js'
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

const WORDS = [
  ['rows', 'rows'],
  ['added', 'added'],
  ['restored', 'back'],
  ['updated', 'updated'],
  ['cameUnsubscribed', 'unsubscribed'],
  ['refused', 'refused'],
  ['takenOff', 'taken off'],
] as const

function describe(counts: ImportRecord['counts']): string {
  return WORDS.flatMap(([kind, word]) => {
    const count = counts[kind] ?? 0
    return count === 0 ? [] : [`${formatNumber(count)} ${word}`]
  }).join(', ')
}
