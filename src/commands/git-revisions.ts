/** What git keeps of a publication: the commits that touched an issue, and its files as they were in one of them. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { InputError } from '../errors.js'
import type { RevisionLine, Revisions } from '../web/studio/context.js'
import { askGit, findTop } from './git.js'

const OURS = ['issues', 'templates']
const MAX_LISTED = 12
const MAX_FILES = 5_000
const MAX_BYTES = 128_000_000
/** A file, or a program, which is a file here. Links and submodules stay away: they may lead anywhere. */
const FILE = /^(?:100644|100664|100755) blob ([0-9a-f]{40,64}) +(\d+)\t(.+)$/s
/** What git forbids in names of branches and tags, and what would be no name but a search. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they stand in no name
const NO_NAME = /^-|[\u0000-\u0020\u007f:?*[\\]|^$/

/** `root`: absolute; it may be a folder below the repository's top. */
export function openRevisions(root: string): Revisions {
  return {
    async list(file) {
      try {
        return { commits: await readLog(root, file), why: '' }
      } catch (error) {
        if (error instanceof InputError) return { commits: [], why: error.message }
        throw error
      }
    },
    find: (name) => findCommit(root, name),
    async take(id, work) {
      const folder = await mkdtemp(path.join(tmpdir(), 'pressrun-revision-'))
      try {
        await unpack(root, { id, folder })
        return await work(folder)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** Newest first. */
async function readLog(root: string, file: string): Promise<readonly RevisionLine[]> {
  const { top, below } = findRepository(root)
  if ((await findCommit(root, 'HEAD')) === null) throw new InputError('there is no commit yet')
  const log = await ask(top, [
    ...['log', '-z', `--max-count=${MAX_LISTED}`, '--no-show-signature', '--no-color', '--encoding=UTF-8'],
    ...['--format=%H %ct %s', '--end-of-options', 'HEAD', '--', below(file)],
  ])
  return log
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, id, seconds, subject = ''] = /^([0-9a-f]+) (\d+) (.*)$/s.exec(line) ?? []
      return id === undefined ? [] : [{ id, subject: subject.trim(), at: Number(seconds) * 1000 }]
    })
}

/** The whole id of what a branch, a tag or a commit is called; null when nothing is called so, or several are. */
async function findCommit(root: string, name: string): Promise<string | null> {
  const { top } = findRepository(root)
  if (NO_NAME.test(name) || name.length > 200) return null
  try {
    const command = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
    return (await askGit(top, command)).toString('utf8').trim()
  } catch (error) {
    if (isMissing(error)) throw new InputError(NO_GIT, { cause: error })
    return null
  }
}

/** As git stores them: no filter, no line ends, no attributes. */
async function unpack(
  root: string,
  { id, folder }: { readonly id: string; readonly folder: string },
): Promise<void> {
  const { top, below } = findRepository(root)
  const tree = await ask(top, ['ls-tree', '-r', '-z', '-l', '--full-tree', id, '--', ...OURS.map(below)])
  const files = tree
    .toString('utf8')
    .split('\0')
    .flatMap((entry) => readEntry(entry, { id, above: below('') }))
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (files.length > MAX_FILES || bytes > MAX_BYTES)
    throw new InputError(
      `${id.slice(0, 7)} holds ${files.length} files of ${bytes} bytes; ${MAX_FILES} and ${MAX_BYTES} are the most`,
    )
  const blobs = await ask(top, ['cat-file', '--batch'], {
    input: files.map(({ blob }) => `${blob}\n`).join(''),
    maxBytes: MAX_BYTES + MAX_FILES * 200,
  })
  let at = 0
  for (const { name, sizeBytes } of files) {
    // `<id> blob <size>` and a line's end before, a line's end after.
    const start = blobs.indexOf('\n', at) + 1
    const target = path.join(folder, ...name.split('/'))
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, blobs.subarray(start, start + sizeBytes))
    at = start + sizeBytes + 1
  }
}

interface Entry {
  readonly blob: string
  readonly sizeBytes: number
  /** Relative to the root, with `/`. */
  readonly name: string
}

function readEntry(text: string, { id, above }: { readonly id: string; readonly above: string }): Entry[] {
  const [, blob = '', size = '', name = ''] = FILE.exec(text) ?? []
  if (blob === '' || !name.startsWith(above)) return []
  const own = name.slice(above.length)
  const parts = own.split('/')
  // git itself takes no such name; what was made to look like a repository may.
  const isOdd = parts.some((part) => ['', '.', '..'].includes(part) || /[\\\0]/.test(part))
  if (isOdd) throw new InputError(`${id.slice(0, 7)} holds a file named "${own}", which is written nowhere`)
  return [{ blob, sizeBytes: Number(size), name: own }]
}

const NO_GIT = 'git is not installed here, so there are no earlier revisions to look at'

/** `below`: what git calls a file of the root. */
function findRepository(root: string) {
  const top = findTop(root)
  if (top === null) throw new InputError(`${root} is in no git repository, so it has no earlier revisions`)
  const prefix = path.relative(top, root).split(path.sep).join('/')
  return { top, below: (file: string) => (prefix === '' ? file : `${prefix}/${file}`) }
}

async function ask(top: string, ...question: [readonly string[], { input: string; maxBytes: number }?]) {
  try {
    return await askGit(top, ...question)
  } catch (error) {
    if (isMissing(error)) throw new InputError(NO_GIT, { cause: error })
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new InputError(`git could not say what it keeps: ${said.split('\n')[0] ?? ''}`, { cause: error })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
