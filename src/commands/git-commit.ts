/**
 * The commit that the publication's files are from, where git keeps them. Only looks: no hook runs, and nothing is
 * written, not even the index refreshed.
 */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

/** A status of a large folder on a slow disk. */
const TIMEOUT_MS = 10_000
/** What a publication is made of. */
const OURS = ['issues', 'templates']

const run = promisify(execFile)

export interface Commit {
  /** Its id, hex. */
  readonly id: string
  /** Files of issues/ and templates/ are other than in it, or not in it. */
  readonly isDirty: boolean
}

/** Null where there is no git, no repository, or no commit yet. */
export async function readCommit(root: string): Promise<Commit | null> {
  const top = findTop(path.resolve(root))
  if (top === null) return null
  const id = await git(top, ['rev-parse', '--verify', '--quiet', 'HEAD'])
  if (id === null) return null
  const ours = OURS.map((folder) => path.join(path.relative(top, path.resolve(root)), folder))
  const status = await git(top, ['status', '--porcelain', '--untracked-files=all', '--', ...ours])
  return status === null ? null : { id: id.trim(), isDirty: status !== '' }
}

/** The folder with `.git` in it, which is a file in a linked worktree. */
function findTop(folder: string): string | null {
  if (existsSync(path.join(folder, '.git'))) return folder
  const above = path.dirname(folder)
  return above === folder ? null : findTop(above)
}

/** What git prints; null where it is missing or says no. Names the repository: GIT_DIR, set within a hook, may be another. */
async function git(top: string, command: readonly string[]): Promise<string | null> {
  const place = ['--git-dir', path.join(top, '.git'), '--work-tree', top, '--no-optional-locks']
  const harmless = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null']
  try {
    const options = { cwd: top, timeout: TIMEOUT_MS, maxBuffer: 16_000_000 }
    return (await run('git', [...place, ...harmless, ...command], options)).stdout
  } catch {
    // Which of the many ways it went wrong says nothing about the issue: there is no commit to name.
    return null
  }
}
