/**
 * The files that an Issue is compiled from, named by content: what a key of the cache and a manifest are made of. All
 * of `templates/` but pictures, since which Template it is stands in the Issue, and what lies beside the Issues.
 */

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { isWithin, lookInside } from './inside.js'

export interface InputFile {
  /** Relative to the root, with `/`. */
  readonly path: string
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string
}

/** Beside a template lie pictures of it and a README, beside issues whom the studio looks at them as. */
const NO_INPUT = /\.(?:png|jpe?g|gif|md)$|^readers\.yaml$/i
/** What is larger is refused by whoever reads it. */
const MAX_BYTES = 1_000_000

/** In the order of their paths. `issueFile` is absolute and may lie anywhere. */
export async function readInputFiles(root: string, issueFile: string): Promise<readonly InputFile[]> {
  const issue = path.relative(root, issueFile).split(path.sep).join('/')
  const templates = await namesIn(root, 'templates')
  const files = [
    ...(await readFolder(root, 'issues')),
    ...(await Promise.all(templates.map((name) => readFolder(root, `templates/${name}`)))).flat(),
    { path: issue, sha256: hashBytes(await readFile(issueFile)) },
  ]
  return files.sort((one, other) => (one.path < other.path ? -1 : 1))
}

/** SHA-256 of a list of files, hex: another path, another content or one more makes another. */
export function hashFiles(files: readonly InputFile[]): string {
  return hashBytes(files.map(({ path: file, sha256 }) => `${sha256}  ${file}\n`).join(''))
}

export function hashBytes(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readFolder(root: string, folder: string): Promise<readonly InputFile[]> {
  const names = (await namesIn(root, folder)).filter((name) => !NO_INPUT.test(name))
  const read = await Promise.all(names.map((name) => readOne(root, `${folder}/${name}`)))
  return read.filter((file) => file !== null)
}

async function readOne(root: string, file: string): Promise<InputFile | null> {
  const found = await lookInside(root, file)
  if (found.kind !== 'file' || found.sizeBytes > MAX_BYTES) return null
  return { path: file, sha256: hashBytes(await readFile(path.join(root, file))) }
}

async function namesIn(root: string, folder: string): Promise<readonly string[]> {
  const found = await lookInside(root, folder)
  const isOurs = found.kind === 'folder' && (await isWithin(root, path.join(root, folder)))
  return isOurs ? (await readdir(path.join(root, folder))).sort() : []
}
