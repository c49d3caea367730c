/** `pressrun subscribers import`: a CSV file onto a List. */

import { accessSync, constants, createReadStream, statSync } from 'node:fs'
import { type ImportContext, type ImportResult, importSubscribers } from '../audience/import.js'
import type { RowVerdict } from '../audience/verdict.js'
import { escapeText } from '../compile/escape.js'
import { InputError, messageOf } from '../errors.js'
import { alignColumns, formatNumber } from '../report/columns.js'

export interface ImportOptions extends ImportContext {
  /** Path, relative to the folder the person is in. */
  readonly file: string
  readonly list: string
  readonly missingList: 'refuse' | 'create'
  /** `foresee` is a dry run. */
  readonly mode: 'write' | 'foresee'
  readonly onVerdict?: (verdict: RowVerdict) => void
}

/** Throws InputError when the file can't be read or holds no Subscribers, or there is no such List. */
export async function importFile({ file, list, ...options }: ImportOptions): Promise<ImportResult> {
  refuseUnreadable(file)
  const { db, keys, now, ...how } = options
  return importSubscribers(
    { ...how, file, listName: list, open: () => createReadStream(file) },
    { db, keys, now },
  )
}

function refuseUnreadable(file: string): void {
  const problem = (message: string, cause?: unknown) =>
    new InputError([{ where: file, line: null, message }], { cause })
  let isFile: boolean
  try {
    isFile = statSync(file).isFile()
    accessSync(file, constants.R_OK)
  } catch (error) {
    throw problem(`cannot be read: ${messageOf(error)}`, error)
  }
  if (!isFile) throw problem('is not a file; name a CSV file')
}

/** In the order in which an editor asks. */
const PARTS = [
  ['added', 'added'],
  ['updated', 'updated'],
  ['alreadyActive', 'on the List already'],
  ['keptPending', 'still to confirm'],
  ['keptOptOut', 'unsubscribed earlier, left so'],
  ['suppressed', 'suppressed, left out'],
  ['duplicate', 'repeated in the file'],
  ['refused', 'refused'],
] as const

/** Problems belong to stderr or a file of their own: this names the first of them. */
export function printImport(result: ImportResult, file: string): string {
  const parts = PARTS.filter(([kind]) => result[kind] > 0 || kind === 'added')
  const counts = alignColumns(parts.map(([kind, words]) => [result[kind], words]))
  const rows = result.rows === 1 ? 'row' : 'rows'
  const problems = result.problems.map(({ line, reason }) => `${file}:${line}: ${reason}`)
  const left = result.refused + result.duplicate - result.problems.length
  return [
    ...problems.map(escapeText),
    ...(left > 0 ? [`… and ${formatNumber(left)} more`] : []),
    ...(problems.length > 0 ? [''] : []),
    `List ${result.list}, ${formatNumber(result.rows)} ${rows}:`,
    ...counts.map((line) => `  ${line}`),
    '',
  ].join('\n')
}
