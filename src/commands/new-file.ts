/** A new file of people, for its owner alone; one that is there already stays as it is. */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { InputError, messageOf } from '../errors.js'

/** Mode of a file that names people. */
export const OWNER_ALONE = 0o600

export interface NewFile {
  readonly stream: Writable
  /** Resolves when all of it is written. */
  close(): Promise<void>
}

/** Throws InputError when it can't be made. */
export async function createFile(file: string): Promise<NewFile> {
  const stream = createWriteStream(file, { flags: 'wx', mode: OWNER_ALONE })
  const done = finished(stream)
  done.catch(() => {})
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve())
    stream.once('error', (error) => reject(asProblem(file, error)))
  })
  return {
    stream,
    async close() {
      stream.end()
      await done
    },
  }
}

function asProblem(file: string, error: Error): InputError {
  const isThere = 'code' in error && error.code === 'EEXIST'
  const message = isThere ? 'is there already; name another file' : `cannot be written: ${messageOf(error)}`
  return new InputError([{ where: file, line: null, message }], { cause: error })
}

/** Text into a stream that may be slower than we are. Resolves when more may be written; rejects when the stream fails. */
export async function writeAll(stream: Writable, text: string): Promise<void> {
  if (stream.errored) throw stream.errored
  if (!stream.write(text)) await once(stream, 'drain')
}
