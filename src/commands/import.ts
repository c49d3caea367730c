/**
 * `pressrun import`: texts, pages and the exports of other programs become issue files, ready to be read over. Each is
 * read back as an issue before it is written; nothing that is there is ever overwritten.
 */

import { lstat, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { InputError, type Problem } from '../errors.js'
import type { ArchivePost } from '../issue/import/archive.js'
import type { Note } from '../issue/import/flow.js'
import { readHtml } from '../issue/import/html-source.js'
import { type IssueFile, writeIssueFile } from '../issue/import/issue-file.js'
import { readMarkdown } from '../issue/import/markdown-source.js'
import {
  localImages,
  type PlacedImage,
  type PlacedImages,
  remoteImages,
} from '../issue/import/placed-images.js'
import { firstOf, NO_FIELDS, type Post, type PostContext } from '../issue/import/post.js'
import { importText } from '../issue/import/text.js'
import { nearestFew } from '../issue/nearest.js'
import { parseIssue } from '../issue/parse.js'
import type { Publication } from '../issue/publication.js'
import { copyImage } from './import-images.js'
import { type ImportKind, recognise } from './import-kind.js'
import { type ImportSource, openSource, readSourceText } from './import-source.js'

/** Slugs that "no such post" names. */
const MAX_SUGGESTIONS = 3

export interface ImportInput {
  /** What to import, relative to the current folder. */
  readonly source: string
  /** What it is; null: look. */
  readonly from: ImportKind | null
  /** Names of the posts to take; none: all that were published. */
  readonly only: readonly string[]
  /** Absolute: where the issue files go. */
  readonly outDir: string
  /** Only say what would be done. */
  readonly isDry: boolean
  /** Write what is no valid issue too. */
  readonly keepsBroken: boolean
  /** `YYYY-MM-DD` for a post that has none; null: none was given. */
  readonly date: string | null
  /** The former site, for links that do not say it. */
  readonly site: string | null
  readonly publication: Pick<Publication, 'lang' | 'template' | 'timeZone'>
}

export type ImportResult = 'written' | 'broken' | 'there' | 'listed' | 'left' | 'failed'

export interface ImportedPost {
  readonly name: string
  /** As messages name it. */
  readonly where: string
  readonly title: string | null
  /** Absolute; null when none could be made of it. */
  readonly file: string | null
  readonly result: ImportResult
  readonly notes: readonly Note[]
  /** Images that are linked to, for the editor to download. */
  readonly downloads: readonly string[]
  readonly problems: readonly Problem[]
}

export interface ImportReport {
  readonly kind: string
  readonly posts: readonly ImportedPost[]
}

/** Throws InputError when the source as a whole cannot be read; a post that cannot names itself in the report. */
export async function importPosts(input: ImportInput): Promise<ImportReport> {
  const { timeZone } = input.publication
  const source = await openSource(input.source)
  const found = await recognise(source, { from: input.from, timeZone })
  const taken = new Set<string>()
  if (found === null) {
    const text = await readText(source)
    return { kind: 'text', posts: [await writePost(text, { input, taken })] }
  }
  const posts = choosePosts(found.posts, input)
  const imported: ImportedPost[] = []
  for (const post of posts) {
    const isWanted = post.state === 'published' || input.only.length > 0
    imported.push(isWanted ? await importPost(post, { source, input, taken }) : leave(post))
  }
  const others = input.only.length > 0 ? [] : (found.others ?? [])
  return { kind: found.kind, posts: [...imported, ...others.map((where) => passBy(where, found.kind))] }
}

/** Throws InputError when a name is none. */
function choosePosts(
  posts: readonly ArchivePost[],
  { only, date, source }: ImportInput,
): readonly ArchivePost[] {
  const names = posts.map(({ name }) => name)
  for (const wanted of only) {
    if (names.includes(bareName(wanted))) continue
    const near = nearestFew(wanted, names, MAX_SUGGESTIONS)
    const advice = near.length > 0 ? `the nearest are ${near.join(', ')}` : '--list shows all'
    throw new InputError(`${source} holds no post "${wanted}"; ${advice}`)
  }
  const wanted = new Set(only.map(bareName))
  const chosen = wanted.size === 0 ? posts : posts.filter(({ name }) => wanted.has(name))
  if (date !== null && chosen.length > 1)
    throw new InputError(`--date is the day of one post, and here are ${chosen.length}; name one with --only`)
  return chosen
}

/** Also as the issue file is called: `2026-04-14-ports-reopen`. */
function bareName(name: string): string {
  return name.replace(/\.(?:md|html)$/, '').replace(/^\d{4}-\d{2}-\d{2}-/, '')
}

/** A plain text of a bulletin's kind. */
async function readText(source: ImportSource): Promise<Writable> {
  const text = await readSourceText(source, source.files[0] ?? '')
  const { slug, fileName, title, markdown } = importText(text, source.name)
  return {
    name: slug,
    where: source.name,
    issue: { slug, fileName, title, markdown, notes: [] },
    downloads: [],
  }
}

interface ImportContext {
  readonly source: ImportSource
  readonly input: ImportInput
  /** File names of this run. */
  readonly taken: Set<string>
}

async function importPost(post: ArchivePost, context: ImportContext): Promise<ImportedPost> {
  const { source, input } = context
  try {
    const read = await readPost(post, context)
    const images = await placeAll(read, post, { source, input })
    const issue = writeIssueFile(read, { images, lang: input.publication.lang })
    const downloads = remoteImages(read.blocks, images)
    return await writePost({ name: post.name, where: post.where, issue, downloads }, context)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { ...leave(post), result: 'failed', notes: [], problems: error.problems }
  }
}

function leave({ name, where, fields, state }: ArchivePost): ImportedPost {
  return leftOut({ name, where, title: fields.title }, `it is a ${state}; name it with --only to take it`)
}

/** A text of another kind than its folder. */
function passBy(where: string, kind: string): ImportedPost {
  const message = `it is not ${kind}, as what was taken; name it by itself, or its kind with --from`
  return leftOut({ name: path.posix.basename(where), where, title: null }, message)
}

function leftOut(post: Pick<ImportedPost, 'name' | 'where' | 'title'>, message: string): ImportedPost {
  return {
    ...post,
    file: null,
    result: 'left',
    notes: [{ line: null, message }],
    downloads: [],
    problems: [],
  }
}

async function readPost(post: ArchivePost, { source, input }: ImportContext): Promise<Post> {
  const { text, where } = post
  const context: PostContext = { where, site: input.site, timeZone: input.publication.timeZone }
  const fields = firstOf({ ...NO_FIELDS, date: input.date }, post.fields)
  if (text.kind === 'missing') throw new InputError([{ where, line: null, message: text.message }])
  const written = text.kind === 'file' ? await readSourceText(source, text.file) : text.source
  const kind = text.kind === 'file' ? text.as : text.kind
  const clean = written.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const read =
    kind === 'markdown'
      ? readMarkdown(clean, fields, context)
      : readHtml(
          {
            html: clean,
            fields,
            lines: text.kind === 'file' ? 'written' : 'none',
            part: kind === 'page' ? 'page' : 'text',
          },
          context,
        )
  return { ...read, fields: firstOf(read.fields, post.fallback) }
}

/** Every image that is a file, copied; else where on its site it is. */
async function placeAll(
  read: Post,
  { folder }: ArchivePost,
  { source, input }: Pick<ImportContext, 'source' | 'input'>,
): Promise<PlacedImages> {
  const lead = read.fields.image?.source ?? ''
  const placed = new Map<string, PlacedImage>()
  for (const written of [lead, ...localImages(read.blocks)]) {
    if (written === '' || /^https?:/i.test(written)) continue
    const copied = await copyImage(written, { source, folder, outDir: input.outDir, isDry: input.isDry })
    const isElsewhere = copied.kind === 'refused' && read.base !== null && !written.startsWith('data:')
    const url = isElsewhere && URL.canParse(written, read.base) ? new URL(written, read.base).href : null
    placed.set(written, url === null ? copied : { kind: 'elsewhere', url })
  }
  return placed
}

interface Writable {
  readonly name: string
  readonly where: string
  readonly issue: IssueFile
  readonly downloads: readonly string[]
}

/** Reads the issue back, then writes it if it is not there. */
async function writePost(
  { name, where, issue, downloads }: Writable,
  { input, taken }: Pick<ImportContext, 'input' | 'taken'>,
): Promise<ImportedPost> {
  const slug = freeSlug(issue.slug, taken)
  const file = path.join(input.outDir, `${slug}.md`)
  const problems = findProblems({ ...issue, slug }, input)
  const base = { name, where, title: issue.title, file, notes: issue.notes, downloads, problems }
  if (await isThere(file)) return { ...base, result: 'there', problems: [] }
  if (problems.length > 0 && !input.keepsBroken) return { ...base, result: 'failed' }
  if (input.isDry) return { ...base, result: 'listed' }
  await mkdir(input.outDir, { recursive: true })
  await writeFile(file, issue.markdown, { flag: 'wx' })
  return { ...base, result: problems.length > 0 ? 'broken' : 'written' }
}

/** Two posts of a day that are called the same get a number, in the order of the export. */
function freeSlug(slug: string, taken: Set<string>): string {
  let free = slug
  for (let count = 2; taken.has(free); count++) free = `${slug}-${count}`
  taken.add(free)
  return free
}

function findProblems({ slug, markdown }: IssueFile, { publication }: ImportInput): readonly Problem[] {
  try {
    parseIssue({ file: `${slug}.md`, slug, source: markdown, publication })
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
