/**
 * What the heads of all issue files say, without reading on: a folder may hold hundreds, and one that is broken is there as
 * well. A file is read again when its times or its size are others.
 */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Inside, isWithin, lookInside } from '../../compile/inside.js'
import { messageOf, type Problem } from '../../errors.js'
import { readFrontMatter } from '../../issue/front-matter.js'
import { cleanSource, MAX_SOURCE_BYTES } from '../../issue/source.js'

const FOLDER = 'issues'
/** Files read at once. */
const AT_ONCE = 16

export interface IssueHead {
  readonly slug: string
  /** Relative to the root. */
  readonly file: string
  /** Another one when the file was written to. */
  readonly print: string
  readonly title: string | null
  readonly number: number | null
  /** `YYYY-MM-DD` */
  readonly date: string | null
  /** As a reader sees it of whom nothing is known; null: the title. */
  readonly subject: string | null
  /** What keeps the head from being read. */
  readonly problems: readonly Problem[]
}

/** The newest first. Remembers for as long as the function is kept. */
export function openHeads(root: string): () => Promise<readonly IssueHead[]> {
  let known = new Map<string, IssueHead>()
  return async () => {
    const names = await issueNames(root)
    const now = new Map<string, IssueHead>()
    for (let first = 0; first < names.length; first += AT_ONCE) {
      const some = names.slice(first, first + AT_ONCE)
      const heads = await Promise.all(some.map((name) => readHead(root, `${FOLDER}/${name}`, known)))
      for (const head of heads) if (head !== null) now.set(head.file, head)
    }
    known = now
    return [...now.values()].sort(newestFirst)
  }
}

/** Of an issue's file, without reading it; null where there is none. */
export async function printOf(root: string, file: string): Promise<string | null> {
  const found = await lookInside(root, file)
  return found.kind === 'file' ? writePrint(found) : null
}

function writePrint({ changedMs, sizeBytes }: Extract<Inside, { readonly kind: 'file' }>): string {
  return `${changedMs}:${sizeBytes}`
}

async function issueNames(root: string): Promise<readonly string[]> {
  if ((await lookInside(root, FOLDER)).kind !== 'folder') return []
  const folder = path.join(root, FOLDER)
  if (!(await isWithin(root, folder))) return []
  return (await readdir(folder)).filter((name) => name.endsWith('.md') && name !== 'README.md')
}

async function readHead(
  root: string,
  file: string,
  known: ReadonlyMap<string, IssueHead>,
): Promise<IssueHead | null> {
  const found = await lookInside(root, file)
  if (found.kind !== 'file') return null
  const print = writePrint(found)
  const before = known.get(file)
  if (before?.print === print) return before
  const slug = path.basename(file, '.md')
  const source = found.sizeBytes > MAX_SOURCE_BYTES ? TOO_LONG : await readSource(path.join(root, file))
  if (source === null) return null
  if ('message' in source)
    return { ...EMPTY, slug, file, print, problems: [{ where: file, line: null, ...source }] }
  const { frontMatter, problems } = readFrontMatter(file, cleanSource(source.text))
  const { title, number, date, subject } = frontMatter
  return { slug, file, print, title, number, date, subject: asShown(subject), problems }
}

/** Null when it has gone since it was listed; one that cannot be read keeps nobody from the others. */
async function readSource(
  file: string,
): Promise<{ readonly text: string } | { readonly message: string } | null> {
  try {
    return { text: await readFile(file, 'utf8') }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    return { message: `the file cannot be read (${messageOf(error)}); let the studio read it` }
  }
}

const EMPTY = { title: null, number: null, date: null, subject: null } as const
const TOO_LONG = { message: `the file is too long; ${MAX_SOURCE_BYTES} bytes are the most` } as const

function asShown(subject: ReturnType<typeof readFrontMatter>['frontMatter']['subject']): string | null {
  return subject?.map((piece) => (typeof piece === 'string' ? piece : piece.fallback)).join('') ?? null
}

/** A file whose date cannot be read stands where its name says. */
function newestFirst(one: IssueHead, other: IssueHead): number {
  const [a, b] = [one, other].map(({ slug, date }) => `${date ?? slug.slice(0, 10)} ${slug}`)
  if (a === b || a === undefined || b === undefined) return 0
  return a < b ? 1 : -1
}
