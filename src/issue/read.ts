/** Publications and issues on the disk, below a root. The only file of this folder that touches it. */

import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError, type Problem } from '../errors.js'
import { readFrontMatter } from './front-matter.js'
import type { Issue } from './issue.js'
import { nearestFew } from './nearest.js'
import { PUBLICATION_FILE, type Publication } from './publication.js'
import { parsePublication } from './publication-file.js'
import { cleanSource, MAX_SOURCE_BYTES } from './source.js'

/** The editor's folder under the root. */
const FOLDER = 'issues'
const WORDS_FILE = `${FOLDER}/words.txt`

/** A name too long or a file where a folder should be is as absent as a name that is not there. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'])

/** How many issues "no such issue" names. */
const MAX_SUGGESTIONS = 3

/** An issue of the folder, or what keeps it from being one. */
export type IssueListing =
  | { readonly kind: 'issue'; readonly slug: string; readonly file: string; readonly issue: Issue }
  | {
      readonly kind: 'broken'
      readonly slug: string
      readonly file: string
      readonly problems: readonly Problem[]
    }

/** Reads `issues/newsletter.yaml`. Throws InputError when it is missing or wrong. */
export async function readPublication(root: string): Promise<Publication> {
  const file = path.join(root, PUBLICATION_FILE)
  await refuseWayOut(root, file)
  return parsePublication({ file: PUBLICATION_FILE, source: await readText(file, PUBLICATION_FILE) })
}

/** Reads one issue, named by slug or path as in `resolveIssueFile`. Throws InputError with every problem. */
export async function readIssue(root: string, slugOrPath: string): Promise<Issue> {
  const file = await resolveIssueFile(root, slugOrPath)
  const listing = await readListing(file, await openFolder(root))
  if (listing.kind === 'broken') throw new InputError(listing.problems)
  return listing.issue
}

