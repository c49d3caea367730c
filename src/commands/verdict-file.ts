/** `--verdicts FILE.csv`: what became of each row, one line a row, in the order of the file. */

import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { writeCsvRow } from '../audience/csv-write.js'
import { guard } from '../audience/guard.js'
import { problemOf, type RowVerdict } from '../audience/verdict.js'
import { InputError, messageOf } from '../errors.js'
import { writeAll } from './write-all.js'

export interface VerdictFile {
  write(verdicts: readonly RowVerdict[]): Promise<void>
  close(): Promise<void>
}

/** Throws InputError when it can't be written; a file that is there already stays as it is. */
export async function openVerdictFile(file: string): Promise<VerdictFile> {
  // It names addresses.
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  const done = finished(stream)
  done.catch(() => {})
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve())
    stream.once('error', (error) =>
      reject(
        new InputError([{ where: file, line: null, message: `cannot be written: ${messageOf(error)}` }], {
          cause: error,
        }),
      ),
    )
  })
  await writeAll(stream, writeCsvRow(['line', 'address', 'verdict', 'reason']))
  return {
    write: (verdicts) => writeAll(stream, verdicts.map(toLine).join('')),
    async close() {
      stream.end()
      await done
    },
  }
}

function toLine(verdict: RowVerdict): string {
  const address = 'address' in verdict ? verdict.address : ''
  return writeCsvRow([String(verdict.line), guard(address), verdict.kind, guard(problemOf(verdict) ?? '')])
}
