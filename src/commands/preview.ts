/** `pressrun preview`: the studio, until it is told to end. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { type RunningStudio, startStudio } from '../app/studio.js'
import type { Build } from '../compile/build.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { listIssues, resolveIssueFile } from '../issue/read.js'
import type { Log } from '../log.js'
import { checkSegments, listFindings } from './check.js'
import { openRevisions } from './git-revisions.js'
import { newIssue } from './new-issue.js'
import { compileFor, drawFor } from './prepare.js'
import { openTestSend } from './start-test.js'

export async function openPreview(config: Config, log: Log): Promise<RunningStudio> {
  const studio = await startStudio(config, {
    log,
    draw: (slug, root = config.root) =>
      whileThere({ root }, slug, (file) => drawFor({ ...config, root }, file)),
    check: (slug) => whileThere(config, slug, (file) => checkFor(config, file)),
    testSend: openTestSend(config),
    revisions: openRevisions(path.resolve(config.root)),
    newIssue: ({ title, date }) =>
      newIssue({ root: config.root, title, date, template: null, now: new Date() }),
  })
  warm(config).catch((error: unknown) => log.debug({ err: error }, 'nothing could be drawn ahead'))
  return studio
}

/** What draws takes seconds to load on a busy machine: the newest issue, for nobody, so that the first picture does not wait. */
async function warm(config: Config): Promise<void> {
  const newest = (await listIssues(config.root)).filter(({ kind }) => kind === 'issue').at(-1)
  if (newest !== undefined) await drawFor(config, newest.slug)
}

/** Where an issue is looked at, `/issues/SLUG`. Throws InputError when there is no such issue in the editor's folder. */
export async function issueAddress(root: string, slugOrPath: string): Promise<string> {
  const file = await resolveIssueFile(root, slugOrPath)
  if (path.dirname(file) === path.resolve(root, 'issues'))
    return `/issues/${encodeURIComponent(path.basename(file, '.md'))}`
  throw new InputError(`${file} does not lie in ${path.resolve(root, 'issues')}; the studio shows what does`)
}

/** With the findings that `pressrun check` lists for it. */
async function checkFor(config: Config, file: string): Promise<Build> {
  const build = await compileFor(config, file)
  return { ...build, findings: listFindings([...build.findings, ...(await checkSegments(config.root))]) }
}

/** A file of the editor's folder, and no other. It may go away at any moment. */
async function whileThere<T>(
  { root }: Pick<Config, 'root'>,
  slug: string,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const where = `issues/${slug}.md`
  const file = path.join(root, where)
  try {
    return await work(file)
  } catch (error) {
    if (existsSync(file)) throw error
    const message = 'the file is not there; was it renamed or removed, or the name mistyped?'
    throw new InputError([{ where, line: null, message }], { cause: error })
  }
}
