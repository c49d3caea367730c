/**
 * A Template: the files of `templates/NAME/` with the shared ones of `templates/partials/`, read and precompiled once.
 * A partial's name is its file's name; `.mjml` partials serve the email, `.hbs` partials the web page, and a file in
 * the Template's own folder stands before a shared one. Handlebars is strict: a misspelt name is an error.
 */

import { type Dirent, existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import Handlebars from 'handlebars'
import { InputError, messageOf, type Problem } from '../errors.js'
import { hasMarks, markPerson } from './holed.js'
import { type MarkedText, markLines, readLineMarks } from './template-lines.js'

const NAME = /^[a-z][a-z0-9-]*$/
const HOLE_NAME = /^[a-z][a-z0-9_]*$/
const BUILT_IN = ['if', 'unless', 'each', 'with', 'lookup']
const OWN_HELPERS = { person }
const KNOWN_HELPERS = [...BUILT_IN, ...Object.keys(OWN_HELPERS)]
const COMPILE_OPTIONS = {
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(Object.keys(OWN_HELPERS).map((name) => [name, true])),
  noEscape: false,
  preventIndent: true,
} as const

/** Plain data with own properties only: Handlebars sees nothing else. */
export type TemplateData = Readonly<Record<string, unknown>>

export interface Template {
  readonly name: string
  /** MJML with the origin of each line. Throws InputError naming file and line of a misspelt variable. */
  readonly email: (data: TemplateData) => MarkedText
  /** HTML of the web page. */
  readonly web: (data: TemplateData) => string
}

interface TemplateFile {
  /** As messages name it: `templates/digest/email.mjml`. */
  readonly where: string
  readonly partial: string
  readonly kind: 'mjml' | 'hbs'
  readonly source: string
}

/** Reads `templates/NAME` under the root. Throws one InputError naming every problem with file and line. */
export async function readTemplate(root: string, name: string): Promise<Template> {
  const folder = path.join(root, 'templates')
  if (!NAME.test(name) || name === 'partials' || !existsSync(path.join(folder, name))) {
    throw new InputError(`template "${name}" is not there; templates/ has ${await namesThere(folder)}`)
  }
  const shared = await readTemplateFiles(folder, 'partials')
  const own = await readTemplateFiles(folder, name)
  const problems: Problem[] = []
  const email = compileFiles(
    [...shared, ...own],
    { kind: 'mjml', entry: `templates/${name}/email.mjml` },
    problems,
  )
  const web = compileFiles([...shared, ...own], { kind: 'hbs', entry: `templates/${name}/web.hbs` }, problems)
  if (problems.length > 0) throw new InputError(problems)
  return { name, email: (data) => readLineMarks(email(data)), web: (data) => readLineMarks(web(data)).text }
}

async function namesThere(folder: string): Promise<string> {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : []
  const names = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'partials')
    .map(({ name }) => name)
  return names.length === 0 ? 'none' : names.sort().join(', ')
}

async function readTemplateFiles(folder: string, name: string): Promise<TemplateFile[]> {
  const inside = path.join(folder, name)
  const entries = existsSync(inside) ? await readdir(inside, { withFileTypes: true }) : []
  // A symbolic link is no file here: nothing outside templates/ is read.
  const files = entries.filter((entry) => entry.isFile() && /\.(mjml|hbs)$/.test(entry.name))
  return Promise.all(files.sort(byName).map((entry) => readTemplateFile(inside, name, entry.name)))
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1
}

async function readTemplateFile(folder: string, name: string, file: string): Promise<TemplateFile> {
  const { name: partial, ext } = path.parse(file)
  return {
    where: `templates/${name}/${file}`,
    partial,
    kind: ext === '.mjml' ? 'mjml' : 'hbs',
    source: await readFile(path.join(folder, file), 'utf8'),
  }
}

type Pour = (data: TemplateData) => string

/** One Handlebars of its own for the files of a kind; the entry file is the one that is run. */
function compileFiles(
  files: readonly TemplateFile[],
  { kind, entry }: { kind: TemplateFile['kind']; entry: string },
  problems: Problem[],
): Pour {
  const handlebars = Handlebars.create()
  for (const [name, helper] of Object.entries(OWN_HELPERS)) handlebars.registerHelper(name, helper)
  const ours = files.filter((file) => file.kind === kind)
  const names = new Set(ours.map(({ partial }) => partial))
  let run: Pour | null = null
  for (const file of ours) {
    const pour = compileFile(handlebars, file, names, problems)
    handlebars.registerPartial(file.partial, pour)
    if (file.where === entry) run = pour
  }
  if (run === null) {
    problems.push({
      where: entry,
      line: null,
      message: 'does not exist; a template needs email.mjml and web.hbs',
    })
  }
  return run ?? (() => '')
}

