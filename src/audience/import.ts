/**
 * Import of Subscribers from CSV, with a verdict a row. The file is read twice: once to know that it is text at all, so
 * that nothing is written of one that isn't; then in chunks, each its own transaction, the next one read while one is
 * written. One that was cut short can be run again, or undone (`import-undo.ts`).
 */

import type { Readable } from 'node:stream'
import { setImmediate as breath } from 'node:timers/promises'
import type { Db } from '../db/db.js'
import { transact } from '../db/transact.js'
import { InputError } from '../errors.js'
import type { AttributeType } from '../issue/publication.js'
import type { Keys } from '../link/token.js'
import { type CsvRecord, readCsv } from './csv.js'
import { type HeaderContext, readHeader } from './csv-header.js'
import { type PersonRow, type RowContext, readPerson } from './csv-person.js'
import { createImport, finishImport, keepProgress } from './import-record.js'
import { countOthers, takeOffOthers } from './import-set.js'
import { checkListName, createList, findList, type List, lookUpList } from './list.js'
import type { Person } from './person.js'
import { SeenAddresses } from './seen.js'
import type { ImportMode, Standing } from './standing.js'
import { type ExcludePeople, foresee, type SubscribeContext, subscribe } from './subscribe.js'
import { type Encoding, readEncoding, type TextReading } from './text-file.js'
import { type RowProblem, type RowVerdict, Tally, type VerdictCounts } from './verdict.js'

export interface ImportRequest {
  /** The file's name as the person knows it. */
  readonly file: string
  /** Opens the file anew at each call. */
  readonly open: () => Readable
  readonly listName: string
  /** What to do about a List that does not exist. */
  readonly missingList: 'refuse' | 'create'
  readonly mode: ImportMode
  /** `foresee` gives the verdicts and writes nothing. */
  readonly how: 'write' | 'foresee'
  /** Null: told from the bytes. */
  readonly encoding: Encoding | null
  readonly map: HeaderContext['map']
  readonly from: HeaderContext['from']
  /** What the publication declares. */
  readonly attributes: readonly AttributeType[]
  /** Told of every row, in the order of the file. */
  readonly onVerdicts?: (verdicts: readonly RowVerdict[]) => Promise<void>
  readonly onProgress?: (rows: number) => void
}

export interface ImportResult extends VerdictCounts {
  /** Null: nothing was written. */
  readonly import: number | null
  readonly list: string
  readonly mode: ImportMode
  /** Mode `set`: those on the List whom the file does not name. */
  readonly takenOff: number
  readonly text: TextReading
  /** The tool whose states were read; null: none. */
  readonly from: string | null
  /** The first rows that were refused or repeated, with the reason. */
  readonly problems: readonly RowProblem[]
}

export interface ImportContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly exclude: ExcludePeople
  readonly now: () => number
}

/** Many, since a commit costs the same for few; more would hold up other writers longer, and take memory. */
const CHUNK_ROWS = 3_000
/** About a millisecond of reading. */
const BREATH_ROWS = 100

/**
 * Throws InputError, with nothing written, when the file is no CSV of Subscribers, the List is missing, or what it
 * would be called is no name of a List.
 */
export async function importSubscribers(
  request: ImportRequest,
  context: ImportContext,
): Promise<ImportResult> {
  const { file, open, listName, mode, how } = request
  const text = await readEncoding(open(), file, request.encoding)
  const records = readCsv(open(), text.encoding)
  try {
    const columns = await readColumns(records, request)
    const [seen, refused] = [new SeenAddresses(), new SeenAddresses()]
    const row: RowContext = { file, columns, seen, refused, keys: context.keys }
    const list = await openList(request, context)
    const tally = new Tally()
    const from = columns.origin?.title ?? null
    const told = () => ({
      list: list?.name ?? listName,
      mode,
      text,
      from,
      ...tally.counts,
      problems: tally.problems,
    })
    if (how === 'foresee' || list === null) {
      const settle = (rows: readonly PersonRow[]) => foreseeRows(rows, { request, context, list })
      await settleAll(records, { row, tally, request, settle })
      const takenOff = mode === 'set' && list !== null ? await countOthers(list.id, row, context) : 0
      return { import: null, takenOff, ...told() }
    }
    const at = context.now()
    const id = await createImport(context.db.query, { file, listId: list.id, mode, now: at })
    const origin = { how: 'import', import: id, file }
    const writing = { listId: list.id, mode, importId: id, origin, at, exclude: context.exclude }
    const settle = (rows: readonly PersonRow[]) => writeRows(rows, { writing, tally, context })
    await settleAll(records, { row, tally, request, settle })
    const takenOff = mode === 'set' ? await takeOffOthers(row, { ...writing, file }, context) : 0
    await finishImport(context.db.query, { id, counts: { ...tally.counts, takenOff }, now: context.now() })
    return { import: id, takenOff, ...told() }
  } finally {
    await records.return(undefined)
  }
}

