/** What `pressrun import` was given, on the disk: a file, or the files of a folder. Links are not followed. */

import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../errors.js'
import { decodeText } from './import-text.js'

/** Bytes. A saved page with its images in it has some megabytes. */
const MAX_TEXT_BYTES = 10_000_000
/** Bytes. Ghost exports everything it has as one file. */
const MAX_EXPORT_BYTES = 200_000_000
const MAX_FILES = 50_000
const MAX_DEPTH = 12

export interface ImportSource {
  readonly kind: 'file' | 'folder'
  /** As it was named. */
  readonly name: string
  /** Absolute: the folder that holds everything that may be read. */
  readonly folder: string
  /** Paths below the folder, with slashes, in order. */
  readonly files: readonly string[]
}

/** Throws InputError when there is nothing at `name`. */
export async function openSource(name: string): Promise<ImportSource> {
  const absolute = path.resolve(name)
  const stats = await statOf(absolute, name)
  if (stats.isFile())
    return { kind: 'file', name, folder: path.dirname(absolute), files: [path.basename(absolute)] }
  if (!stats.isDirectory()) throw new InputError(`${name} is neither a file nor a folder`)
  const files: string[] = []
  await listFiles(absolute, '', { files, name, depth: 0 })
  return { kind: 'folder', name, folder: absolute, files: files.sort() }
}

/** How messages name a file of the source. */
export function nameInSource({ kind, name }: ImportSource, file: string): string {
  return kind === 'file' ? name : path.join(name, file).split(path.sep).join('/')
}

/** The text of a file, in whatever encoding. Throws InputError for what is no text. */
export async function readSourceText(source: ImportSource, file: string): Promise<string> {
  const name = nameInSource(source, file)
  const absolute = path.join(source.folder, file)
  const { size } = await statOf(absolute, name)
  const most = file.endsWith('.json') ? MAX_EXPORT_BYTES : MAX_TEXT_BYTES
  if (size > most) throw new InputError(`${name} has ${size} bytes; ${most} is the most`)
  const bytes = await readFile(absolute)
  refuseBinary(bytes, name)
  return decodeText(bytes)
}

async function statOf(file: string, name: string) {
  try {
    return await stat(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')))
      throw error
    throw new InputError(`there is no file ${name}; name a text, a page, or the folder of an export`, {
      cause: error,
    })
  }
}

interface Listing {
  readonly files: string[]
  readonly name: string
  readonly depth: number
}

async function listFiles(folder: string, below: string, { files, name, depth }: Listing): Promise<void> {
  if (depth > MAX_DEPTH) return
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === '__MACOSX') continue
    if (entry.isDirectory())
      await listFiles(path.join(folder, entry.name), `${below}${entry.name}/`, {
        files,
        name,
        depth: depth + 1,
      })
    else if (entry.isFile()) files.push(`${below}${entry.name}`)
    if (files.length > MAX_FILES)
      throw new InputError(`${name} holds more than ${MAX_FILES} files; name the folder of the export itself`)
  }
}

/** Whether a file of the source, or a folder on the way to it, is a symbolic link. */
export async function passesLink(folder: string, file: string): Promise<boolean> {
  let current = folder
  for (const part of file.split('/')) {
    current = path.join(current, part)
    if ((await lstat(current)).isSymbolicLink()) return true
  }
  return false
}

const ZIPS = ['PK\u0003\u0004', 'PK\u0005\u0006']
const ARCHIVES = ['\u001f\u008b', '7z\u00bc\u00af', 'Rar!']
const OTHERS = ['%PDF', '\u00d0\u00cf\u0011\u00e0', '{\\rtf']

/** Formats that hold text, and what would make it readable. */
function refuseBinary(bytes: Uint8Array, name: string): void {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  const isOneOf = (marks: readonly string[]) => marks.some((mark) => start.startsWith(mark))
  if (isOneOf(ZIPS))
    throw new InputError(
      /\.(?:docx|odt|epub|pages)$/i.test(name)
        ? `${name} is a word processor's file; save it as HTML or plain text first`
        : `${name} is a zip archive; unzip it first, and name the folder`,
    )
  if (isOneOf(ARCHIVES)) throw new InputError(`${name} is an archive; unpack it first, and name the folder`)
  if (isOneOf(OTHERS))
    throw new InputError(`${name} is no text; save it as HTML, Markdown or plain text first`)
}
