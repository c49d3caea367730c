/**
 * Importing a file, and undoing it, against csv-parse alone that feeds one prepared INSERT in one transaction, into a table of
 * the same text with the same unique address. The command's time is all of it, from its start to its end; the other's begins
 * when its file is opened.
 */

import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { collect, launch, type Place, readUsage, runProgram } from './process.js'
import { CLI, LIST, makeRoot } from './root.js'

export interface ImportRound {
  readonly rows: number
  readonly bareSeconds: number
  readonly importSeconds: number
  readonly importPeakBytes: number
  readonly undoSeconds: number
  readonly undoPeakBytes: number
}

export interface ImportCourse {
  readonly rows: number
  readonly rounds: number
  readonly folder: string
}

/** What the child that inserts is asked for. */
export interface BareRequest {
  readonly file: string
  readonly database: string
}

/** One in so many rows is broken. */
const BROKEN_EVERY = 100
/** A prime, so that addresses come in no order. */
const STRIDE = 7_919
const LOOK_MS = 50

/** On SQLite. Throws when not everyone was imported, or not everyone was removed. */
export async function measureImport({ rows, rounds, folder }: ImportCourse): Promise<readonly ImportRound[]> {
  const file = path.join(folder, 'people.csv')
  await pipeline(Readable.from(csvLines(rows)), createWriteStream(file))
  const measured: ImportRound[] = []
  for (let round = 0; round < rounds; round++) {
    const bare = () => insertBare({ file, database: path.join(folder, 'bare.db') })
    const ours = () => importAndUndo(folder, file, rows)
    const first = round % 2 === 0 ? await bare() : await ours()
    const second = round % 2 === 0 ? await ours() : await bare()
    const one = { rows, ...first, ...second }
    if (!('bareSeconds' in one && 'importSeconds' in one)) throw new Error('a round without one of the two')
    measured.push(one)
    const rate = (seconds: number) => Math.round(rows / seconds).toLocaleString('en')
    process.stderr.write(
      `round ${round + 1}: import ${rate(one.importSeconds)}/s, bare ${rate(one.bareSeconds)}/s\n`,
    )
  }
  return measured
}

function* csvLines(rows: number): Generator<string> {
  yield 'address,name,city,plan\n'
  for (let row = 0; row < rows; row++) {
    const number = (row * STRIDE) % rows
    const at = row % BROKEN_EVERY === 0 ? '' : '@example.org'
    yield `reader.${number.toString(36)}${at},Reader Number ${number},Hamburg,free\n`
  }
}

async function insertBare(request: BareRequest): Promise<Pick<ImportRound, 'bareSeconds'>> {
  const child = fileURLToPath(new URL('import-child.js', import.meta.url))
  try {
    const answer = await runProgram(process.execPath, [child, JSON.stringify(request)], {
      cwd: process.cwd(),
    })
    // Written by import-child.ts.
    return { bareSeconds: (JSON.parse(answer) as { seconds: number }).seconds }
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(`${request.database}${end}`, { force: true })
  }
}

async function importAndUndo(
  folder: string,
  file: string,
  rows: number,
): Promise<Omit<ImportRound, 'rows' | 'bareSeconds'>> {
  const root = makeRoot(folder, {})
  const people = rows - Math.ceil(rows / BROKEN_EVERY)
  const place = { cwd: root.folder, env: root.env }
  const command = (...args: string[]) => measureCommand([...args, '--json'], place)
  try {
    const imported = await command('subscribers', 'import', file, '--list', LIST, '--create-list')
    const undone = await command('subscribers', 'undo', '1')
    if (imported.answer.added !== people || undone.answer.removed !== people)
      throw new Error(
        `${imported.answer.added} were imported and ${undone.answer.removed} removed, not ${people}`,
      )
    return {
      importSeconds: imported.seconds,
      importPeakBytes: imported.peakBytes,
      undoSeconds: undone.seconds,
      undoPeakBytes: undone.peakBytes,
    }
  } finally {
    rmSync(root.folder, { recursive: true, force: true })
  }
}

interface Measured {
  readonly seconds: number
  readonly peakBytes: number
  readonly answer: { readonly added?: number; readonly removed?: number }
}

/** Its peak is read until it ends: the kernel keeps the most there was, and forgets it with the process. */
async function measureCommand(args: readonly string[], place: Place): Promise<Measured> {
  const began = performance.now()
  const child = launch(process.execPath, [CLI, '--root', place.cwd, ...args], place)
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const closed = once(child, 'close') as Promise<[number | null]>
  let peakBytes = 0
  while (child.exitCode === null && child.signalCode === null) {
    peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0))
    await Promise.race([wait(LOOK_MS), closed])
  }
  const [code] = await closed
  const seconds = (performance.now() - began) / 1_000
  if (code !== 0) throw new Error(`pressrun ${args.join(' ')} ended with ${code}:\n${stderr()}`)
  return { seconds, peakBytes, answer: JSON.parse(stdout()) }
}

/** 0 when it has just ended. */
function peakOf(pid: number): number {
  try {
    return readUsage(pid).peakBytes || 0
  } catch {
    return 0
  }
}
