/**
 * Outcome file: what replies said while the database could not commit, a line each, on the disk. A process that
 * dies meanwhile leaves its file to whoever starts next. Who takes another's file renames it first; its owner, if he
 * lives after all, sees that after each write and begins a new one, so no line is lost between the two.
 */

import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { makeDataDir } from '../data-dir.js'
import { messageOf } from '../errors.js'
import type { Log } from '../log.js'

const EXTENSION = '.jsonl'
const OWNER_ONLY = 0o600

export interface OutcomeFileOptions {
  /** `.data/outcomes`; made when it is needed. */
  readonly folder: string
  /** This process; unique among all that ever lived. */
  readonly owner: string
  readonly log: Log
}

export interface OutcomeFile {
  /** Writes the lines, one fsync for all. False when they could not be made to last. */
  append(lines: readonly string[]): Promise<boolean>
  /** All of ours is committed: removes the file. One that stays does no harm: its lines count once. */
  clear(): Promise<void>
  /** What others have left, file by file. A line that was cut off in the middle is not among them. */
  leftovers(): Promise<readonly Leftover[]>
}

export interface Leftover {
  /** As they were appended, in order; the same line may come twice. */
  readonly lines: readonly string[]
  /** To be called when all of it is committed. */
  remove(): Promise<void>
}

export function openOutcomeFile({ folder, owner, log }: OutcomeFileOptions): OutcomeFile {
  const name = owner.replace(/[^\w.-]/g, '_')
  const file = path.join(folder, `${name}${EXTENSION}`)
  let isTorn = false
  let isRefused = false
  let taken = 0
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other, in the order of asking. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }

  async function append(lines: readonly string[]): Promise<boolean> {
    try {
      // Taken for a leftover by another meanwhile: he may have read it before these lines were there.
      while (!(await write(lines))) isTorn = false
      isRefused = false
      return true
    } catch (error) {
      if (!isRefused)
        log.warn(
          { error: messageOf(error), folder },
          'outcomes can’t be put in a file either; they wait in memory',
        )
      isRefused = true
      return false
    }
  }

  /** False: the file that was written has another name by now. */
  async function write(lines: readonly string[]): Promise<boolean> {
    makeDataDir(folder)
    const handle = await open(file, 'a', OWNER_ONLY)
    try {
      // A line that an earlier write left unfinished is ended first.
      const text = `${isTorn ? '\n' : ''}${lines.map((line) => `${line}\n`).join('')}`
      isTorn = true
      await handle.appendFile(text)
      await handle.datasync()
      isTorn = false
      await syncName()
      const [written, named] = await Promise.all([handle.stat(), stat(file).catch(() => null)])
      return named !== null && named.ino === written.ino && named.dev === written.dev
    } finally {
      await handle.close()
    }
  }

  /** The name has to last too, not only what is in it. */
  async function syncName(): Promise<void> {
    const directory = await open(folder, 'r')
    await directory.sync().finally(() => directory.close())
  }

  async function clear(): Promise<void> {
    try {
      await rm(file, { force: true })
    } catch (error) {
      log.warn(
        { error: messageOf(error), file },
        'a file of outcomes that are committed could not be removed',
      )
    }
  }

  async function take(theirs: string): Promise<Leftover | null> {
    taken += 1
    const mine = path.join(folder, `${name}-took-${taken}${EXTENSION}`)
    try {
      await rename(path.join(folder, theirs), mine)
      const lines = readLines(await readFile(mine, 'utf8'))
      return { lines, remove: () => rm(mine, { force: true }) }
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  return {
    append: (lines) => inTurn(() => append(lines)),
    clear: () => inTurn(clear),
    async leftovers() {
      const found: Leftover[] = []
      for (const theirs of await namesIn(folder)) {
        if (!theirs.endsWith(EXTENSION) || theirs.startsWith(name)) continue
        const leftover = await take(theirs)
        if (leftover !== null) found.push(leftover)
      }
      return found
    },
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** What stands after the last line end was cut off: its fsync never came back, so nobody counted on it. */
function readLines(text: string): readonly string[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
}

/** Another took it first, or there never was one. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