/** Words that the publication spells its own way, from `issues/words.txt`: a line each, `#` begins a note. */
export async function readWords(root: string): Promise<readonly string[]> {
  const file = path.join(root, WORDS_FILE)
  if ((await statOf(file)) === null) return []
  await refuseWayOut(root, file)
  const lines = cleanSource(await readText(file, WORDS_FILE)).split('\n')
  return lines.map((line) => line.replace(/#.*$/, '').trim()).filter((line) => line !== '')
}

/** Every issue of the folder in the order of dates; a number that two of them bear is a problem of both. */
export async function listIssues(root: string): Promise<readonly IssueListing[]> {
  const folder = await openFolder(root)
  const listings: IssueListing[] = []
  for (const name of folder.names) listings.push(await readListing(path.join(root, FOLDER, name), folder))
  return listings
}

/**
 * The absolute path of an issue file, given its slug, `slug.md`, or a path (relative to the root, else to the current
 * folder). A path that climbs with ".." is refused, and so is a file inside the root that links out of it. Throws
 * InputError, naming the nearest issues, when there is no such file.
 */
export async function resolveIssueFile(root: string, slugOrPath: string): Promise<string> {
  const isSlug = !/[/\\]/.test(slugOrPath)
  const name = slugOrPath.endsWith('.md') ? slugOrPath : `${slugOrPath}.md`
  if (
    slugOrPath.includes('\0') ||
    slugOrPath.split(/[/\\]/).includes('..') ||
    (!isSlug && name !== slugOrPath)
  )
    throw new InputError(
      `"${slugOrPath}" names no issue; write its slug, or the path of a .md file without ".."`,
    )
  const candidates = isSlug
    ? [path.resolve(root, FOLDER, name), path.resolve(root, name), path.resolve(name)]
    : [path.resolve(root, name), path.resolve(name)]
  for (const file of candidates) {
    const stats = await statOf(file)
    if (stats === null) continue
    if (!stats.isFile())
      throw new InputError(
        `${nameOf(root, file)} is no file; an issue is a file that can be read and written`,
      )
    await refuseWayOut(root, file)
    return file
  }
  throw new InputError(describeMissing(slugOrPath, await issueNames(root)))
}

function describeMissing(slugOrPath: string, names: readonly string[]): string {
  const slugs = names.map((name) => name.slice(0, -'.md'.length))
  const wanted = path.basename(slugOrPath, '.md')
  const near = [
    ...new Set([
      ...slugs.filter((slug) => slug.includes(wanted)),
      ...nearestFew(wanted, slugs, MAX_SUGGESTIONS),
    ]),
  ]
  const suggestions = near.length > 0 ? near : slugs.slice(-MAX_SUGGESTIONS)
  const advice =
    suggestions.length > 0
      ? `the nearest are ${suggestions.slice(0, MAX_SUGGESTIONS).join(', ')}`
      : `${FOLDER}/ holds none yet; write ${FOLDER}/YYYY-MM-DD-slug.md`
  return `there is no issue "${slugOrPath}"; ${advice}`
}

/** A link in the editor's folder must not publish what lies elsewhere on the machine. */
async function refuseWayOut(root: string, file: string): Promise<void> {
  if (!isInside(path.resolve(root), file) || (await statOf(file)) === null) return
  if (await isReallyInside(root, file)) return
  throw new InputError(`${nameOf(root, file)} links to a file outside ${path.resolve(root)}; copy it here`)
}

async function isReallyInside(root: string, file: string): Promise<boolean> {
  return isInside(await realpath(root), await realpath(file))
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)
}

/** Null when there is nothing at the path. */
async function statOf(file: string) {
  try {
    return await stat(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return null
    throw error
  }
}

/** A file as messages name it: relative to the root, absolute outside of it. */
function nameOf(root: string, file: string): string {
  const absolute = path.resolve(root)
  return isInside(absolute, file) ? path.relative(absolute, file).split(path.sep).join('/') : file
}

/** Names of the Markdown files in the folder, in order; its README is for editors. */
async function issueNames(root: string): Promise<readonly string[]> {
  const folder = path.join(root, FOLDER)
  if (!(await statOf(folder))?.isDirectory()) return []
  const names = await readdir(folder)
  return names.filter((name) => name.endsWith('.md') && name !== 'README.md').sort()
}

/** What reading one issue takes from all that lies beside it. */
interface Folder {
  readonly root: string
  readonly publication: Publication
  readonly names: readonly string[]
  readonly numbers: readonly IssueNumber[]
}

interface IssueNumber {
  readonly file: string
  readonly number: number
  readonly line: number
}

async function openFolder(root: string): Promise<Folder> {
  const publication = await readPublication(root)
  const names = await issueNames(root)
  const numbers: IssueNumber[] = []
  for (const name of names) numbers.push(...(await readNumber(root, `${FOLDER}/${name}`)))
  return { root, publication, names, numbers }
}

/** An issue's number, from its front matter alone: a broken text does not hide it. */
async function readNumber(root: string, file: string): Promise<readonly IssueNumber[]> {
  const absolute = path.join(root, file)
  const stats = await statOf(absolute)
  const isReadable = stats?.isFile() && stats.size <= MAX_SOURCE_BYTES
  if (!isReadable || !(await isReallyInside(root, absolute))) return []
  const { frontMatter, lineOf } = readFrontMatter(file, cleanSource(await readFile(absolute, 'utf8')))
  const { number } = frontMatter
  return number === null ? [] : [{ file, number, line: lineOf('number') }]
}

async function readListing(file: string, folder: Folder): Promise<IssueListing> {
  const { root, publication, numbers } = folder
  const slug = path.basename(file, '.md')
  const name = nameOf(root, file)
  const twins = findTwins(name, numbers)
  try {
    await refuseWayOut(root, file)
    // Most commands read what all issues share, and no issue.
    const { parseIssue } = await import('./parse.js')
    const issue = parseIssue({ file: name, slug, source: await readText(file, name), publication })
    if (twins.length === 0) return { kind: 'issue', slug, file: name, issue }
    return { kind: 'broken', slug, file: name, problems: twins }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { kind: 'broken', slug, file: name, problems: [...error.problems, ...twins] }
  }
}

function findTwins(file: string, numbers: readonly IssueNumber[]): readonly Problem[] {
  const own = numbers.find((entry) => entry.file === file)
  const twin = numbers.find((entry) => entry.file !== file && entry.number === own?.number)
  if (own === undefined || twin === undefined) return []
  const message = `number ${own.number} is also that of ${twin.file}; give one of them another`
  return [{ where: file, line: own.line, message }]
}

/** Throws InputError when `file` cannot be read; `name` is how the message names it. */
async function readText(file: string, name: string): Promise<string> {
  const stats = await statOf(file)
  if (!stats?.isFile()) throw new InputError(`${name} is missing; write it, or name its root with --root`)
  if (stats.size > MAX_SOURCE_BYTES)
    throw new InputError([
      {
        where: name,
        line: null,
        message: `the file has ${stats.size} bytes; ${MAX_SOURCE_BYTES} is the most`,
      },
    ])
  return readFile(file, 'utf8')
}
