/**
 * A maildir, or a folder of .eml files. What is on record is moved: in a maildir from `new/` to `cur/`, seen when it was ours,
 * flagged when it could not be taken; in a folder to `done/`, `kept/` or `aside/` beside the files. A crash between record and
 * move means that it is looked at once more, and known.
 */

import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { readDeliveredTo } from './delivered-to.js'
import { type Disposal, MAX_MAIL_BYTES, type Mailbox, type TakeMail } from './mailbox.js'
import type { FolderSettings } from './mailbox-url.js'

/** Read in one pass; the others in the next. */
const MAX_NAMES = 10_000

export function openMailFolder({ kind, name, path: folder }: FolderSettings): Mailbox {
  const shape = kind === 'maildir' ? maildir(folder) : emlFolder(folder)
  return {
    name,
    async readAll(take: TakeMail, stop: AbortSignal) {
      const names = (await readdir(shape.from)).filter(shape.isMail).sort().slice(0, MAX_NAMES)
      for (const file of names) {
        if (stop.aborted) return
        const bytes = await readStart(path.join(shape.from, file))
        if (bytes === null) continue
        const disposal = await take({
          source: 'maildir',
          bytes,
          envelopeTo: readDeliveredTo(bytes),
          envelope: null,
        })
        if (disposal !== 'later') await move(path.join(shape.from, file), shape.to(file, disposal))
      }
    },
  }
}

interface Shape {
  readonly from: string
  readonly isMail: (name: string) => boolean
  readonly to: (name: string, disposal: Exclude<Disposal, 'later'>) => string
}

/** A name in `new/` has no flags yet (cr.yp.to/proto/maildir.html). */
function maildir(folder: string): Shape {
  const flags = { done: 'S', kept: '', aside: 'F' } as const
  return {
    from: path.join(folder, 'new'),
    isMail: (name) => !name.startsWith('.'),
    to: (name, disposal) => path.join(folder, 'cur', `${name.replace(/:.*$/, '')}:2,${flags[disposal]}`),
  }
}

function emlFolder(folder: string): Shape {
  return {
    from: folder,
    isMail: (name) => /^[^.].*\.eml$/i.test(name),
    to: (name, disposal) => path.join(folder, disposal, name),
  }
}

/** As much as any report is long. Null: another was faster, or it is no file. */
async function readStart(file: string): Promise<Uint8Array | null> {
  let handle: FileHandle | undefined
  try {
    // A link could lead to a file that is none of ours, and a pipe would be waited for.
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    if (!(await handle.stat()).isFile()) return null
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_MAIL_BYTES), 0, MAX_MAIL_BYTES, 0)
    return Uint8Array.from(buffer.subarray(0, bytesRead))
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ELOOP', 'EISDIR', 'ENXIO')) return null
    throw error
  } finally {
    await handle?.close()
  }
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 })
  try {
    await rename(from, to)
  } catch (error) {
    // Another that reads the same folder was faster.
    if (!isCode(error, 'ENOENT')) throw error
  }
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
