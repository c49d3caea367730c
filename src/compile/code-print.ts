/**
 * A fingerprint of the code that compiles: what another version made is not taken for our own. Of the files' sizes and
 * times, so that it also holds while somebody works on the code.
 */

import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { hashBytes } from './input-files.js'

/** The build's `src/` (or the sources', in a test). */
const CODE = path.join(import.meta.dirname, '..')

/** SHA-256, hex. The code does not change while it runs. */
export function printCode(): Promise<string> {
  printed ??= print()
  return printed
}

let printed: Promise<string> | null = null

async function print(): Promise<string> {
  const names = (await readdir(CODE, { recursive: true })).filter((name) => /\.[jt]s$/.test(name)).sort()
  const lines = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(CODE, name))
      return `${name} ${size} ${mtimeMs}`
    }),
  )
  // Dates, lists of names and numbers are written by ICU, which comes with Node.
  return hashBytes([process.version, process.versions.icu ?? '', ...lines].join('\n'))
}
