/** `--verdicts FILE.csv`: what became of each row, one line a row, in the order of the file. */

import { writeCsvRow } from '../audience/csv-write.js'
import { guard } from '../audience/guard.js'
import { problemOf, type RowVerdict } from '../audience/verdict.js'
import { createFile, writeAll } from './new-file.js'

export interface VerdictFile {
  write(verdicts: readonly RowVerdict[]): Promise<void>
  close(): Promise<void>
}

/** Throws InputError when it can't be made, or is there already. */
export async function openVerdictFile(file: string): Promise<VerdictFile> {
  const { stream, close } = await createFile(file)
  await writeAll(stream, writeCsvRow(['line', 'address', 'verdict', 'reason']))
  return { write: (verdicts) => writeAll(stream, verdicts.map(toLine).join('')), close }
}

function toLine(verdict: RowVerdict): string {
  const address = 'address' in verdict ? verdict.address : ''
  return writeCsvRow([String(verdict.line), guard(address), verdict.kind, guard(problemOf(verdict) ?? '')])
}
