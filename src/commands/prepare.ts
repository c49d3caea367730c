/** What build, check and send share: the issue compiled apart, for the place this configuration sends from. */

import path from 'node:path'
import { LOCAL_FROM } from '../app/local-from.js'
import type { Build } from '../compile/build.js'
import type { CachedInput } from '../compile/cached-build.js'
import { isBlocking } from '../compile/checks/finding.js'
import { compileApart } from '../compile/compile-process.js'
import { type Config, webUrl } from '../config.js'
import { entryFile } from '../thread.js'
import { VERSION } from '../version.js'

/** `localUrl`: where the web of this machine is reached. Without a real transport every link leads there. */
export async function compileFor(
  config: Config,
  slugOrPath: string,
  localUrl = webUrl(config),
): Promise<Build> {
  return compileApart(inputOf(config, slugOrPath, localUrl))
}

/** The same, whatever was compiled before. */
export async function compileAnew(
  config: Config,
  slugOrPath: string,
  localUrl = webUrl(config),
): Promise<Build> {
  return compileApart({ ...inputOf(config, slugOrPath, localUrl), cacheFolder: null })
}

function inputOf(config: Config, slugOrPath: string, localUrl: string): CachedInput {
  const isLocal = config.smtpUrl === null
  return {
    root: config.root,
    slugOrPath,
    publicUrl: config.publicUrl ?? (isLocal ? localUrl : null),
    local: isLocal ? { publicUrl: localUrl, from: LOCAL_FROM } : null,
    version: VERSION,
    cacheFolder: path.join(config.dataDir, 'cache'),
    wireModule: entryFile(import.meta.url, '../send/sample-message'),
  }
}

export function hasErrors({ findings }: Pick<Build, 'findings'>): boolean {
  return findings.some(isBlocking)
}
