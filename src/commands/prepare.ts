/** What build, check and send share: the issue compiled apart, for the place this configuration sends from. */

import path from 'node:path'
import { LOCAL_FROM } from '../app/local-from.js'
import type { Build } from '../compile/build.js'
import type { CachedInput } from '../compile/cached-build.js'
import { isBlocking } from '../compile/checks/finding.js'
import { compileApart, drawApart } from '../compile/compile-process.js'
import type { Picture } from '../compile/picture.js'
import { type Config, webUrl } from '../config.js'
import { NO_LIMIT, type TrackingLimit } from '../issue/tracking.js'
import { entryFile } from '../thread.js'
import { VERSION } from '../version.js'

export interface CompileOptions {
  /** Where the web of this machine is reached; null: where it would listen. Without a real transport every link leads there. */
  readonly localUrl?: string | null
  /** What may be tracked at most. */
  readonly tracking?: TrackingLimit
}

export async function compileFor(
  config: Config,
  slugOrPath: string,
  options: CompileOptions = {},
): Promise<Build> {
  return compileApart(inputOf(config, slugOrPath, options))
}

/** The same, whatever was compiled before. */
export async function compileAnew(
  config: Config,
  slugOrPath: string,
  options: CompileOptions = {},
): Promise<Build> {
  return compileApart({ ...inputOf(config, slugOrPath, options), cacheFolder: null })
}

/** What it looks like, for the studio; nothing is checked or kept. */
export async function drawFor(
  config: Config,
  slugOrPath: string,
  options: CompileOptions = {},
): Promise<Picture> {
  const { cacheFolder: _, ...input } = inputOf(config, slugOrPath, options)
  return drawApart(input)
}

function inputOf(
  config: Config,
  slugOrPath: string,
  { localUrl: given = null, tracking = NO_LIMIT }: CompileOptions,
): CachedInput {
  const isLocal = config.smtpUrl === null
  const localUrl = given ?? webUrl(config)
  return {
    root: config.root,
    slugOrPath,
    publicUrl: config.publicUrl ?? (isLocal ? localUrl : null),
    local: isLocal ? { publicUrl: localUrl, from: LOCAL_FROM } : null,
    tracking,
    version: VERSION,
    cacheFolder: path.join(config.dataDir, 'cache'),
    wireModule: entryFile(import.meta.url, '../send/sample-message'),
  }
}

export function hasErrors({ findings }: Pick<Build, 'findings'>): boolean {
  return findings.some(isBlocking)
}