function compileFile(
  handlebars: typeof Handlebars,
  { where, source }: TemplateFile,
  partials: ReadonlySet<string>,
  problems: Problem[],
): Pour {
  if (hasMarks(source)) {
    problems.push({ where, line: null, message: 'holds a character U+E000 to U+E00F, which are reserved' })
  }
  try {
    const program = handlebars.parse(source)
    problems.push(...findUnknownNames(program, partials).map((found) => ({ where, ...found })))
    // The program is our own parse of a file under templates/; data never becomes one.
    const compiled = handlebars.compile(markLines(program, where), COMPILE_OPTIONS)
    return (...given) => namingFile({ where, source }, () => compiled(...given))
  } catch (error) {
    problems.push({ where, line: lineOf(error), message: sentenceOf(error) })
    return () => ''
  }
}

/** Runs a compiled file; what Handlebars throws within becomes an InputError that names it. */
function namingFile({ where, source }: Pick<TemplateFile, 'where' | 'source'>, run: () => string): string {
  try {
    return run()
  } catch (error) {
    if (error instanceof InputError || !isHandlebarsError(error)) throw error
    const line = lineOf(error)
    const message = sentenceOf(error, source.split('\n')[(line ?? 0) - 1])
    throw new InputError([{ where, line, message }], { cause: error })
  }
}

interface Found {
  readonly line: number
  readonly message: string
}

/** Helpers and partials that do not exist; variables are only known when a Template is poured. */
function findUnknownNames(program: hbs.AST.Program, partials: ReadonlySet<string>): readonly Found[] {
  const found: Found[] = []
  const helperCalled = ({
    path: called,
    params,
    hash,
    loc,
  }: hbs.AST.MustacheStatement | hbs.AST.SubExpression) => {
    const hasArguments = params.length > 0 || (hash?.pairs.length ?? 0) > 0
    if (called.type !== 'PathExpression' || !hasArguments) return
    const { original } = called as hbs.AST.PathExpression
    if (KNOWN_HELPERS.includes(original)) return
    found.push({
      line: loc.start.line,
      message: `there is no helper "${original}"; there are ${KNOWN_HELPERS.join(', ')}`,
    })
  }
  class Names extends Handlebars.Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement) {
      helperCalled(node)
      super.MustacheStatement(node)
    }
    override SubExpression(node: hbs.AST.SubExpression) {
      helperCalled(node)
      super.SubExpression(node)
    }
    override PartialStatement(node: hbs.AST.PartialStatement) {
      if (node.name.type === 'PathExpression' && !partials.has(node.name.original)) {
        found.push({
          line: node.loc.start.line,
          message: `there is no partial "${node.name.original}"; there are ${[...partials].sort().join(', ')}`,
        })
      }
      super.PartialStatement(node)
    }
  }
  new Names().accept(program)
  return found
}

/** `{{person "name" fallback="reader"}}`: a hole, the same as `{{subscriber.name "reader"}}` in an issue. */
function person(name: unknown, options: Handlebars.HelperOptions): Handlebars.SafeString {
  const fallback: unknown = options.hash.fallback ?? ''
  if (typeof name !== 'string' || !HOLE_NAME.test(name) || typeof fallback !== 'string') {
    throw new Handlebars.Exception(
      '{{person}} wants a name and a fallback, like {{person "name" fallback="reader"}}',
    )
  }
  return new Handlebars.SafeString(markPerson({ kind: 'person', name, fallback }))
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function isHandlebarsError(error: unknown): error is Handlebars.Exception {
  return error instanceof Handlebars.Exception
}

function lineOf(error: unknown): number | null {
  if (isHandlebarsError(error) && typeof error.lineNumber === 'number') return error.lineNumber
  const line = /on line (\d+)/.exec(messageOf(error))?.[1]
  return line === undefined ? null : Number(line)
}

/** Handlebars' own words, made into one sentence; `written` is the line it is about. */
function sentenceOf(error: unknown, written = ''): string {
  const message = messageOf(error).replace(/ - \d+:\d+$/, '')
  const unknown = /^"([^"]+)" not defined in/.exec(message)?.[1]
  if (unknown !== undefined) {
    // Of `{{a.name}}` without an `a`, Handlebars names only the `name`; what was written is what a person knows.
    const path = new RegExp(`[\\w.@/]*\\b${escapeRegExp(unknown)}\\b`).exec(written)?.[0] ?? unknown
    return `there is no "${path}" here; templates/README.md lists what there is`
  }
  const partial = /^The partial (\S+) could not be found/.exec(message)?.[1]
  if (partial !== undefined) return `there is no partial "${partial}"; add a file of that name`
  const parse = /^Parse error on line \d+:\n(.*)\n(-*)\^/.exec(message)
  if (parse) return `Handlebars cannot read this near "${(parse[1] ?? '').slice(-60).trim()}"`
  return message.split('\n')[0] ?? message
}
