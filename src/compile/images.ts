/**
 * The pictures of an Issue: files under `issues/images` and the publication's logo, read once and named by their
 * content. What a file is, its first bytes say, not its name.
 */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { imageSize } from 'image-size'
import { InputError, messageOf, type Problem } from '../errors.js'
import type { Issue, Prose, Section } from '../issue/issue.js'
import type { Publication } from '../issue/publication.js'
import { walk } from '../issue/walk.js'
import type { CompiledImage } from './compiled.js'
import { isWithin, lookInside } from './inside.js'
import { attributeOf } from './tokens.js'

const PICTURES = 'issues/images'
const MAX_IMAGE_BYTES = 2 * 1024 * 1024
/** Pixels along a side; more would take a phone's memory, however few bytes they are packed into. */
const MAX_SIDE = 10_000
const KINDS: Readonly<Record<string, CompiledImage['ext']>> = { png: 'png', jpg: 'jpg', gif: 'gif' }
/** From here on an EXIF orientation lays the picture on its side. */
const LYING_ORIENTATION = 5

export interface IssueImage extends CompiledImage {
  /** Its own, in pixels. */
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/** By the path as the editor wrote it, relative to `issues/`. */
export type IssueImages = ReadonlyMap<string, IssueImage>

/** Reads what the Issue and its masthead show. Throws one InputError naming every missing or odd file. */
export async function readImages(root: string, issue: Issue, publication: Publication): Promise<IssueImages> {
  const images = new Map<string, IssueImage>()
  const problems: Problem[] = []
  for (const { source, where, line } of wantedImages(issue, publication)) {
    if (images.has(source)) continue
    const image = await readImage(root, source)
    if (typeof image === 'string') problems.push({ where, line, message: `image "${source}" ${image}` })
    else images.set(source, image)
  }
  if (problems.length > 0) throw new InputError(problems)
  return images
}

interface WantedImage {
  readonly source: string
  readonly where: string
  readonly line: number | null
}

function wantedImages(issue: Issue, { brand: { logo } }: Publication): readonly WantedImage[] {
  const wanted: WantedImage[] = []
  for (const source of [logo?.file ?? null, logo?.darkFile ?? null]) {
    if (source !== null) wanted.push({ source, where: 'issues/newsletter.yaml', line: null })
  }
  for (const prose of [issue.opening, ...issue.sections.flatMap(proseOf)]) {
    for (const { token, line } of walk(prose)) {
      if (token.type === 'image') wanted.push({ source: attributeOf(token, 'src'), where: issue.file, line })
    }
  }
  return wanted
}

function proseOf(section: Section): readonly Prose[] {
  if (section.kind === 'briefs') return section.items
  if (section.kind === 'commentary') return section.entries.map(({ body }) => body)
  return [section.body]
}

/** Where a picture lies, relative to the root; `source` as the editor wrote it. */
export function pictureFile(source: string): string {
  return path.posix.join('issues', decodePath(source))
}

/** The image, or what is wrong with it. */
async function readImage(root: string, source: string): Promise<IssueImage | string> {
  const name = pictureFile(source)
  // The parser has refused it; nothing is read on its word alone.
  if (!name.startsWith(`${PICTURES}/`))
    return 'is not a file in issues/images; copy it there and write images/NAME'
  try {
    const found = await lookInside(root, name)
    if (found.kind === 'absent') return 'does not exist'
    if (found.kind === 'outside' || !(await isOurs(root, name))) return 'leads out of issues/images'
    if (found.kind !== 'file') return 'is no file that can be read'
    if (found.sizeBytes > MAX_IMAGE_BYTES)
      return `has ${found.sizeBytes} bytes; at most ${MAX_IMAGE_BYTES} (2 MB) are sent`
    return describeImage(await readFile(path.join(root, name)), path.basename(name))
  } catch (error) {
    return `cannot be read (${messageOf(error)})`
  }
}

/** Links may lead from one picture to another, but nowhere else; nor may the folder. */
async function isOurs(root: string, name: string): Promise<boolean> {
  const folder = path.join(root, PICTURES)
  return (await isWithin(root, folder)) && (await isWithin(folder, path.join(root, name)))
}

function describeImage(bytes: Uint8Array, name: string): IssueImage | string {
  const { type, width, height } = sniff(bytes)
  const ext = KINDS[type]
  if (ext === undefined) return `is ${type || 'no image'}; mail readers show png, jpg and gif`
  const named = path.extname(name).slice(1).toLowerCase().replace('jpeg', 'jpg')
  if (named !== ext) return `is ${ext} within; name it ${path.parse(name).name}.${ext}`
  if (width === 0 || height === 0) return 'has no width or height'
  if (Math.max(width, height) > MAX_SIDE)
    return `is ${width} × ${height} pixels; at most ${MAX_SIDE} along a side are sent`
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ext,
    sizeBytes: bytes.length,
    width,
    height,
    bytes,
  }
}

function sniff(bytes: Uint8Array): { type: string; width: number; height: number } {
  try {
    const { type = '', width, height, orientation = 1 } = imageSize(bytes)
    return orientation < LYING_ORIENTATION ? { type, width, height } : { type, width: height, height: width }
  } catch {
    // image-size throws for anything it does not know: that is the answer, not an error.
    return { type: '', width: 0, height: 0 }
  }
}

/** markdown-it percent-encodes what an editor wrote; `%` alone is left as it is. */
function decodePath(source: string): string {
  try {
    return decodeURIComponent(source)
  } catch {
    return source
  }
}
