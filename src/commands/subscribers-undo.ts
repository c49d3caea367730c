/** `pressrun subscribers undo`: an import as if it had not been, as far as nobody has acted on it since. */

import { type UndoContext, type UndoRequest, type UndoResult, undoImport } from '../audience/import-undo.js'
import { escapeText } from '../compile/escape.js'
import { InputError } from '../errors.js'
import { alignColumns } from '../report/columns.js'
import { excludePeople } from '../send/exclude.js'

/** Throws InputError when there is no such import. */
export function undoCommand(
  request: UndoRequest,
  { db, now }: Omit<UndoContext, 'exclude'>,
): Promise<UndoResult> {
  return undoImport(request, { db, now, exclude: excludePeople })
}

/** Throws InputError for what is no number of an import. */
export function readImportId(text: string): number {
  const id = Number(text)
  if (/^\d{1,15}$/.test(text) && id > 0) return id
  throw new InputError(`"${text}" is no number of an import; pressrun imports lists them`)
}

const PARTS = [
  ['removed', 'added by it, removed'],
  ['takenOff', 'added by it, taken off the List; their record stays'],
  ['restored', 'as they were before'],
  ['left', 'changed since by someone else, left so'],
] as const

export function printUndo(result: UndoResult, how: UndoRequest['how']): string {
  const counts = alignColumns(
    PARTS.filter(([kind]) => result[kind] > 0 || kind === 'removed').map(([kind, words]) => [
      result[kind],
      words,
    ]),
  )
  const state = result.isAlready ? ', undone already' : how === 'foresee' ? ', nothing written' : ', undone'
  return [
    `Import ${result.import}, ${escapeText(result.file)} onto List ${result.list}${state}:`,
    ...counts.map((line) => `  ${line}`),
    '',
  ].join('\n')
}
