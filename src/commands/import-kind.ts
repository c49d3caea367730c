/** What a source is, by what it holds: the export of a program, a folder of files, a single text. */

import path from 'node:path'
import { readCsv } from '../audience/csv.js'
import { InputError } from '../errors.js'
import type { DateReading } from '../issue/import/any-date.js'
import { type ArchiveKind, type ArchivePost, nameOfFile, type Row } from '../issue/import/archive.js'
import { readButtondown } from '../issue/import/buttondown.js'
import { readGhost } from '../issue/import/ghost.js'
import { readMailchimp } from '../issue/import/mailchimp.js'
import { NO_FIELDS } from '../issue/import/post.js'
import { readSubstack } from '../issue/import/substack.js'
import { type ImportSource, nameInSource, readSourceText } from './import-source.js'

export const IMPORT_KINDS = [
  'text',
  'markdown',
  'html',
  'ghost',
  'substack',
  'mailchimp',
  'buttondown',
] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]

const MARKDOWN = /\.(?:md|markdown|mdx)$/i
const PAGE = /\.(?:html?|xhtml)$/i
const TEXT = /\.(?:md|markdown|mdx|html?|xhtml|txt)$/i
/** What stands beside posts and is none. */
const BESIDE = /(?:^|\/)(?:readme|license|_index)\.\w+$/i

export interface Recognised {
  readonly kind: ArchiveKind
  readonly posts: readonly ArchivePost[]
  /** Texts of a folder that are not of its kind, as messages name them. */
  readonly others?: readonly string[]
}

export interface KindContext extends DateReading {
  /** What the person says it is; null: look. */
  readonly from: ImportKind | null
}

/** The posts of a source; null when it is a plain text. Throws InputError when it is nothing that can be read. */
export async function recognise(source: ImportSource, context: KindContext): Promise<Recognised | null> {
  return source.kind === 'file' ? recogniseFile(source, context) : recogniseFolder(source, context)
}

async function recogniseFile(source: ImportSource, context: KindContext): Promise<Recognised | null> {
  const file = source.files[0] ?? ''
  if (/\.(?:mht|mhtml|webarchive|eml)$/i.test(file))
    throw new InputError(`${source.name} is packed; save it as "HTML only" first`)
  const text = await readSourceText(source, file)
  const { from } = context
  const kind = from ?? kindOfText(file, text)
  if (kind === 'text') return null
  if (kind === 'markdown' || kind === 'html') return { kind, posts: [postOfFile(source, file, kind)] }
  const found = readJson(text, source, file, context)
  if (found !== null && (from === null || from === found.kind)) return found
  const folder = kind === 'mailchimp' || kind === 'substack' ? '; name the folder of the export' : ''
  throw new InputError(`${source.name} is no export of ${from ?? 'Ghost or Buttondown'}${folder}`)
}

function kindOfText(file: string, text: string): ImportKind {
  if (/\.json$/i.test(file)) return 'ghost'
  if (/\.csv$/i.test(file)) throw new InputError(`${file} is a table alone; name the folder it came in`)
  if (PAGE.test(file) || /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(text)) return 'html'
  return MARKDOWN.test(file) || /^(?:---\s*\n[\w-]+\s*:|\+\+\+\s*\n)/.test(text) ? 'markdown' : 'text'
}

async function recogniseFolder(source: ImportSource, context: KindContext): Promise<Recognised> {
  const { from } = context
  const readers: readonly [ImportKind, () => Promise<Recognised | null> | Recognised | null][] = [
    ['substack', () => openSubstack(source, context)],
    ['mailchimp', () => openMailchimp(source, context)],
    ['buttondown', () => openButtondown(source, context)],
    ['ghost', () => openGhost(source, context)],
    ['markdown', () => openFolder(source, 'markdown')],
    ['html', () => openFolder(source, 'html')],
  ]
  for (const [kind, open] of readers) {
    const found = from === null || from === kind ? await open() : null
    if (found !== null && found.posts.length > 0) return found
  }
  const wanted =
    from === null ? 'an export of Substack, Ghost, Mailchimp or Buttondown, Markdown or HTML' : from
  const zip = source.files.find((file) => file.endsWith('.zip'))
  const advice = zip === undefined ? '' : `; ${zip} is a zip archive, unzip it first`
  throw new InputError(`${source.name} holds no posts of ${wanted}${advice}`)
}

async function openSubstack(source: ImportSource, { timeZone }: KindContext): Promise<Recognised | null> {
  const table = findFile(source, 'posts.csv')
  if (table === null) return null
  const rows = await readRows(source, table)
  if (!rows.some((row) => row.has('post_id'))) return null
  return {
    kind: 'substack',
    posts: readSubstack({ rows, files: source.files, folder: folderOf(table), timeZone }),
  }
}

