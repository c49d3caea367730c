/** The files that pictures are made of, and what each of them was when it was looked at: names and marks, no contents. */

import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** By path, relative to the root, with `/`. Two marks are the same when nobody has written the file between them. */
export type Marks = ReadonlyMap<string, Mark>

export interface Mark {
  readonly sizeBytes: number
  /** Of the file, its place on the disk and the times it was changed. */
  readonly print: string
}

export interface Inputs {
  readonly files: Marks
  /** Folders that are there, the root among them, by path; what tells a folder from one made anew in its place. */
  readonly folders: ReadonlyMap<string, string>
}

export const INPUT_FOLDERS: readonly string[] = ['issues', 'templates']
/** Anything else beside them is what an editor's program keeps while it saves. */
const INPUT = /\.(?:md|ya?ml|txt|hbs|mjml|css|png|jpe?g|gif|svg|webp)$/i
/** issues/images/2026/december/x.png */
const MAX_DEPTH = 5

/** Does a change of it change a picture? `file` is relative to the root, with `/`. */
export function isInput(file: string): boolean {
  const parts = file.split('/')
  const name = parts.at(-1) ?? ''
  const isOurs = INPUT_FOLDERS.includes(parts[0] ?? '') && !parts.some(isLeftover)
  return isOurs && INPUT.test(name) && name !== 'README.md'
}

/** `.x.md.swp`, `#x.md#`, `x.md~`, `~$x.md`: by their names nobody's own. */
export function isLeftover(name: string): boolean {
  return /^[.~#]|[~#]$/.test(name)
}

/** All there is now. What goes away meanwhile is not there. */
export async function readInputs(root: string): Promise<Inputs> {
  const files = new Map<string, Mark>()
  const folders = new Map<string, string>()
  const own = await statOf(root)
  if (own !== null) folders.set('', String(own.ino))
  await Promise.all(INPUT_FOLDERS.map((folder) => walk(folder, 1)))
  return { files, folders }

  async function walk(folder: string, depth: number): Promise<void> {
    const stats = await statOf(path.join(root, folder))
    if (stats === null || !stats.isDirectory()) return
    folders.set(folder, String(stats.ino))
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => [])
    await Promise.all(
      entries.map(async (entry) => {
        const file = `${folder}/${entry.name}`
        // A link may lead to a folder; only a look tells.
        const mayBeFolder = entry.isDirectory() || entry.isSymbolicLink()
        if (mayBeFolder && depth < MAX_DEPTH && !isLeftover(entry.name)) await walk(file, depth + 1)
        if (entry.isDirectory() || !isInput(file)) return
        const mark = await readMark(root, file)
        if (mark !== null) files.set(file, mark)
      }),
    )
  }
}

/** Null when there is no such file. */
export async function readMark(root: string, file: string): Promise<Mark | null> {
  const stats = await statOf(path.join(root, file))
  if (stats === null || !stats.isFile()) return null
  const { ino, size, mtimeNs, ctimeNs } = stats
  return { sizeBytes: Number(size), print: `${ino} ${size} ${mtimeNs} ${ctimeNs}` }
}

/** Null whatever the reason: what cannot be looked at is told by whoever reads it. */
function statOf(file: string) {
  return stat(file, { bigint: true }).catch(() => null)
}
