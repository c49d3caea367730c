/** The pictures below `issues/` by what they hold: a message names them so, and may be older than any Send's copy of them. */

import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

const PICTURE = /\.(?:png|jpe?g|gif)$/i
/** As the compiler allows. */
const MAX_BYTES = 2 * 1024 * 1024
const MAX_PICTURES = 2_000

export interface IssuePictures {
  /** Null when no file there holds that. */
  find(sha256: string): Promise<Uint8Array<ArrayBuffer> | null>
}

export function openIssuePictures(root: string): IssuePictures {
  const folder = path.join(root, 'issues')
  /** By name, time and size: what has not changed is not read again. */
  const known = new Map<string, { readonly sha256: string; readonly file: string }>()

  async function find(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const remembered = [...known.values()].find((one) => one.sha256 === sha256)
    const file = (remembered && (await holds(remembered.file, sha256))) || (await search(sha256))
    return file
  }

  async function search(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const names = await readdir(folder, { recursive: true }).catch(() => [])
    for (const name of names.filter((one) => PICTURE.test(one)).slice(0, MAX_PICTURES)) {
      const file = path.join(folder, name)
      const stats = await stat(file).catch(() => null)
      if (!stats?.isFile() || stats.size > MAX_BYTES) continue
      const mark = `${name} ${stats.mtimeMs} ${stats.size}`
      if (known.has(mark)) continue
      const bytes = await readFile(file)
      const found = createHash('sha256').update(bytes).digest('hex')
      known.set(mark, { sha256: found, file })
      if (found === sha256) return new Uint8Array(bytes)
    }
    return null
  }

  return { find }
}

async function holds(file: string, sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = await readFile(file).catch(() => null)
  if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== sha256) return null
  return new Uint8Array(bytes)
}
