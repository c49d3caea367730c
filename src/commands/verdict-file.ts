/**
 * `--verdicts FILE.csv`: what became of each row, one line a row, in the order of the file. The verdicts of an earlier run,
 * a dry one as a rule, are written over, but only when there are new ones; any other file stays as it is.
 */

import { type FileHandle, open, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { writeCsvRow } from '../audience/csv-write.js'
import { guard } from '../audience/guard.js'
import { problemOf, type RowVerdict } from '../audience/verdict.js'
import { InputError, messageOf } from '../errors.js'
import { beginCsvFile, CSV_MARK } from './csv-file.js'
import { OWNER_ALONE, writeAll } from './new-file.js'

export interface VerdictFile {
  write(verdicts: readonly RowVerdict[]): Promise<void>
  /** Resolves when all of it is written, a file without rows too. */
  close(): Promise<void>
  /** The import failed: what is written stays; when nothing is, all is as it was before. */
  abandon(): Promise<void>
}

const HEADER = writeCsvRow(['line', 'address', 'verdict', 'reason'])

/** Throws InputError when it can't be written, or another file is there already. */
export async function openVerdictFile(file: string): Promise<VerdictFile> {
  const { handle, isNew } = await openOurs(file)
  let out: { readonly stream: Writable; readonly done: Promise<void> } | null = null
  const begin = async () => {
    if (out !== null) return out
    await handle.truncate(0)
    const stream = handle.createWriteStream({ start: 0 })
    const done = finished(stream)
    // Whoever writes or closes hears of it.
    done.catch(() => {})
    out = { stream, done }
    await beginCsvFile(stream)
    await writeAll(stream, HEADER)
    return out
  }
  const close = async () => {
    const { stream, done } = await begin()
    stream.end()
    await done
  }
  return {
    write: async (verdicts) => writeAll((await begin()).stream, verdicts.map(toLine).join('')),
    close,
    async abandon() {
      if (out !== null) return close()
      await handle.close()
      if (isNew) await rm(file)
    },
  }
}

/** A new file, for its owner alone, or one that an earlier run has made. */
async function openOurs(file: string): Promise<{ readonly handle: FileHandle; readonly isNew: boolean }> {
  const problem = (message: string, cause?: unknown) =>
    new InputError([{ where: file, line: null, message }], { cause })
  try {
    return { handle: await open(file, 'wx', OWNER_ALONE), isNew: true }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw problem(`cannot be written: ${messageOf(error)}`, error)
  }
  const handle = await open(file, 'r+').catch((error: unknown) => {
    throw problem(`cannot be written: ${messageOf(error)}`, error)
  })
  if (await isOurs(handle)) return { handle, isNew: false }
  await handle.close()
  throw problem('is there already and holds no verdicts; name another file')
}

/** It begins as ours do, those of before there was a mark too, or is empty. */
async function isOurs(handle: FileHandle): Promise<boolean> {
  const stat = await handle.stat()
  if (!stat.isFile()) return false
  if (stat.size === 0) return true
  const size = Buffer.byteLength(CSV_MARK + HEADER)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0)
  const start = buffer.toString('utf8', 0, bytesRead)
  return start.startsWith(HEADER) || start === CSV_MARK + HEADER
}

function toLine(verdict: RowVerdict): string {
  const address = 'address' in verdict ? verdict.address : ''
  return writeCsvRow([String(verdict.line), guard(address), verdict.kind, guard(problemOf(verdict) ?? '')])
}
