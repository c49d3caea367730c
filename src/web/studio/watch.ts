/**
 * Tells when what pictures are made of has changed on the disk. The system says that something happened; whether a file
 * is another says a look at it. So nothing that a program does while it saves counts twice, and what the system does not
 * say (folders of a network or a container) is seen by a look every other second.
 */

import { watchFolders } from './folder-watch.js'
import { INPUT_FOLDERS, isInput, isLeftover, type Mark, type Marks, readInputs, readMark } from './inputs.js'

export interface Change {
  /** Relative to the root, with `/`; files that came, went or are others. */
  readonly files: ReadonlySet<string>
  /** When the first of them was heard of, ms since 1970. */
  readonly changedAt: number
}

export interface Watch {
  /** Looks at everything now; what has changed is told before it resolves. */
  look(): Promise<void>
  close(): void
}

/** A program that saves writes more than once, most within this. */
const SETTLE_MS = 4
/** A file that is empty or gone is one that is being saved, for so long. */
const GRACE_MS = 150
const GRACE_LOOK_MS = 10
/** For what the system does not say. */
const LOOK_MS = 2_000

export interface WatchOptions {
  readonly onChange: (change: Change) => void
  readonly now: () => number
}

export function watchFiles(root: string, { onChange, now }: WatchOptions): Watch {
  let marks: Marks | null = null
  let heard: Heard | null = null
  let timer: NodeJS.Timeout | null = null
  let line: Promise<void> = Promise.resolve()
  let isClosed = false

  const folders = watchFolders(root, (folder, name) => {
    const files = filesNamed(folder, name)
    if (files !== null) hear({ files, at: now(), missed: [] }, SETTLE_MS)
  })
  const clock = setInterval(() => void look(), LOOK_MS).unref()
  void look()

  function hear(what: Heard, waitMs: number): void {
    heard = both(heard, what)
    if (!isClosed) timer ??= setTimeout(() => void lookAtHeard(), waitMs)
  }

  function look(): Promise<void> {
    heard = both(heard, { files: 'all', at: now(), missed: [] })
    return lookAtHeard()
  }

  /** One look at a time. */
  function lookAtHeard(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    line = line.then(async () => {
      const what = heard
      heard = null
      if (what !== null && !isClosed) await lookAt(what)
    })
    return line
  }

  async function lookAt({ files, at, missed }: Heard): Promise<void> {
    const before = marks
    const seen = before === null || files === 'all' ? await lookAround() : await lookAtSome(before, files)
    const changed = before === null ? [] : changesBetween(before, seen)
    if (now() - at < GRACE_MS && changed.some((file) => isBeingSaved(file, seen.get(file)))) {
      hear({ files, at, missed: [...missed, ...changed] }, GRACE_LOOK_MS)
      return
    }
    marks = seen
    const told = new Set([...missed, ...changed])
    if (told.size > 0) onChange({ files: told, changedAt: at })
  }

  async function lookAround(): Promise<Marks> {
    const { files, folders: found } = await readInputs(root)
    if (!isClosed) folders.set(found)
    return files
  }

  async function lookAtSome(before: Marks, files: ReadonlySet<string>): Promise<Marks> {
    const seen = new Map(before)
    for (const file of files) {
      const mark = await readMark(root, file)
      if (mark === null) seen.delete(file)
      else seen.set(file, mark)
    }
    return seen
  }

  return {
    look,
    close() {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      clearInterval(clock)
      folders.close()
    },
  }
}

/** What the system has named, and when it did so first. */
interface Heard {
  readonly files: ReadonlySet<string> | 'all'
  readonly at: number
  /** Those that were empty or gone meanwhile: whoever read one then has to read it again, whatever it is now. */
  readonly missed: readonly string[]
}

function both(one: Heard | null, other: Heard): Heard {
  if (one === null) return other
  const isAll = one.files === 'all' || other.files === 'all'
  return {
    files: isAll ? 'all' : new Set([...one.files, ...other.files]),
    at: Math.min(one.at, other.at),
    missed: [...one.missed, ...other.missed],
  }
}

/** Null: nothing that a picture is made of. What may be a folder can have brought anything with it. */
function filesNamed(folder: string, name: string | null): Heard['files'] | null {
  if (name === null) return 'all'
  const file = folder === '' ? name : `${folder}/${name}`
  if (isInput(file)) return new Set([file])
  return isLeftover(name) || (folder === '' && !INPUT_FOLDERS.includes(name)) ? null : 'all'
}

function changesBetween(before: Marks, after: Marks): readonly string[] {
  const files = new Set([...before.keys(), ...after.keys()])
  return [...files].filter((file) => before.get(file)?.print !== after.get(file)?.print)
}

/** Nobody keeps an empty issue or template, and few take one away while they look at it. */
function isBeingSaved(file: string, mark: Mark | undefined): boolean {
  return mark === undefined || (mark.sizeBytes === 0 && /\.(?:md|yaml|hbs|mjml)$/.test(file))
}
