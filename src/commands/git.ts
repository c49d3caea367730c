/**
 * git, as far as Pressrun asks it: what is kept, never to change anything. No hook runs, no filter, no pager, nothing is
 * fetched, and nothing is written, not even the index refreshed.
 */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

/** A status of a large folder on a slow disk. */
const TIMEOUT_MS = 10_000
const MAX_BYTES = 16_000_000

const run = promisify(execFile)

/** The folder with `.git` in it, which is a file in a linked worktree; null where there is none above. */
export function findTop(folder: string): string | null {
  if (existsSync(path.join(folder, '.git'))) return folder
  const above = path.dirname(folder)
  return above === folder ? null : findTop(above)
}

export interface GitQuestion {
  /** What git reads; nothing when not given. */
  readonly input?: string
  readonly maxBytes?: number
}

/**
 * What git prints. Throws when it is missing (`code` is ENOENT) or says no. Names the repository: GIT_DIR, set within a
 * hook, may be another.
 */
export async function askGit(
  top: string,
  command: readonly string[],
  { input = '', maxBytes = MAX_BYTES }: GitQuestion = {},
): Promise<Buffer> {
  const place = ['--git-dir', path.join(top, '.git'), '--work-tree', top]
  const manners = ['--no-optional-locks', '--no-pager', '--literal-pathspecs']
  const harmless = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.allow=never']
  const asked = run(
    'git',
    [...place, ...manners, ...harmless.flatMap((setting) => ['-c', setting]), ...command],
    {
      cwd: top,
      timeout: TIMEOUT_MS,
      maxBuffer: maxBytes,
      encoding: 'buffer',
    },
  )
  // A git that ends before it has read all says by its exit what was wrong.
  asked.child.stdin?.on('error', () => undefined)
  asked.child.stdin?.end(input)
  return (await asked).stdout
}
