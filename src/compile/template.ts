/**
 * A Template: the files of `templates/NAME/` with the shared ones of `templates/partials/`, read and precompiled once.
 * A partial's name is its file's name; `.mjml` partials serve the email, `.hbs` partials the web page, and a file in
 * the Template's own folder stands before a shared one. Handlebars is strict: a misspelt name is an error.
 */

import path from 'node:path'
import Handlebars from 'handlebars'
import { InputError, messageOf, type Problem } from '../errors.js'
import { readAccepted } from './accepted.js'
import type { Accepted } from './checks/check.js'
import { hasMarks, markPerson } from './holed.js'
import { readTemplateFiles, type TemplateFile } from './template-files.js'
import { type MarkedText, markLines, readLineMarks } from './template-lines.js'

const HOLE_NAME = /^[a-z][a-z0-9_]*$/
const BUILT_IN = ['if', 'unless', 'each', 'with', 'lookup']
const OWN_HELPERS = { person }
const KNOWN_HELPERS = [...BUILT_IN, ...Object.keys(OWN_HELPERS)]
/** How deep partials may call partials. */
const MAX_PARTIALS = 40
/** How deep blocks may stand in each other in one file. */
const MAX_BLOCKS = 50
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
  /** What its `accepted.txt` and the shared one name. */
  readonly accepted: readonly Accepted[]
}

/**
 * Reads `templates/NAME` under the root; `named`: where its name stands. Throws one InputError naming every problem with file
 * and line.
 */
export async function readTemplate(
  root: string,
  name: string,
  named?: Omit<Problem, 'message'>,
): Promise<Template> {
  const files = await readTemplateFiles(path.resolve(root), name, named)
  const problems: Problem[] = []
  const email = compileFiles(files, { kind: 'mjml', entry: `templates/${name}/email.mjml` }, problems)
  const web = compileFiles(files, { kind: 'hbs', entry: `templates/${name}/web.hbs` }, problems)
  if (problems.length > 0) throw new InputError(problems)
  return {
    name,
    email: (data) => readLineMarks(email(data)),
    web: (data) => readLineMarks(web(data)).text,
    accepted: files.flatMap(readAccepted),
  }
}

/** The email of `templates/NAME` alone, where there is no web page. Throws as `readTemplate` and `Template.email` do. */
export async function readEmailTemplate(root: string, name: string): Promise<Template['email']> {
  const files = await readTemplateFiles(path.resolve(root), name)
  const problems: Problem[] = []
  const email = compileFiles(files, { kind: 'mjml', entry: `templates/${name}/email.mjml` }, problems)
  if (problems.length > 0) throw new InputError(problems)
  return (data) => readLineMarks(email(data))
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
  const running: TemplateFile[] = []
  let run: Pour | null = null
  for (const file of ours) {
    const pour = compileFile(file, { handlebars, partials: names, running, problems })
    handlebars.registerPartial(file.partial, pour)
    if (file.where === entry) run = pour
    if (file.where === entry && file.source.trim() === '')
      problems.push({ where: entry, line: null, message: 'is empty; copy that of another template' })
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

interface Surroundings {
  readonly handlebars: typeof Handlebars
  readonly partials: ReadonlySet<string>
  /** The files that are being poured, each called by the one before it. */
  readonly running: TemplateFile[]
  readonly problems: Problem[]
}

function compileFile(file: TemplateFile, { handlebars, partials, running, problems }: Surroundings): Pour {
  const { where, source } = file
  if (hasMarks(source)) {
    problems.push({ where, line: null, message: 'holds a character U+E000 to U+E00F, which are reserved' })
  }
  const deepLine = findDeepBlock(source)
  if (deepLine !== null) {
    const message = `nests more than ${MAX_BLOCKS} blocks in each other; move some of them into a partial`
    problems.push({ where, line: deepLine, message })
    return () => ''
  }
  try {
    const program = handlebars.parse(source)
    problems.push(...findUnknownNames(program, partials).map((found) => ({ where, ...found })))
    // The program is our own parse of a file under templates/; data never becomes one.
    const compiled = handlebars.compile(markLines(program, where), COMPILE_OPTIONS)
    return (...given) => runFile(file, running, () => compiled(...given))
  } catch (error) {
    problems.push({ where, line: lineOf(error), message: sentenceOf(error) })
    return () => ''
  }
}

/** The line of the first block that stands too deep; Handlebars would read ten thousand for minutes. */
function findDeepBlock(source: string): number | null {
  let depth = 0
  for (const { 1: turn, index } of source.matchAll(/\{\{~?([#/])/g)) {
    depth += turn === '#' ? 1 : -1
    if (depth > MAX_BLOCKS) return source.slice(0, index).split('\n').length
  }
  return null
}

/** Runs a compiled file; what Handlebars throws within becomes an InputError that names it. */
function runFile(file: TemplateFile, running: TemplateFile[], run: () => string): string {
  const { where, source } = file
  refuseDepth(file, running)
  running.push(file)
  try {
    return run()
  } catch (error) {
    // `{{a.b}}` where a is null is a TypeError of the compiled template: nothing else of ours runs within it.
    const isTemplates = isHandlebarsError(error) || error instanceof TypeError
    if (error instanceof InputError || !isTemplates) throw error
    const line = lineOf(error)
    const message = sentenceOf(error, source.split('\n')[(line ?? 0) - 1])
    throw new InputError([{ where, line, message }], { cause: error })
  } finally {
    running.pop()
  }
}

/** A partial that calls itself would go on until there is no memory. */
function refuseDepth({ partial }: TemplateFile, running: readonly TemplateFile[]): void {
  const caller = running.at(-1)
  if (caller === undefined || running.length < MAX_PARTIALS) return
  const call = new RegExp(`\\{\\{#?~?>\\s*(?:${escapeRegExp(partial)}\\b|\\()`)
  const before = caller.source.slice(0, Math.max(0, caller.source.search(call)))
  const message = `puts in {{> ${partial}}}, which puts itself in again, ${MAX_PARTIALS} deep; let no partial lead back to itself`
  throw new InputError([{ where: caller.where, line: before.split('\n').length, message }])
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
  const missing = /^Cannot read properties of (?:null|undefined) \(reading '(.*)'\)$/.exec(message)?.[1]
  if (missing !== undefined) {
    return `a value whose "${missing}" is asked for is not there; stand within {{#if}} of that value`
  }
  const partial = /^The partial (.+) could not be found/.exec(message)?.[1]
  if (partial !== undefined) return `there is no partial "${partial}"; add a file of that name`
  const parse = /^Parse error on line \d+:\n(.*)\n(-*)\^/.exec(message)
  if (parse) return `Handlebars cannot read this near "${(parse[1] ?? '').slice(-60).trim()}"`
  return message.split('\n')[0] ?? message
}
