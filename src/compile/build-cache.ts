/**
 * Builds kept on the disk, each in a file under the hash of all that it was made from. Nothing in it is needed and
 * nothing is trusted: it can be deleted at any time, and what is not exactly what was written is not found.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { messageOf } from '../errors.js'
import { hashBytes } from './input-files.js'

/** A file has some 200 KB. */
const MAX_FILES = 60
const MAX_BYTES = 64_000_000
/** What a writer that died has left; one that lives takes no second. */
const ORPHANED_MS = 3_600_000
const KEPT = /^[0-9a-f]{64}\.json$/
/** A disk that is full or not ours is no reason to stop: there is no cache then. */
const NO_PLACE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'])

/** What was kept under the key, or null. */
export async function findKept(folder: string, key: string): Promise<unknown> {
  const file = path.join(folder, `${key}.json`)
  const body = await readBody(file)
  if (body === null) return null
  const now = new Date()
  // Its time says when it was last of use.
  await orNothing(utimes(file, now, now))
  return JSON.parse(body)
}

/** All that was kept whose JSON has `words` in it; a look that makes nothing of more use. */
export async function searchKept(folder: string, words: string): Promise<readonly unknown[]> {
  const found: unknown[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const body = KEPT.test(name) ? await readBody(path.join(folder, name)) : null
    if (body?.includes(words)) found.push(JSON.parse(body))
  }
  return found
}

/** Null where there is none, or not what was written. */
async function readBody(file: string): Promise<string | null> {
  const text = await readIfThere(file)
  if (text === null) return null
  const body = text.slice(text.indexOf('\n') + 1)
  return text === withChecksum(body) ? body : null
}

/** Writers at once each put a whole file in place; the last one stays, and all are the same. */
export async function keep(folder: string, key: string, value: unknown): Promise<void> {
  await orNothing(write(folder, key, JSON.stringify(value)))
}

async function write(folder: string, key: string, body: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const written = path.join(folder, `${key}.${randomBytes(6).toString('hex')}.part`)
  await writeFile(written, withChecksum(body))
  await rename(written, path.join(folder, `${key}.json`))
  await dropOldest(folder)
}

function withChecksum(body: string): string {
  return `${hashBytes(body)}\n${body}`
}

async function dropOldest(folder: string): Promise<void> {
  const files = await Promise.all((await readdir(folder)).map((name) => describeFile(folder, name)))
  const newestFirst = files.filter((file) => file !== null).sort((one, other) => other.usedMs - one.usedMs)
  let bytes = 0
  for (const [index, { file, usedMs, sizeBytes, isKept }] of newestFirst.entries()) {
    bytes += sizeBytes
    const isTooMuch = index >= MAX_FILES || bytes > MAX_BYTES
    if (isKept ? isTooMuch : Date.now() - usedMs > ORPHANED_MS) await rm(file, { force: true })
  }
}

/** Null for one that another has dropped meanwhile. */
async function describeFile(folder: string, name: string) {
  const file = path.join(folder, name)
  try {
    const { mtimeMs, size } = await stat(file)
    return { file, usedMs: mtimeMs, sizeBytes: size, isKept: KEPT.test(name) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (NO_PLACE.has(codeOf(error)) || ['ENOENT', 'EISDIR'].includes(codeOf(error))) return null
    throw error
  }
}

/** Keeping is a favour: where there is no place for it, nothing is kept. */
async function orNothing(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!NO_PLACE.has(codeOf(error)) && codeOf(error) !== 'ENOENT')
      throw new Error(`the cache: ${messageOf(error)}`, { cause: error })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