async function readColumns(
  records: AsyncGenerator<CsvRecord>,
  { file, map, from, attributes }: ImportRequest,
) {
  const { value: header, done } = await records.next()
  if (done)
    throw new InputError([{ where: file, line: null, message: 'is empty; its header would be address,name' }])
  if (header.kind === 'broken')
    throw new InputError([{ where: file, line: header.line, message: `the header ${header.reason}` }])
  const types = new Map(attributes.map((type) => [type.name, type]))
  return readHeader(header.fields, { where: file, line: header.line, map, from, types })
}

/** Null for a List that would be created, if this were to write. */
async function openList(
  { listName, missingList, how }: ImportRequest,
  { db: { query }, now }: ImportContext,
): Promise<List | null> {
  if (missingList === 'refuse') return findList(query, listName)
  const existing = await lookUpList(query, listName)
  if (existing !== null) return existing
  if (how === 'write') return createList(query, { name: listName, now: now() })
  checkListName(listName)
  return null
}

interface Settling {
  readonly row: RowContext
  readonly tally: Tally
  readonly request: Pick<ImportRequest, 'onVerdicts' | 'onProgress'>
  readonly settle: (rows: readonly PersonRow[]) => Promise<readonly RowVerdict[]>
}

/** One chunk is settled while the next is read. */
async function settleAll(records: AsyncGenerator<CsvRecord>, settling: Settling): Promise<void> {
  let before: Promise<void> = Promise.resolve()
  for await (const rows of inChunks(records, settling.row)) {
    await before
    before = settleChunk(rows, settling)
    // It is awaited, but not before the next chunk is read.
    before.catch(() => {})
  }
  await before
}

async function settleChunk(
  rows: readonly PersonRow[],
  { tally, request: { onVerdicts, onProgress }, settle }: Settling,
): Promise<void> {
  const verdicts = await settle(rows)
  tally.add(verdicts)
  onProgress?.(tally.counts.rows)
  await onVerdicts?.(verdicts)
}

async function* inChunks(
  records: AsyncGenerator<CsvRecord>,
  row: RowContext,
): AsyncGenerator<readonly PersonRow[]> {
  let chunk: PersonRow[] = []
  for await (const record of records) {
    chunk.push(readPerson(record, row))
    // The chunk before is told what the database has answered, and asks on: else the database would wait for us.
    if (chunk.length % BREATH_ROWS === 0) await breath()
    if (chunk.length === CHUNK_ROWS) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}

async function foreseeRows(
  rows: readonly PersonRow[],
  {
    request: { mode },
    context: { db },
    list,
  }: { readonly request: ImportRequest; readonly context: ImportContext; readonly list: List | null },
): Promise<readonly RowVerdict[]> {
  const listId = list?.id ?? null
  return verdictsOf(rows, await inRounds(rows, (people) => foresee(db.query, people, { listId, mode })))
}

/** The chunk's people, what was there before, and how far the import has come: all of it stands, or nothing. */
async function writeRows(
  rows: readonly PersonRow[],
  {
    writing,
    tally,
    context: { db },
  }: { readonly writing: SubscribeContext; readonly tally: Tally; readonly context: ImportContext },
): Promise<readonly RowVerdict[]> {
  return transact(db.query, 'import', async (trx) => {
    const verdicts = verdictsOf(rows, await inRounds(rows, (people) => subscribe(trx, people, writing)))
    await keepProgress(trx, { id: writing.importId, counts: tally.with(verdicts) })
    return verdicts
  })
}

/**
 * The standing of each row's person, by place. Addresses differ within a round; who is named again, because they have left,
 * comes after the others.
 */
async function inRounds(
  rows: readonly PersonRow[],
  settle: (people: readonly Person[]) => Promise<readonly Standing[]>,
): Promise<readonly (Standing | undefined)[]> {
  const standings: (Standing | undefined)[] = Array(rows.length)
  let waiting = rows.flatMap((row, place) => (row.kind === 'person' ? [{ row, place }] : []))
  for (let isRepeat = false; waiting.length > 0; isRepeat = true) {
    const keys = new Set<string>()
    const later: typeof waiting = []
    const round = waiting.filter((one) => {
      const { isRepeated, person } = one.row
      const isNow = isRepeated === isRepeat && (!isRepeat || !keys.has(person.addressKey))
      if (!isNow) later.push(one)
      else if (isRepeat) keys.add(person.addressKey)
      return isNow
    })
    const settled = await settle(round.map(({ row }) => row.person))
    for (const [at, { place }] of round.entries()) standings[place] = settled[at]
    waiting = later
  }
  return standings
}

/** `standings` by place. */
function verdictsOf(
  rows: readonly PersonRow[],
  standings: readonly (Standing | undefined)[],
): readonly RowVerdict[] {
  return rows.map((row, place) => {
    if (row.kind !== 'person') return row
    const standing = standings[place]
    if (standing === undefined) throw new Error('a person without a standing')
    return { kind: standing, line: row.line, address: row.person.address }
  })
}
