/**
 * The files of a Template as they lie on the disk: those of `templates/NAME/` and the shared ones of
 * `templates/partials/`. Text of a sane size only, and nothing that a link brings in from outside the publication's folder.
 */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { InputError, type Problem } from '../errors.js'
import { isWithin, lookInside } from './inside.js'

const FOLDER = 'templates'
const SHARED = 'partials'
/** For Notices, not for Issues. */
const NOTICE = 'notice'
const NAME = /^[a-z][a-z0-9-]*$/
/** The largest that comes with Pressrun has 9 KB. */
const MAX_FILE_BYTES = 256_000

export interface TemplateFile {
  /** As messages name it: `templates/digest/email.mjml`. */
  readonly where: string
  readonly partial: string
  /** `accepted`: not poured, but read by checks; see accepted.ts. */
  readonly kind: 'mjml' | 'hbs' | 'accepted'
  readonly source: string
}

/** The shared ones first. Throws one InputError naming every file that cannot be read. `root` is absolute. */
export async function readTemplateFiles(
  root: string,
  name: string,
  named: Omit<Problem, 'message'> = { where: '', line: null },
): Promise<readonly TemplateFile[]> {
  const isName = NAME.test(name) && name !== SHARED
  if (!isName || (await lookInside(root, `${FOLDER}/${name}`)).kind === 'absent') {
    const message = `template "${name}" is not there; templates/ has ${await namesThere(root)}`
    throw new InputError([{ ...named, message }])
  }
  const problems: Problem[] = []
  const files = [
    ...(await readFolder(root, `${FOLDER}/${SHARED}`, problems)),
    ...(await readFolder(root, `${FOLDER}/${name}`, problems)),
  ]
  if (problems.length > 0) throw new InputError(problems)
  return files
}

async function namesThere(root: string): Promise<string> {
  if ((await lookInside(root, FOLDER)).kind !== 'folder') return 'none'
  const entries = await readdir(path.join(root, FOLDER), { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return (
    names
      .filter((name) => name !== SHARED && name !== NOTICE)
      .sort()
      .join(', ') || 'none'
  )
}

async function readFolder(root: string, folder: string, problems: Problem[]): Promise<TemplateFile[]> {
  const { kind } = await lookInside(root, folder)
  if (kind === 'absent') return []
  if (kind !== 'folder' || !(await isWithin(root, path.join(root, folder)))) {
    const message = 'is no folder of this publication; copy the template here'
    problems.push({ where: folder, line: null, message })
    return []
  }
  const names = await readdir(path.join(root, folder))
  const files: TemplateFile[] = []
  for (const name of names.filter((found) => /\.(?:mjml|hbs)$|^accepted\.txt$/.test(found)).sort()) {
    const where = `${folder}/${name}`
    const read = await readText(root, where)
    if (read.kind === 'problem') problems.push({ where, line: read.line, message: read.message })
    else files.push({ where, ...partOf(name), source: read.source })
  }
  return files
}

function partOf(name: string): Pick<TemplateFile, 'partial' | 'kind'> {
  const { name: partial, ext } = path.parse(name)
  if (ext === '.txt') return { partial, kind: 'accepted' }
  return { partial, kind: ext === '.mjml' ? 'mjml' : 'hbs' }
}

type TextReading =
  | { readonly kind: 'text'; readonly source: string }
  | { readonly kind: 'problem'; readonly line: number | null; readonly message: string }

async function readText(root: string, where: string): Promise<TextReading> {
  const found = await lookInside(root, where)
  if (found.kind === 'outside') return refuse('links to a file outside of this folder; copy it here')
  if (found.kind !== 'file') return refuse('is no file that can be read')
  if (found.sizeBytes > MAX_FILE_BYTES)
    return refuse(`has ${found.sizeBytes} bytes; ${MAX_FILE_BYTES} is the most, and a mail wants far less`)
  return decode(await readFile(path.join(root, where)))
}

function refuse(message: string, line: number | null = null): TextReading {
  return { kind: 'problem', line, message }
}

/** UTF-8 without control characters; a picture named .mjml is neither. */
function decode(bytes: Buffer): TextReading {
  const source = bytes.toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  const at = source.search(/[\u0000-\u0008\u000b\u000e-\u001f\ufffd]/)
  if (at === -1) return { kind: 'text', source }
  const line = source.slice(0, at).split('\n').length
  return refuse('is no text in UTF-8 here; save it as plain text', line)
}
