/** `pressrun subscribers import`: a CSV file onto a List. */

import { accessSync, constants, createReadStream, type ReadStream, statSync } from 'node:fs'
import {
  type ImportContext,
  type ImportRequest,
  type ImportResult,
  importSubscribers,
} from '../audience/import.js'
import { escapeText } from '../compile/escape.js'
import { InputError, messageOf } from '../errors.js'
import { alignColumns, formatNumber } from '../report/columns.js'
import { excludePeople } from '../send/exclude.js'

type Given = Pick<ImportRequest, 'missingList' | 'how' | 'onVerdicts'>
type Optional = Pick<ImportRequest, 'mode' | 'encoding' | 'map' | 'from' | 'attributes'>

export interface ImportOptions extends Given, Partial<Optional>, Omit<ImportContext, 'exclude'> {
  /** Path, relative to the folder the person is in. */
  readonly file: string
  readonly list: string
  /** Of the bytes of the file so far, when rows have been settled. */
  readonly onProgress?: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly rows: number
  readonly bytes: number
  readonly allBytes: number
}

/** Throws InputError when the file can't be read or holds no Subscribers, or there is no such List. */
export async function importFile({
  file,
  list,
  onProgress,
  ...options
}: ImportOptions): Promise<ImportResult> {
  const allBytes = sizeOf(file)
  const { db, keys, now, ...how } = options
  let stream: ReadStream | null = null
  const open = () => {
    stream = createReadStream(file)
    return stream
  }
  return importSubscribers(
    {
      mode: 'update',
      encoding: null,
      map: new Map(),
      from: null,
      attributes: [],
      ...how,
      file,
      listName: list,
      open,
      onProgress: (rows) => onProgress?.({ rows, bytes: stream?.bytesRead ?? 0, allBytes }),
    },
    { db, keys, exclude: excludePeople, now },
  )
}

/** In bytes. */
function sizeOf(file: string): number {
  const problem = (message: string, cause?: unknown) =>
    new InputError([{ where: file, line: null, message }], { cause })
  try {
    const stat = statSync(file)
    accessSync(file, constants.R_OK)
    if (stat.isFile()) return stat.size
  } catch (error) {
    throw problem(`cannot be read: ${messageOf(error)}`, error)
  }
  throw problem('is not a file; name a CSV file')
}

/** In the order in which an editor asks. */
const PARTS = [
  ['added', 'added'],
  ['restored', 'back on the List, taken off by an editor earlier'],
  ['updated', 'updated'],
  ['alreadyActive', 'on the List already'],
  ['camePending', 'to confirm still, as the file says'],
  ['keptPending', 'still to confirm'],
  ['cameUnsubscribed', 'unsubscribed, as the file says'],
  ['keptOptOut', 'unsubscribed earlier, left so'],
  ['cameSuppressed', 'suppressed, as the file says'],
  ['suppressed', 'suppressed, left out'],
  ['duplicate', 'repeated in the file'],
  ['refused', 'refused'],
] as const

/** Problems belong to stderr or a file of their own: this names the first of them. */
export function printImport(result: ImportResult, file: string): string {
  const parts = PARTS.filter(([kind]) => result[kind] > 0 || kind === 'added')
  const counts = alignColumns([
    ...parts.map(([kind, words]) => [result[kind], words]),
    ...(result.mode === 'set' ? [[result.takenOff, 'not in the file, taken off the List']] : []),
  ])
  const rows = result.rows === 1 ? 'row' : 'rows'
  const problems = result.problems.map(({ line, reason }) => `${file}:${line}: ${reason}`)
  const left = result.refused + result.duplicate - result.problems.length
  return [
    ...problems.map(escapeText),
    ...(left > 0 ? [`… and ${formatNumber(left)} more`] : []),
    ...(problems.length > 0 ? [''] : []),
    `List ${result.list}, ${formatNumber(result.rows)} ${rows}:`,
    ...counts.map((line) => `  ${line}`),
    ...noteReading(result),
    ...(result.import === null
      ? ['Nothing was written.']
      : [`Import ${result.import}; pressrun subscribers undo ${result.import} undoes it.`]),
    '',
  ].join('\n')
}

function noteReading({ text: { encoding, how }, from, mode, refused }: ImportResult): readonly string[] {
  return [
    ...(how === 'guessed'
      ? [
          'The file is not UTF-8; it was read as Windows-1252. Look at a name with an accent, or say --encoding.',
        ]
      : []),
    ...(encoding.startsWith('utf-16') && how === 'read' ? ['The file is UTF-16.'] : []),
    ...(from === null ? [] : [`Read as an export of ${from}.`]),
    ...(mode === 'set' && refused > 0
      ? [
          'Whoever a refused row was meant to name counts as not in the file, unless its address could be read.',
        ]
      : []),
  ]
}
