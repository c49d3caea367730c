/**
 * What is remembered of past issues: subject, number and links of every issue file, none of them compiled. A file that
 * cannot be read is left out: an old mistake is no reason to stop a new issue. One is read again when its time or size
 * is another.
 */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { readFrontMatter } from '../issue/front-matter.js'
import type { HoledLine } from '../issue/hole.js'
import type { Issue } from '../issue/issue.js'
import { cleanSource, MAX_SOURCE_BYTES } from '../issue/parse.js'
import type { PastIssue } from './checks/check.js'
import { isWithin, lookInside } from './inside.js'
import { findUrls } from './past-urls.js'

const FOLDER = 'issues'
/** Files read at once. */
const AT_ONCE = 16

/** Every issue file of a root that can be read, the newest first. */
export type ReadPast = (root: string) => Promise<readonly PastIssue[]>

interface Remembered {
  readonly changedMs: number
  readonly sizeBytes: number
  readonly issue: PastIssue | null
}

/** Remembers for as long as the function is kept. `root` is absolute. */
export function openPast(): ReadPast {
  const memory = new Map<string, Remembered>()
  return async (root) => {
    const issues: PastIssue[] = []
    const names = await issueNames(root)
    for (let first = 0; first < names.length; first += AT_ONCE) {
      const some = names.slice(first, first + AT_ONCE)
      const read = await Promise.all(some.map((name) => recall(memory, root, `${FOLDER}/${name}`)))
      issues.push(...read.filter((issue) => issue !== null))
    }
    return issues.sort(newestFirst)
  }
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

async function recall(
  memory: Map<string, Remembered>,
  root: string,
  file: string,
): Promise<PastIssue | null> {
  const absolute = path.join(root, file)
  const found = await lookInside(root, file)
  if (found.kind !== 'file' || found.sizeBytes > MAX_SOURCE_BYTES) return null
  const known = memory.get(absolute)
  if (known?.changedMs === found.changedMs && known.sizeBytes === found.sizeBytes) return known.issue
  const issue = readPastIssue(file, await readFile(absolute, 'utf8'))
  memory.set(absolute, { changedMs: found.changedMs, sizeBytes: found.sizeBytes, issue })
  return issue
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