async function openMailchimp(
  source: ImportSource,
  { from, timeZone }: KindContext,
): Promise<Recognised | null> {
  const pages = source.files.filter((file) => PAGE.test(file))
  const contents = pages.filter((file) => /(?:^|\/)campaigns_content\//i.test(file))
  const tables = source.files.filter((file) => /(?:^|\/)campaigns[^/]*\.csv$/i.test(file))
  const isNamed = from === 'mailchimp' || tables.length > 0
  const wanted =
    contents.length > 0 ? contents : isNamed ? pages.filter((file) => !/(?:^|\/)templates\//i.test(file)) : []
  if (wanted.length === 0) return null
  const rows: Row[] = []
  for (const table of tables) rows.push(...(await readRows(source, table)))
  return { kind: 'mailchimp', posts: readMailchimp({ rows, pages: wanted, timeZone }) }
}

async function openButtondown(source: ImportSource, { timeZone }: KindContext): Promise<Recognised | null> {
  const json = findFile(source, 'emails.json')
  const table = json ?? findFile(source, 'emails.csv')
  if (table === null) return null
  const value =
    json === null
      ? (await readRows(source, table)).map((row) => Object.fromEntries(row))
      : parseExport(await readSourceText(source, json), nameInSource(source, json))
  const where = nameInSource(source, table)
  const posts = readButtondown({ where, value, files: source.files, folder: folderOf(table), timeZone })
  return posts === null ? null : { kind: 'buttondown', posts }
}

async function openGhost(source: ImportSource, context: KindContext): Promise<Recognised | null> {
  for (const file of source.files.filter((each) => /^(?:[^/]+\/)?[^/]+\.json$/i.test(each))) {
    const found = readJson(await readSourceText(source, file), source, file, context)
    if (found?.kind === 'ghost') return found
  }
  return null
}

/** Every post of a folder of files. What stands in `_drafts` is one. */
function openFolder(source: ImportSource, kind: 'markdown' | 'html'): Recognised | null {
  const pattern = kind === 'markdown' ? MARKDOWN : PAGE
  const texts = source.files.filter((file) => TEXT.test(file) && !BESIDE.test(file))
  const others = texts.filter((file) => !pattern.test(file)).map((file) => nameInSource(source, file))
  const posts = texts.filter((file) => pattern.test(file)).map((file) => postOfFile(source, file, kind))
  return { kind, posts, others }
}

function postOfFile(source: ImportSource, file: string, kind: 'markdown' | 'html'): ArchivePost {
  const { name, date } = nameOfFile(file)
  return {
    name,
    where: nameInSource(source, file),
    state: /(?:^|\/)_?drafts\//i.test(file) ? 'draft' : 'published',
    fields: NO_FIELDS,
    fallback: { ...NO_FIELDS, slug: name, date },
    text: { kind: 'file', file, as: kind === 'html' ? 'page' : 'markdown' },
    folder: folderOf(file).replace(/\/$/, ''),
  }
}

function readJson(
  text: string,
  source: ImportSource,
  file: string,
  { timeZone }: KindContext,
): Recognised | null {
  const where = nameInSource(source, file)
  const value = parseExport(text, where)
  const ghost = readGhost(value, { where, timeZone })
  if (ghost !== null) return { kind: 'ghost', posts: ghost }
  const buttondown = readButtondown({ where, value, files: [], folder: '', timeZone })
  return buttondown === null ? null : { kind: 'buttondown', posts: buttondown }
}

function parseExport(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${where} is no valid JSON; export it again`, { cause: error })
  }
}

/** The one nearest to the top. */
function findFile({ files }: ImportSource, name: string): string | null {
  const found = files.filter((file) => path.posix.basename(file) === name)
  return found.toSorted((a, b) => a.split('/').length - b.split('/').length)[0] ?? null
}

/** '' or with a slash behind it. */
function folderOf(file: string): string {
  const folder = path.posix.dirname(file)
  return folder === '.' ? '' : `${folder}/`
}

/** A broken row costs itself alone, and its post is not there to be taken: so it is refused. */
async function readRows(source: ImportSource, file: string): Promise<readonly Row[]> {
  const text = await readSourceText(source, file)
  const rows: Row[] = []
  let names: readonly string[] | null = null
  for await (const record of readCsv(chunksOf(text))) {
    if (record.kind === 'broken') {
      const where = nameInSource(source, file)
      throw new InputError([{ where, line: record.line, message: `this row ${record.reason}` }])
    }
    const { fields } = record
    if (names === null) names = fields.map((field) => field.trim().toLowerCase())
    else rows.push(new Map(names.map((name, index) => [name, fields[index] ?? ''])))
  }
  return rows
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
