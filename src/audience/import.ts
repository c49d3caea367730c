/**
 * Import of Subscribers from CSV, with a verdict a row. The file is read twice: once to know that it is text at all, so
 * that nothing is written of one that isn't; then in chunks, each its own transaction, so that a million rows need
 * little memory and an import that was cut short can be run again.
 */

import type { Readable } from 'node:stream'
import type { Db } from '../db/db.js'
import { transact } from '../db/transact.js'
import { InputError } from '../errors.js'
import type { Keys } from '../link/token.js'
import { type CsvRecord, readCsv } from './csv.js'
import { readHeader } from './csv-header.js'
import { type PersonRow, type RowContext, readPerson } from './csv-person.js'
import { checkListName, createList, findList, type List, lookUpList } from './list.js'
import { SeenAddresses } from './seen.js'
import { foresee, type Standing, subscribe } from './subscribe.js'
import { checkUtf8 } from './text-file.js'
import { type RowProblem, type RowVerdict, Tally, type VerdictCounts } from './verdict.js'

export interface ImportRequest {
  /** The file's name as the person knows it. */
  readonly file: string
  /** Opens the file anew at each call. */
  readonly open: () => Readable
  readonly listName: string
  /** What to do about a List that does not exist. */
  readonly missingList: 'refuse' | 'create'
  /** `foresee` gives the verdicts and writes nothing. */
  readonly mode: 'write' | 'foresee'
  /** Told of every row, in the order of the file. */
  readonly onVerdict?: (verdict: RowVerdict) => void
}

export interface ImportResult extends VerdictCounts {
  readonly list: string
  /** The first rows that were refused or repeated, with the reason. */
  readonly problems: readonly RowProblem[]
}

export interface ImportContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly now: () => number
}

/** Short enough not to hold up the other writers. */
const CHUNK_ROWS = 1_000

/**
 * Throws InputError, with nothing written, when the file is no CSV of Subscribers, the List is missing, or what it
 * would be called is no name of a List.
 */
export async function importSubscribers(
  request: ImportRequest,
  context: ImportContext,
): Promise<ImportResult> {
  const { file, open, listName, onVerdict } = request
  await checkUtf8(open(), file)
  const records = readCsv(open())
  try {
    const row: RowContext = {
      file,
      columns: await readColumns(records, file),
      seen: new SeenAddresses(),
      keys: context.keys,
    }
    const list = await openList(request, context)
    const tally = new Tally()
    for await (const chunk of inChunks(records)) {
      const rows = chunk.map((record) => readPerson(record, row))
      for (const verdict of await settle(rows, list, { ...context, mode: request.mode })) {
        tally.add(verdict)
        onVerdict?.(verdict)
      }
    }
    return { list: list?.name ?? listName, ...tally.counts, problems: tally.problems }
  } finally {
    await records.return(undefined)
  }
}

async function readColumns(records: AsyncGenerator<CsvRecord>, file: string) {
  const { value: header, done } = await records.next()
  if (done)
    throw new InputError([{ where: file, line: null, message: 'is empty; its header would be address,name' }])
  if (header.kind === 'broken')
    throw new InputError([{ where: file, line: header.line, message: `the header ${header.reason}` }])
  return readHeader(header.fields, file, header.line)
}

/** Null for a List that would be created, if this were to write. */
async function openList(
  { listName, missingList, mode }: ImportRequest,
  { db: { query }, now }: ImportContext,
): Promise<List | null> {
  if (missingList === 'refuse') return findList(query, listName)
  const existing = await lookUpList(query, listName)
  if (existing !== null) return existing
  if (mode === 'write') return createList(query, { name: listName, now: now() })
  checkListName(listName)
  return null
}

async function* inChunks(records: AsyncGenerator<CsvRecord>): AsyncGenerator<readonly CsvRecord[]> {
  let chunk: CsvRecord[] = []
  for await (const record of records) {
    chunk.push(record)
    if (chunk.length === CHUNK_ROWS) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}

async function settle(
  rows: readonly PersonRow[],
  list: List | null,
  { db: { query }, now, mode }: ImportContext & Pick<ImportRequest, 'mode'>,
): Promise<readonly RowVerdict[]> {
  const people = rows.flatMap((row) => (row.kind === 'person' ? [row.person] : []))
  if (people.length === 0) return verdictsOf(rows, [])
  if (mode === 'foresee' || list === null)
    return verdictsOf(rows, await foresee(query, people, list?.id ?? null))
  const standings = await transact(query, 'import', (trx) =>
    subscribe(trx, people, { listId: list.id, now: now() }),
  )
  return verdictsOf(rows, standings)
}

/** `standings` are those of the people among the rows, in their order. */
function verdictsOf(rows: readonly PersonRow[], standings: readonly Standing[]): readonly RowVerdict[] {
  let next = 0
  return rows.map((row) => {
    if (row.kind !== 'person') return row
    const standing = standings[next++]
    if (standing === undefined) throw new Error('a person without a standing')
    return { kind: standing, line: row.line, address: row.person.address }
  })
}
