/** What is written into a file, by the end of its name. */

import path from 'node:path'
import { InputError } from '../errors.js'

export type FileKind = 'text' | 'json' | 'csv' | 'html'

const KINDS: Readonly<Record<string, FileKind>> = {
  '.txt': 'text',
  '.json': 'json',
  '.csv': 'csv',
  '.html': 'html',
  '.htm': 'html',
}
const ENDINGS: Readonly<Record<FileKind, string>> = {
  text: '.txt',
  json: '.json',
  csv: '.csv',
  html: '.html',
}

/**
 * The kind that is asked for, else that of the file's name; null where neither says one. Throws InputError where they
 * contradict each other.
 */
export function kindOfFile<Said extends FileKind>(
  file: string | undefined,
  said: Said | null,
): Said | FileKind | null {
  if (file === undefined) return said
  const { name, ext, dir } = path.parse(file)
  const meant = KINDS[ext.toLowerCase()] ?? null
  if (said === null || meant === null || meant === said) return said ?? meant
  const right = path.join(dir, name + ENDINGS[said])
  throw new InputError(
    `--out: ${file} is the name of ${NAMES[meant]}, and ${NAMES[said]} is asked for; name it ${right}, or ask for ${meant}`,
  )
}

const NAMES: Readonly<Record<FileKind, string>> = {
  text: 'a text',
  json: 'a JSON document',
  csv: 'a table',
  html: 'a page',
}
