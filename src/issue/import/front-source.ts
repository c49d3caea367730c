/** Front matter taken off a Markdown file: YAML between `---`, TOML between `+++`, or JSON in braces. */

import { InputError, type Problem } from '../../errors.js'
import { readYaml, type YamlValue } from '../yaml.js'
import type { Note } from './flow.js'
import { type FrontValues, readFrontFields } from './front-fields.js'
import { NO_FIELDS, type PostContext, type PostFields } from './post.js'
import { readToml } from './toml.js'

export interface Front {
  readonly fields: PostFields
  readonly notes: readonly Note[]
  /** The text, with an empty line for each of the front matter. */
  readonly body: string
}

interface Values {
  readonly values: FrontValues
  readonly lineOf: (key: string) => number | null
  readonly problems: readonly Problem[]
}

/** Throws InputError with every problem of the front matter. A file without any is all text. */
export function splitFront(source: string, { where, timeZone }: PostContext): Front {
  const lines = source.split('\n')
  const end = endOfFront(lines)
  if (end === null) return { fields: NO_FIELDS, notes: [], body: source }
  const { values, lineOf, problems } = readValues(lines.slice(0, end + 1), where)
  if (problems.length > 0) throw new InputError(problems)
  const body = '\n'.repeat(end + 1) + lines.slice(end + 1).join('\n')
  return { ...readFrontFields(values, { lineOf, timeZone }), body }
}

/** The line that closes the front matter, from 0; null when there is none. */
function endOfFront(lines: readonly string[]): number | null {
  const first = lines[0]?.trimEnd() ?? ''
  const close =
    first === '---'
      ? /^(?:---|\.\.\.)\s*$/
      : first === '+++'
        ? /^\+\+\+\s*$/
        : first === '{'
          ? /^\}\s*$/
          : null
  if (close === null) return null
  const end = lines.findIndex((line, index) => index > 0 && close.test(line))
  // A divider on the first line is no front matter when nothing below it reads as a key.
  const isKeyed =
    first !== '---' ||
    lines.slice(1, Math.max(end, 1)).every((line) => /^\s*(?:#.*)?$|^[^\s:]+\s*:|^[\s-]/.test(line))
  return end === -1 || !isKeyed ? null : end
}

function readValues(lines: readonly string[], file: string): Values {
  const inner = lines.slice(1, -1).join('\n')
  if (lines[0]?.startsWith('+++')) return readToml(inner, { file, firstLine: 2 })
  if (lines[0]?.startsWith('{')) return readJson(lines.join('\n'), file)
  const yaml = readYaml(inner, { file, firstLine: 2 })
  return { values: valuesOf(yaml.value), lineOf: (key) => yaml.lineOf([key]), problems: yaml.problems }
}

function readJson(source: string, file: string): Values {
  try {
    return { values: valuesOf(toYamlValue(JSON.parse(source))), lineOf: () => null, problems: [] }
  } catch {
    const problem = { where: file, line: 1, message: 'the front matter is no valid JSON; mend it' }
    return { values: {}, lineOf: () => null, problems: [problem] }
  }
}

function valuesOf(value: YamlValue): FrontValues {
  return value !== null && typeof value === 'object' && !isList(value) ? value : {}
}

function isList(value: object): value is readonly YamlValue[] {
  return Array.isArray(value)
}

/** What JSON holds, as text. */
export function toYamlValue(value: unknown): YamlValue {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map(toYamlValue)
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toYamlValue(entry)]))
  return String(value)
}
