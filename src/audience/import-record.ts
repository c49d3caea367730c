/** Import: one file that was read onto a List, how far it came, and what became of its rows. */

import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import type { ImportMode } from './standing.js'
import type { VerdictCounts } from './verdict.js'

/** `running` is also one that was cut short: the same file again takes up the rest, and it can be undone as it is. */
export type ImportState = 'running' | 'done' | 'undoing' | 'undone'

export interface ImportCounts extends Partial<VerdictCounts> {
  /** Mode `set`: those who were not in the file. */
  readonly takenOff?: number
  readonly undone?: UndoCounts
}

/** Of the Subscribers whom an undo has looked at. */
export interface UndoCounts {
  /** Made by the import, and gone. */
  readonly removed: number
  /** Put on the List by it, off it now; their record stays. */
  readonly takenOff: number
  /** Status, name, attributes or tags as they were before. */
  readonly restored: number
  /** Changed by someone else since, in whole or in part, and left so. */
  readonly left: number
}

export interface ImportRecord {
  readonly id: number
  readonly file: string
  readonly list: { readonly id: number; readonly name: string }
  readonly mode: ImportMode
  readonly state: ImportState
  readonly counts: ImportCounts
  readonly createdAt: number
  readonly finishedAt: number | null
  readonly undoneAt: number | null
}

export async function createImport(
  query: Query,
  {
    file,
    listId,
    mode,
    now,
  }: { readonly file: string; readonly listId: number; readonly mode: ImportMode; readonly now: number },
): Promise<number> {
  const { id } = await query
    .insertInto('import')
    .values({
      file,
      list_id: listId,
      mode,
      state: 'running',
      created_at: now,
      finished_at: null,
      undone_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Run it in each transaction of the import. Throws InputError when an undo has begun: it must find the last change. */
export async function keepProgress(
  trx: Query,
  { id, counts }: { readonly id: number; readonly counts: ImportCounts },
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('import')
    .set({ counts: JSON.stringify(counts) })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new InputError(`import ${id} is being undone, so it ends here`)
}

/** Mode `set`, beside the counts that are there. Throws as `keepProgress` does. */
export async function keepTakenOff(trx: Query, id: number, takenOff: number): Promise<void> {
  const { counts } = await findImport(trx, id)
  await keepProgress(trx, { id, counts: { ...counts, takenOff } })
}

/** `running` → `done`. */
export async function finishImport(
  query: Query,
  { id, counts, now }: { readonly id: number; readonly counts: ImportCounts; readonly now: number },
): Promise<void> {
  await query
    .updateTable('import')
    .set({ state: 'done', counts: JSON.stringify(counts), finished_at: now })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}

/**
 * → `undoing`; returns what an undo has come to before. Run it in each transaction of the undo: the import then ends, and
 * two undos take turns.
 */
export async function beginUndo(trx: Query, id: number): Promise<UndoCounts | null> {
  await trx
    .updateTable('import')
    .set({ state: 'undoing' })
    .where('id', '=', id)
    .where('state', '!=', 'undone')
    .execute()
  return (await findImport(trx, id)).counts.undone ?? null
}

export async function keepUndo(
  trx: Query,
  { id, undone }: { readonly id: number; readonly undone: UndoCounts },
): Promise<void> {
  const { counts } = await findImport(trx, id)
  await trx
    .updateTable('import')
    .set({ counts: JSON.stringify({ ...counts, undone }) })
    .where('id', '=', id)
    .execute()
}

/** `undoing` → `undone`. */
export async function finishUndo(
  query: Query,
  { id, now }: { readonly id: number; readonly now: number },
): Promise<void> {
  await query
    .updateTable('import')
    .set({ state: 'undone', undone_at: now })
    .where('id', '=', id)
    .where('state', '=', 'undoing')
    .execute()
}

/** Newest first. */
export async function listImports(query: Query, limit: number): Promise<readonly ImportRecord[]> {
  const rows = await selectImports(query).orderBy('import.id', 'desc').limit(limit).execute()
  return rows.map(toRecord)
}

/** Throws InputError when there is none of that number. */
export async function findImport(query: Query, id: number): Promise<ImportRecord> {
  const row = await selectImports(query).where('import.id', '=', id).executeTakeFirst()
  if (row === undefined) throw new InputError(`there is no import ${id}; pressrun imports lists them`)
  return toRecord(row)
}

function selectImports(query: Query) {
  return query
    .selectFrom('import')
    .innerJoin('list', 'list.id', 'import.list_id')
    .select([
      'import.id',
      'import.file',
      'import.list_id',
      'list.name as list',
      'import.mode',
      'import.state',
      'import.counts',
      'import.created_at',
      'import.finished_at',
      'import.undone_at',
    ])
}

type ImportRow = Awaited<ReturnType<ReturnType<typeof selectImports>['execute']>>[number]

function toRecord(row: ImportRow): ImportRecord {
  return {
    id: row.id,
    file: row.file,
    list: { id: row.list_id, name: row.list },
    mode: row.mode,
    state: row.state,
    // Written here alone.
    counts: JSON.parse(row.counts) as ImportCounts,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    undoneAt: row.undone_at,
  }
}
