/** `pressrun import`: a plain text of a bulletin's kind becomes an issue file, ready to be read over. */

import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../errors.js'
import { importText } from '../issue/import/text.js'

/** Bytes. A bulletin has some 60 kB; a larger file is no text of one. */
const MAX_FILE_BYTES = 1_000_000

/** Windows-1252 from 0x80 to 0x9f. Node 20's own decoder leaves these as control characters. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

export interface ImportInput {
  /** Absolute. */
  readonly root: string
  /** The text to import, relative to the current folder. */
  readonly file: string
  /** Where the issue file goes; null is `issues/` below the root. */
  readonly outDir: string | null
}

/**
 * Writes the issue file and returns its path. Throws InputError when the text cannot be read as an issue, and when
 * the issue file is there already: an editor's work is never overwritten.
 */
export async function importIssue({ root, file, outDir }: ImportInput): Promise<string> {
  const { fileName, markdown } = importText(decode(await readBytes(file)), file)
  const folder = path.resolve(outDir ?? path.join(root, 'issues'))
  const target = path.join(folder, fileName)
  await mkdir(folder, { recursive: true })
  try {
    await writeFile(target, markdown, { flag: 'wx' })
  } catch (error) {
    if (!isError(error, 'EEXIST')) throw error
    throw new InputError(
      `${target} is there already; move it away, or import into another folder with --out`,
      {
        cause: error,
      },
    )
  }
  return target
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) throw new InputError(`${file} is no file; name a plain text, such as bulletin.txt`)
    if (stats.size > MAX_FILE_BYTES)
      throw new InputError(`${file} has ${stats.size} bytes; ${MAX_FILE_BYTES} is the most`)
    return await readFile(file)
  } catch (error) {
    if (!isError(error, 'ENOENT')) throw error
    throw new InputError(`there is no file ${file}; name a plain text, such as bulletin.txt`, {
      cause: error,
    })
  }
}

/** UTF-8, or UTF-16 with its byte order mark; what is neither was saved by an older Windows program. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const latin1 = Buffer.from(bytes).toString('latin1')
    return latin1.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80] ?? byte)
  }
}

function isError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
