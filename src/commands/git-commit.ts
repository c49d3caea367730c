/** The commit that the publication's files are from, where git keeps them. */

import path from 'node:path'
import { askGit, findTop } from './git.js'

/** What a publication is made of. */
const OURS = ['issues', 'templates']

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

/** Null where git is missing or says no. */
async function git(top: string, command: readonly string[]): Promise<string | null> {
  try {
    return (await askGit(top, command)).toString('utf8')
  } catch {
    // Which of the many ways it went wrong says nothing about the issue: there is no commit to name.
    return null
  }
}
