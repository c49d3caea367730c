/**
 * What is remembered of past issues: subject, number and links of every issue file, none of them compiled. A file that
 * cannot be read is left out: an old mistake is no reason to stop a new issue. One is read again when its times or size
 * are others; what was read is kept in the cache, for the next command.
 */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { readFrontMatter } from '../issue/front-matter.js'
import type { HoledLine } from '../issue/hole.js'
import type { Issue } from '../issue/issue.js'
import { cleanSource, MAX_SOURCE_BYTES } from '../issue/source.js'
import { findKept, keep } from './build-cache.js'
import type { PastIssue } from './checks/check.js'
import { printCode } from './code-print.js'
import { hashBytes } from './input-files.js'
import { isWithin, lookInside } from './inside.js'
import { findUrls } from './past-urls.js'

const FOLDER = 'issues'
/** Files read at once. */
const AT_ONCE = 16

/** Every issue file of a root that can be read, the newest first; both are absolute, null: nothing is kept. */
export type ReadPast = (root: string, cacheFolder: string | null) => Promise<readonly PastIssue[]>

interface Remembered {
  readonly changedMs: number
  readonly sizeBytes: number
  readonly issue: PastIssue | null
}

/** By the file's path relative to the root. */
type Memory = ReadonlyMap<string, Remembered>

/** Remembers for as long as the function is kept. */
export function openPast(): ReadPast {
  const memories = new Map<string, Memory>()
  return async (root, cacheFolder) => {
    const place = cacheFolder === null ? null : { cacheFolder, key: await keyOf(root) }
    const before = memories.get(root) ?? (await findMemory(place))
    const now = await look(root, before)
    memories.set(root, now)
    const isSame = now.size === before.size && [...now].every(([file, seen]) => before.get(file) === seen)
    if (place !== null && !isSame) await keep(place.cacheFolder, place.key, [...now])
    return [...now.values()].flatMap(({ issue }) => issue ?? []).sort(newestFirst)
  }
}

interface Place {
  readonly cacheFolder: string
  readonly key: string
}

async function keyOf(root: string): Promise<string> {
  return hashBytes(`past issues of ${root}, read by ${await printCode()}`)
}

async function findMemory(place: Place | null): Promise<Memory> {
  const kept = place === null ? null : await findKept(place.cacheFolder, place.key)
  // Its checksum says that `keep` wrote it, and the key that it was this code.
  return new Map((kept ?? []) as readonly [string, Remembered][])
}

/** Those that came before `issue`, the newest first. */
export function issuesBefore(
  issue: Pick<Issue, 'slug' | 'date'>,
  all: readonly PastIssue[],
): readonly PastIssue[] {
  return all.filter((other) => other.slug !== issue.slug && newestFirst(issue, other) < 0)
}

type Dated = Pick<PastIssue, 'slug' | 'date'>

/** Two of a day stand in the order of their names. */
function newestFirst(one: Dated, other: Dated): number {
  const [a, b] = [`${one.date} ${one.slug}`, `${other.date} ${other.slug}`]
  return a < b ? 1 : a > b ? -1 : 0
}

async function issueNames(root: string): Promise<readonly string[]> {
  const folder = path.join(root, FOLDER)
  if ((await lookInside(root, FOLDER)).kind !== 'folder' || !(await isWithin(root, folder))) return []
  return (await readdir(folder)).filter((name) => name.endsWith('.md') && name !== 'README.md').sort()
}

/** Every file as it is now; what has not changed is the very same entry. */
async function look(root: string, before: Memory): Promise<Memory> {
  const names = await issueNames(root)
  const now = new Map<string, Remembered>()
  for (let first = 0; first < names.length; first += AT_ONCE) {
    const files = names.slice(first, first + AT_ONCE).map((name) => `${FOLDER}/${name}`)
    const seen = await Promise.all(files.map((file) => lookAt(root, file, before.get(file))))
    for (const [index, file] of files.entries()) {
      const remembered = seen[index]
      if (remembered) now.set(file, remembered)
    }
  }
  return now
}

async function lookAt(root: string, file: string, known?: Remembered): Promise<Remembered | null> {
  const found = await lookInside(root, file)
  if (found.kind !== 'file' || found.sizeBytes > MAX_SOURCE_BYTES) return null
  const { changedMs, sizeBytes } = found
  if (known?.changedMs === changedMs && known.sizeBytes === sizeBytes) return known
  return {
    changedMs,
    sizeBytes,
    issue: readPastIssue(file, await readFile(path.join(root, file), 'utf8')),
  }
}

/** Front matter and links alone; null for a file that is no issue yet. */
function readPastIssue(file: string, source: string): PastIssue | null {
  const { frontMatter, body } = readFrontMatter(file, cleanSource(source))
  const { title, date, number, subject } = frontMatter
  if (title === null || date === null) return null
  return {
    slug: path.basename(file, '.md'),
    file,
    date,
    number,
    subject: subject === null ? title : writeSubject(subject),
    urls: findUrls(body),
  }
}

/** As a reader sees it of whom nothing is known. */
function writeSubject(subject: HoledLine): string {
  return subject.map((piece) => (typeof piece === 'string' ? piece : piece.fallback)).join('')
}
