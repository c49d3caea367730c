/**
 * `pressrun build --verify`: compiles the issue anew and holds it against an earlier build, which is named by its hash,
 * where a Send has pinned it, or by the manifest.json that it wrote.
 */

import { readFile } from 'node:fs/promises'
import { findEngine } from '../app/announcement.js'
import { hasStore } from '../app/store.js'
import { comparePrints, type Difference, type Prints, printsSchema, takePrints } from '../compile/prints.js'
import type { Config } from '../config.js'
import { InputError, messageOf } from '../errors.js'
import { NO_LIMIT } from '../issue/tracking.js'
import { findCompiled } from '../send/send.js'
import { compileAnew } from './prepare.js'
import { withStore } from './terminal.js'

/** Shorter ones may be any two. */
const HASH = /^[0-9a-f]{8,64}$/

export interface Verification {
  readonly slug: string
  readonly same: boolean
  readonly wanted: string
  readonly hash: string
  /** Null when nothing but the hash is known of the earlier one. */
  readonly differences: readonly Difference[] | null
}

/** `wanted` is a hash, or eight digits of it and more, or the path of a manifest. Throws InputError. */
export async function verifyBuild(
  { wanted, slugOrPath }: { readonly wanted: string; readonly slugOrPath: string | null },
  { config }: { readonly config: Config },
): Promise<Verification> {
  const kept = HASH.test(wanted) ? await findPinned(wanted, config) : await readManifest(wanted)
  const issue = slugOrPath ?? kept?.slug
  if (issue === undefined)
    throw new InputError(
      `--verify: no Send has pinned ${wanted}; name the issue too, or the manifest.json of that build`,
    )
  const localUrl = findEngine(config)?.url ?? null
  const build = await compileAnew(config, issue, { localUrl, tracking: kept?.tracking ?? NO_LIMIT })
  const made = takePrints(build.compilation, build.sources)
  return {
    slug: made.slug,
    same: kept === null ? made.hash.startsWith(wanted) : made.hash === kept.hash,
    wanted: kept?.hash ?? wanted,
    hash: made.hash,
    differences: kept === null ? null : comparePrints(kept, made),
  }
}

/** Null when no Send has, or there is no database yet: looking makes none. */
async function findPinned(prefix: string, config: Config): Promise<Prints | null> {
  if (!hasStore(config)) return null
  const [found, another] = await withStore(config, ({ db }) => findCompiled(db.query, prefix))
  if (another) throw new InputError(`--verify: ${prefix} begins more than one hash; give more of it`)
  return found ? takePrints(found, null) : null
}

async function readManifest(file: string): Promise<Prints> {
  const right = 'give the hash that a build printed, or its manifest.json'
  try {
    return printsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const why =
      error instanceof SyntaxError || !('code' in Object(error)) ? 'is no manifest' : messageOf(error)
    throw new InputError(`--verify: ${file}: ${why}; ${right}`, { cause: error })
  }
}

export function printVerification({ slug, same, wanted, hash, differences }: Verification): string {
  if (same && differences?.length) {
    return `${slug}: the same, ${hash}, though not all it is made of:\n${printDifferences(differences)}`
  }
  if (same) return `${slug}: the same, ${hash}\n`
  const head = `${slug}: not the same; it was ${wanted}, and is ${hash}\n`
  if (differences === null)
    return `${head}  what differs only its manifest.json can say: --verify path/to/manifest.json\n`
  return head + printDifferences(differences)
}

/** Two hashes say nothing to a person; versions and names do. */
function printDifferences(differences: readonly Difference[]): string {
  const isHash = (value: string) => /^[0-9a-f]{64}$/.test(value)
  const lines = differences.map(({ what, was, is }) => {
    if (was === 'none') return `  ${what}  is new`
    if (is === 'none') return `  ${what}  is gone`
    return isHash(was) ? `  ${what}  differs` : `  ${what}  was ${was}, is ${is}`
  })
  return lines.map((line) => `${line}\n`).join('')
}
