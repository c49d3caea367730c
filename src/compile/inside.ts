/**
 * Files below the publication's folder, looked up so that nothing outside of it is read: a symbolic link may stand for
 * a file, but must not lead out, and a device or pipe is no file.
 */

import type { Stats } from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import path from 'node:path'

/** A name too long or a file where a folder should be is as absent as a name that is not there. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'])

export type Inside =
  /** `changedMs`: when its words or its name last changed, which nobody can set back. */
  | { readonly kind: 'file'; readonly sizeBytes: number; readonly changedMs: number }
  | { readonly kind: 'folder' }
  | { readonly kind: 'absent' }
  /** A link that leads out of the root. */
  | { readonly kind: 'outside' }
  /** A device, a pipe or a socket: reading it may never end. */
  | { readonly kind: 'special' }

/** What lies at `relative` below `root`, which is absolute. Links in the folders on the way are followed too. */
export async function lookInside(root: string, relative: string): Promise<Inside> {
  const file = path.join(root, relative)
  try {
    const found = await lstat(file)
    // Most files are no links, and one folder holds many: only a link costs the walk.
    if (!found.isSymbolicLink()) return describe(found)
    return (await isWithin(root, file)) ? describe(await stat(file)) : { kind: 'outside' }
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return { kind: 'absent' }
    throw error
  }
}

/** Whether `file`, an existing one, lies below `folder` once every link is followed. */
export async function isWithin(folder: string, file: string): Promise<boolean> {
  const relative = path.relative(await realpath(folder), await realpath(file))
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)
}

function describe(stats: Stats): Inside {
  if (stats.isFile()) return { kind: 'file', sizeBytes: stats.size, changedMs: stats.ctimeMs }
  return { kind: stats.isDirectory() ? 'folder' : 'special' }
}
