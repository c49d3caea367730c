/**
 * As much of TOML as front matter is written in: keys with strings, numbers, dates, flags and lists of them, one table
 * deep. A line that reads as nothing of these is a problem, never silently lost.
 */

import type { Problem } from '../../errors.js'
import type { FrontValues } from './front-fields.js'

export interface TomlReading {
  readonly values: FrontValues
  /** 1-based in the file. */
  readonly lineOf: (key: string) => number | null
  readonly problems: readonly Problem[]
}

const PAIR = /^\s*([\w.-]+|"[^"]*")\s*=\s*(.*)$/
const TABLE = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/
const VALUE = /"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,[\]#"']+)/y

/** `firstLine` is the line of the file on which `source` begins. */
export function readToml(
  source: string,
  { file, firstLine }: { file: string; firstLine: number },
): TomlReading {
  const values: Record<string, string | readonly string[]> = {}
  const lines = new Map<string, number>()
  const problems: Problem[] = []
  const written = source.split('\n')
  let table = ''
  for (let index = 0; index < written.length; index++) {
    const line = written[index] ?? ''
    if (/^\s*(?:#.*)?$/.test(line)) continue
    const named = TABLE.exec(line)?.[1]
    if (named !== undefined) {
      table = `${named}.`
      continue
    }
    const start = index
    const [, key = '', first = ''] = PAIR.exec(line) ?? []
    let value = first
    while (isOpen(value) && index + 1 < written.length) {
      index++
      value += `\n${written[index]}`
    }
    const read = key === '' ? null : readValue(value)
    if (read === null) {
      const message = 'this line of front matter cannot be read; write key = "value"'
      problems.push({ where: file, line: firstLine + start, message })
      continue
    }
    const name = `${table === 'params.' ? '' : table}${key.replaceAll('"', '')}`
    values[name] = read
    lines.set(name, firstLine + start)
  }
  return { values, lineOf: (key) => lines.get(key) ?? null, problems }
}

/** A list or a long string goes on below. */
function isOpen(value: string): boolean {
  for (const fence of ['"""', "'''"]) {
    if (value.startsWith(fence)) return value.indexOf(fence, 3) === -1
  }
  return value.startsWith('[') && !/\]\s*(?:#.*)?$/.test(value)
}

function readValue(written: string): string | readonly string[] | null {
  const isList = written.startsWith('[')
  const found: string[] = []
  let position = isList ? 1 : 0
  while (position < written.length) {
    const gap = /[\s,]*(?:#[^\n]*(?:\n|$)[\s,]*)*/y
    gap.lastIndex = position
    position += gap.exec(written)?.[0].length ?? 0
    if (position >= written.length || written[position] === ']') break
    VALUE.lastIndex = position
    const match = VALUE.exec(written)
    if (match === null) return null
    const [all, long, longLiteral, basic, literal, bare] = match
    const escaped = long ?? basic
    found.push(escaped === undefined ? (longLiteral ?? literal ?? bare ?? '') : readEscapes(escaped))
    position += all.length
  }
  // A date and its time are two words: 2024-03-05 10:00:00.
  return isList ? found : found.length === 0 ? null : found.join(' ').trim()
}

function readEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g, (all, short, long, sign) => {
    const code = Number.parseInt(short ?? long ?? '', 16)
    if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : all
    return sign === 'n' ? '\n' : sign === 't' ? '\t' : sign
  })
}
