/**
 * YAML as an editor means it: every value is text (a date stays `2022-06-05`, "no" stays "no", 007 stays 007),
 * and every key keeps its line. Anchors, aliases and tags are refused: nothing here is ever more than plain data.
 */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import type { Problem } from '../errors.js'
import { nearest } from './nearest.js'

/** What a file may hold. Null stands for a key without a value. */
export type YamlValue = string | null | readonly YamlValue[] | { readonly [key: string]: YamlValue }

export type YamlPath = readonly PropertyKey[]

export interface Yaml {
  readonly value: YamlValue
  readonly problems: readonly Problem[]
  /** 1-based line in the file of the key (or entry) at `path`, or of the nearest one above it. */
  readonly lineOf: (path: YamlPath) => number
}

/** Broken YAML can give an error a character; the first few say it all. */
const MAX_PROBLEMS = 20

/** Hundreds of nested `- - -` exhaust the parser (V8 aborts while it compiles a pattern), so it never sees them. */
const TOO_DEEP = /^[ \t?:-]{100}/m

/** What would be right, for the mistakes editors make; the rest speaks for itself. */
const ADVICE: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a value that holds ": " needs quotes around it',
  DUPLICATE_KEY: 'this key is there twice; keep one',
  TAB_AS_INDENT: 'a tab cannot indent; use spaces',
}

/**
 * Reads one YAML mapping. `firstLine` is the 1-based line of the file on which `source` begins. Never throws: what
 * is wrong with the YAML comes back as problems, and then the value is empty.
 */
export function readYaml(source: string, { file, firstLine }: { file: string; firstLine: number }): Yaml {
  if (TOO_DEEP.test(source)) {
    const problem = {
      where: file,
      line: firstLine,
      message: 'this nests too deeply; write plain keys and values',
    }
    return { value: {}, problems: [problem], lineOf: () => firstLine }
  }
  const counter = new LineCounter()
  const document = parseDocument(source, { schema: 'core', lineCounter: counter, prettyErrors: false })
  const lineAt = (offset: number) => firstLine + Math.max(counter.linePos(offset).line, 1) - 1
  const faults = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS)
  if (faults.length > 0) {
    const problems = faults.map(({ pos, code, message }) => {
      const opened = code === 'MISSING_CHAR' ? openingQuote(document.contents, pos[0]) : null
      return {
        where: file,
        line: lineAt(opened ?? pos[0]),
        message:
          opened === null
            ? (ADVICE[code] ?? `this is not valid YAML: ${message}`)
            : `the quote ${source[opened]} that opens here is not closed; write another at the end of the value`,
      }
    })
    return { value: {}, problems, lineOf: () => firstLine }
  }
  const { value, lines, aliases } = readPlain(document.contents, lineAt)
  const problems = aliases.map((line) => ({
    where: file,
    line,
    message: 'an alias (*name) stands here; write the value itself',
  }))
  return { value, problems, lineOf: (path) => nearestLine(lines, path) ?? firstLine }
}

/** Where the quoted value begins that ends at `end`; null when none does. The parser tells where it was missed, lines below. */
function openingQuote(contents: Node | null, end: number): number | null {
  let found: number | null = null
  if (contents === null) return found
  visit(contents, {
    Scalar(_key, { type, range }) {
      const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE'
      if (isQuoted && range && range[0] < end && end <= range[2]) found = range[0]
    },
  })
  return found
}

/** The document as plain text values, the line of every path, and the lines that hold aliases. */
function readPlain(contents: unknown, lineAt: (offset: number) => number) {
  const lines = new Map<string, number>()
  const aliases: number[] = []

  function plain(node: unknown, path: YamlPath, lineAbove: number): YamlValue {
    const line = lineOfNode(node) ?? lineAbove
    if (!lines.has(pathKey(path))) lines.set(pathKey(path), line)
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }): [string, YamlValue] => {
        const name = isScalar(key) ? (key.source ?? String(key.value)) : ''
        const keyLine = lineOfNode(key) ?? line
        lines.set(pathKey([...path, name]), keyLine)
        return [name, plain(value, [...path, name], keyLine)]
      })
      return Object.fromEntries(entries)
    }
    if (isSeq(node)) return node.items.map((item, index) => plain(item, [...path, index], line))
    if (isAlias(node)) aliases.push(line)
    if (!isScalar(node) || node.value === null) return null
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
  }

  function lineOfNode(node: unknown): number | null {
    const range = isNode(node) ? node.range : null
    return range ? lineAt(range[0]) : null
  }

  return { value: plain(contents, [], lineAt(0)), lines, aliases }
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value)
}

function pathKey(path: YamlPath): string {
  return JSON.stringify(path.map(String))
}

function nearestLine(lines: ReadonlyMap<string, number>, path: YamlPath): number | null {
  for (let length = path.length; length >= 0; length--) {
    const line = lines.get(pathKey(path.slice(0, length)))
    if (line !== undefined) return line
  }
  return null
}

/** What a schema found wrong, each with its line; an unknown key comes with the known one that is nearest. */
export function schemaProblems(
  error: z.ZodError,
  { yaml, file, keysAt }: { yaml: Yaml; file: string; keysAt: (path: YamlPath) => readonly string[] },
): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys')
      return [{ where: file, line: yaml.lineOf(issue.path), message: issue.message }]
    const known = keysAt(issue.path)
    return issue.keys.map((key) => {
      const near = nearest(key, known)
      const advice = near === null ? `the keys are ${known.join(', ')}` : `did you mean "${near}"?`
      return {
        where: file,
        line: yaml.lineOf([...issue.path, key]),
        message: `"${key}" is an unknown key; ${advice}`,
      }
    })
  })
}
