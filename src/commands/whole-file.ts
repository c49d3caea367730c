/** A file that is there whole or not at all: written beside its place, and put there when all of it is on the disk. */

import { createWriteStream } from 'node:fs'
import { constants, copyFile, link, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { InputError, messageOf } from '../errors.js'

export interface WholeFile {
  readonly stream: Writable
  /** Resolves when it is in its place. Throws InputError when something else is there by now. */
  close(): Promise<void>
  /** Leaves nothing. */
  discard(): Promise<void>
}

export interface Placing {
  /** One that is there already gives way. */
  readonly replaces: boolean
  /** Who may read it; as the system's default when not given. */
  readonly mode?: number
}

/** What `write` writes, all of it or no file. Throws as `createWholeFile` does. */
export async function writeWholeFile(
  file: string,
  placing: Placing,
  write: (stream: Writable) => Promise<void>,
): Promise<void> {
  const whole = await createWholeFile(file, placing)
  try {
    await write(whole.stream)
  } catch (error) {
    await whole.discard()
    throw error
  }
  await whole.close()
}

/** Throws InputError when it can't be made, or one is there that stays. */
export async function createWholeFile(file: string, { replaces, mode }: Placing): Promise<WholeFile> {
  if (!replaces) await refuseExisting(file)
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`)
  // What lies there is of a process that is gone; written over, it would keep its own mode, or lead elsewhere.
  await rm(beside, { force: true })
  const stream = createWriteStream(beside, {
    flags: 'wx',
    flush: true,
    ...(mode === undefined ? {} : { mode }),
  })
  const done = finished(stream)
  done.catch(() => {})
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve())
    stream.once('error', (error) => reject(problem(file, `cannot be written: ${messageOf(error)}`, error)))
  })
  return {
    stream,
    async close() {
      stream.end()
      await done
      try {
        if (replaces) await rename(beside, file)
        else await place(beside, file)
      } finally {
        await rm(beside, { force: true })
      }
    },
    async discard() {
      stream.destroy()
      await rm(beside, { force: true })
    },
  }
}

async function refuseExisting(file: string): Promise<void> {
  const handle = await open(file, 'r').catch(() => null)
  await handle?.close()
  if (handle !== null) throw isThere(file)
}

/** A link is made only where nothing is; a disk that knows no links gets a copy. */
async function place(beside: string, file: string): Promise<void> {
  try {
    await link(beside, file)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw isThere(file, error)
    await copyFile(beside, file, constants.COPYFILE_EXCL).catch((second: unknown) => {
      throw codeOf(second) === 'EEXIST'
        ? isThere(file, second)
        : problem(file, `cannot be written: ${messageOf(second)}`, second)
    })
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

function isThere(file: string, cause?: unknown): InputError {
  return problem(file, 'is there already; name another file, or let --force replace it', cause)
}

function problem(where: string, message: string, cause: unknown): InputError {
  return new InputError([{ where, line: null, message }], { cause })
}
