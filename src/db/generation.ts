/**
 * Generation: a count that grows while an engine runs, kept in the database and beside it. A file that is overwritten in
 * place keeps its inode, but falls behind its own mark. The mark is a file's name, not its content: a folder that is
 * copied back over this one adds an old mark and can't take the newer one away. On Postgres each engine leaves its mark in
 * the data folder it happens to have: one may be new, shared, or have served another database before.
 */

import { mkdir, open, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../errors.js'
import type { Engine } from './db.js'

export interface Generation {
  /** Grows by one at each beat. */
  readonly count: number
  /** Random, made anew when a copy is adopted. */
  readonly lineage: string
}

/** `12.9f86d081884c7d65`, in the database and as a mark's name. */
export function printGeneration({ count, lineage }: Generation): string {
  return `${count}.${lineage}`
}

/** Null when it is none. */
export function parseGeneration(text: string): Generation | null {
  const match = /^(\d+)\.([0-9a-f]+)$/.exec(text)
  return match?.[1] && match[2] ? { count: Number(match[1]), lineage: match[2] } : null
}

export async function readMarks(dataDir: string, engine: Engine): Promise<readonly Generation[]> {
  try {
    const names = await readdir(folderIn(dataDir))
    return names.map((name) => parseMark(name, engine)).filter((mark) => mark !== null)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw explainMarks(error, folderIn(dataDir))
  }
}

/** Durable before those go that it replaces. The database has to hold it already, or to be told at once. */
export async function leaveMark(dataDir: string, engine: Engine, generation: Generation): Promise<void> {
  const folder = folderIn(dataDir)
  const name = `${printGeneration(generation)}${SUFFIXES[engine]}`
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw explainMarks(error, folder)
  })
  await (await open(path.join(folder, name), 'w', 0o600)).close()
  await syncFolder(folder)
  for (const other of await readdir(folder)) {
    const mark = parseMark(other, engine)
    if (other !== name && mark !== null && isReplaced(mark, engine, generation))
      await rm(path.join(folder, other), { force: true })
  }
}

/** A file has a folder of its own. On Postgres another engine's newer mark stays, and so does another database's. */
function isReplaced(mark: Generation, engine: Engine, { count, lineage }: Generation): boolean {
  return engine === 'sqlite' || (mark.lineage === lineage && mark.count < count)
}

/** A folder may be used with both in turn; neither says anything about the other. */
const SUFFIXES: Readonly<Record<Engine, string>> = { sqlite: '', postgres: '.postgres' }

function parseMark(name: string, engine: Engine): Generation | null {
  const suffix = SUFFIXES[engine]
  return name.endsWith(suffix) ? parseGeneration(name.slice(0, name.length - suffix.length)) : null
}

function explainMarks(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTDIR' || error.code === 'EEXIST')))
    return error
  return new InputError(
    `${folder}: is a file where a folder belongs that keeps the marks of earlier runs; put back the one from a backup, or remove it and run pressrun adopt`,
    { cause: error },
  )
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * What does not fit in words, or null. `known` is what the database holds, null for one without a generation. On Postgres
 * only a newer mark of the same lineage says anything.
 */
export function judgeMarks(
  known: Generation | null,
  { engine, marks }: { readonly engine: Engine; readonly marks: readonly Generation[] },
): string | null {
  const isOlder = marks.some(({ count, lineage }) => lineage === known?.lineage && count > known.count)
  if (isOlder) return 'it is older than what ran here last'
  if (engine === 'postgres') return null
  // A count of 0 is left just before the database is told; a crash between the two is no copy.
  if (known === null)
    return marks.some(({ count }) => count > 0) ? 'another database was used in this folder' : null
  if (marks.length === 0) return 'the marks of earlier runs are gone from its folder'
  if (marks.some(({ lineage }) => lineage !== known.lineage))
    return 'another database was used in this folder'
  return null
}

function folderIn(dataDir: string): string {
  return path.join(dataDir, 'generation')
}
