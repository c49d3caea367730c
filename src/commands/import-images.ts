/** The images of imported posts: copied from beside the post into `images/`, never from anywhere else. */

import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { imageSize } from 'image-size'
import type { PlacedImage } from '../issue/import/placed-images.js'
import { type ImportSource, passesLink } from './import-source.js'

/** Bytes: what a build takes. */
const MAX_IMAGE_BYTES = 2 * 1024 * 1024
const ENDINGS: ReadonlySet<string> = new Set(['png', 'jpg', 'gif'])
const FOLDERS = ['', 'static/', 'public/', 'assets/', 'src/']

export interface ImageCopy {
  readonly source: ImportSource
  /** Of the post, below the source's folder; '' is its top. */
  readonly folder: string
  /** Absolute: where the issue files go. */
  readonly outDir: string
  readonly isDry: boolean
}

/** `written` is a path as the post has it, or a `data:` URL. */
export async function copyImage(written: string, copy: ImageCopy): Promise<PlacedImage> {
  const found = written.startsWith('data:') ? readDataUrl(written) : await readBeside(written, copy)
  if ('reason' in found) return { kind: 'refused', reason: found.reason }
  const { bytes, name } = found
  if (bytes.length > MAX_IMAGE_BYTES)
    return { kind: 'refused', reason: `has ${bytes.length} bytes, of which ${MAX_IMAGE_BYTES} are the most` }
  const ending = endingOf(bytes)
  if (!ENDINGS.has(ending))
    return { kind: 'refused', reason: `is ${ending || 'no image'}; mail readers show png, jpg and gif` }
  return { kind: 'copied', path: await keep(bytes, { stem: stemOf(name), ending, copy }) }
}

type Found = { readonly bytes: Uint8Array; readonly name: string } | { readonly reason: string }

function readDataUrl(url: string): Found {
  const [, isBase64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/is.exec(url) ?? []
  if (isBase64 === undefined) return { reason: 'is written in a way that cannot be read' }
  return { bytes: Buffer.from(decodePath(data), 'base64'), name: 'image' }
}

async function readBeside(written: string, { source, folder }: ImageCopy): Promise<Found> {
  const file = decodePath(written.replace(/[?#].*$/s, '')).replaceAll('\\', '/')
  const fromTop = FOLDERS.map((above) => above + file.replace(/^\/+/, ''))
  const candidates = file.startsWith('/') ? fromTop : [path.posix.join(folder, file), ...fromTop]
  let reason = 'was not found beside it'
  for (const candidate of candidates) {
    const relative = path.posix.normalize(candidate)
    if (relative.startsWith('..') || path.posix.isAbsolute(relative) || relative.includes('\0')) {
      reason = 'lies outside of what is imported'
      continue
    }
    const absolute = path.join(source.folder, relative)
    const size = await sizeOf(absolute)
    if (size === null) continue
    if (await passesLink(source.folder, relative))
      return { reason: 'is a symbolic link; copy the file there itself' }
    if (size > MAX_IMAGE_BYTES)
      return { reason: `has ${size} bytes, of which ${MAX_IMAGE_BYTES} are the most` }
    return { bytes: await readFile(absolute), name: path.posix.basename(relative) }
  }
  return { reason }
}

/** Null when no file is there. */
async function sizeOf(file: string): Promise<number | null> {
  try {
    const stats = await stat(file)
    return stats.isFile() ? stats.size : null
  } catch (error) {
    if (
      isError(error, 'ENOENT') ||
      isError(error, 'ENOTDIR') ||
      isError(error, 'ENAMETOOLONG') ||
      isError(error, 'ELOOP')
    )
      return null
    throw error
  }
}

function endingOf(bytes: Uint8Array): string {
  try {
    return imageSize(bytes).type ?? ''
  } catch {
    // image-size throws for anything it does not know: that is the answer, not an error.
    return ''
  }
}

interface Keeping {
  readonly stem: string
  readonly ending: string
  readonly copy: ImageCopy
}

/** Under its name, or one with a number behind it where another image has that name already. */
async function keep(bytes: Uint8Array, { stem, ending, copy }: Keeping): Promise<string> {
  const folder = path.join(copy.outDir, 'images')
  if (!copy.isDry) await mkdir(folder, { recursive: true })
  for (let count = 1; ; count++) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}.${ending}`
    const target = path.join(folder, name)
    if (copy.isDry || (await writeNew(target, bytes))) return `images/${name}`
    if (Buffer.compare(await readFile(target), bytes) === 0) return `images/${name}`
  }
}

/** False when there is such a file already. */
async function writeNew(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeFile(file, bytes, { flag: 'wx' })
    return true
  } catch (error) {
    if (!isError(error, 'EEXIST')) throw error
    return false
  }
}

function stemOf(name: string): string {
  const stem = name
    .replace(/\.\w{1,5}$/, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return stem.slice(0, 80) || 'image'
}

function decodePath(source: string): string {
  try {
    return decodeURIComponent(source)
  } catch {
    return source
  }
}

function isError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
