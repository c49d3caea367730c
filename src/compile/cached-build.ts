/**
 * `buildIssue`, or what it made the last time of the very same: files, past issues, options, code. Pictures are read
 * and compared each time, since which ones an Issue shows is only known when it has been read.
 */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build, BuildInput } from './build.js'
import { findKept, keep, searchKept } from './build-cache.js'
import { canonicalJson, hashCompiled } from './canonical.js'
import type { PastIssue } from './checks/check.js'
import { printCode } from './code-print.js'
import type { Compilation } from './compiled.js'
import { hashBytes, type InputFile, readInputFiles } from './input-files.js'
import { isWithin, lookInside } from './inside.js'
import type { ReadPast } from './past.js'

export interface CachedInput extends BuildInput {
  /** Absolute; null: nothing is kept, everything is compiled. */
  readonly cacheFolder: string | null
}

export interface CachedContext {
  readonly readPast: ReadPast
  /** Told before a Template is run: it may have no end. */
  readonly onTemplate: (name: string) => void
}

/** Throws what `buildIssue` throws; that is never kept. */
export async function buildCached(input: CachedInput, context: CachedContext): Promise<Build> {
  const { cacheFolder } = input
  const { files, past, key } = await readKeyed(input, context)
  const found = cacheFolder === null ? null : await revive(input.root, await findKept(cacheFolder, key))
  if (found !== null) return found
  // All that compiles and checks takes half a second to load.
  const { buildIssue } = await import('./build.js')
  const build = await buildIssue(input, { ...context, files, past })
  // Whatever was changed while it was compiled would stand under the wrong key.
  const isUnchanged = cacheFolder !== null && (await readKeyed(input, context)).key === key
  if (isUnchanged) await keep(cacheFolder, key, freeze(build))
  return build
}

interface Keyed {
  readonly files: readonly InputFile[]
  readonly past: readonly PastIssue[]
  readonly key: string
}

async function readKeyed(input: CachedInput, { readPast }: CachedContext): Promise<Keyed> {
  const { root, slugOrPath, cacheFolder, ...options } = input
  const [files, past] = [await readInputFiles(root, slugOrPath), await readPast(root, cacheFolder)]
  const code = await printCode()
  const issue = path.relative(root, slugOrPath)
  return { files, past, key: hashBytes(canonicalJson({ code, issue, options, files, past })) }
}

/** What was kept of all that has a hash beginning with `prefix`; pictures that are others by now are not in it. */
export async function findBuilt(
  { root, cacheFolder }: { readonly root: string; readonly cacheFolder: string },
  prefix: string,
): Promise<readonly Compilation[]> {
  const found = new Map<string, Compilation>()
  for (const kept of await searchKept(cacheFolder, `"hash":"${prefix}`)) {
    // As in `revive`; what is kept of past issues has no Compilation.
    const { compilation, sources } = kept as Partial<Frozen>
    if (compilation === undefined || sources === undefined || !compilation.hash.startsWith(prefix)) continue
    if (hashCompiled(compilation.compiled) !== compilation.hash) continue
    const imageBytes = new Map<string, Uint8Array>()
    for (const { path: file, sha256 } of sources.pictures) {
      const bytes = await readPicture(root, file)
      if (bytes !== null && hashBytes(bytes) === sha256) imageBytes.set(sha256, bytes)
    }
    found.set(compilation.hash, { ...compilation, imageBytes })
  }
  return [...found.values()]
}

/** A Build but for its pictures' bytes, which lie in their files. */
type Frozen = Omit<Build, 'compilation'> & {
  readonly compilation: Omit<Build['compilation'], 'imageBytes'>
}

function freeze({ compilation: { imageBytes: _, ...compilation }, ...build }: Build): Frozen {
  return { ...build, compilation }
}

/** Null when a picture is another by now, or what was kept is not what its hash says. */
async function revive(root: string, kept: unknown): Promise<Build | null> {
  if (kept === null) return null
  // Its checksum says that `freeze` wrote it, and the key that it was this code.
  const frozen = kept as Frozen
  const { compilation } = frozen
  if (hashCompiled(compilation.compiled) !== compilation.hash) return null
  const imageBytes = new Map<string, Uint8Array>()
  for (const { path: file, sha256 } of frozen.sources.pictures) {
    const bytes = await readPicture(root, file)
    if (bytes === null || hashBytes(bytes) !== sha256) return null
    imageBytes.set(sha256, bytes)
  }
  return { ...frozen, compilation: { ...compilation, imageBytes } }
}

/** Null: compiling anew will say what is wrong with it. */
async function readPicture(root: string, file: string): Promise<Uint8Array | null> {
  const absolute = path.join(root, file)
  if ((await lookInside(root, file)).kind !== 'file' || !(await isWithin(root, absolute))) return null
  return readFile(absolute)
}
