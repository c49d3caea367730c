/**
 * Undo of a whole import, a page of Subscribers a transaction. What has been undone is struck off in the same transaction, so
 * one that was cut short goes on where it was. Judged in `undo-judge.ts`.
 */

import { sql } from 'kysely'
import { takeLock } from '../db/advisory-lock.js'
import type { Db, Query } from '../db/db.js'
import { holdStill } from '../db/hold-still.js'
import { idsOf, rowsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { insertEvents } from '../event/event.js'
import { readChanges } from './import-change.js'
import {
  beginUndo,
  findImport,
  finishUndo,
  type ImportRecord,
  keepUndo,
  type UndoCounts,
} from './import-record.js'
import type { ExcludePeople } from './subscribe.js'
import { removeTags } from './tag.js'
import { judgeUndo, type Undo } from './undo-judge.js'
import { holdPresent, readPresent } from './undo-present.js'

export interface UndoRequest {
  readonly importId: number
  /** `foresee` counts and writes nothing. */
  readonly how: 'write' | 'foresee'
  readonly onProgress?: (subscribers: number) => void
}

export interface UndoContext {
  readonly db: Pick<Db, 'query'>
  readonly exclude: ExcludePeople
  readonly now: () => number
}

export interface UndoResult extends UndoCounts {
  readonly import: number
  readonly file: string
  readonly list: string
  /** It had been undone before; the counts are those of then. */
  readonly isAlready: boolean
}

/** In each of which others wait to write. */
const PAGE = 2_000
const NOBODY: UndoCounts = { removed: 0, takenOff: 0, restored: 0, left: 0 }

/** Throws InputError when there is no such import. One that still runs elsewhere ends at its next chunk. */
export async function undoImport(
  { importId, how, onProgress }: UndoRequest,
  { db: { query }, exclude, now }: UndoContext,
): Promise<UndoResult> {
  const record = await findImport(query, importId)
  const told = { import: importId, file: record.file, list: record.list.name }
  if (record.state === 'undone') return { ...told, ...(record.counts.undone ?? NOBODY), isAlready: true }
  const at = now()
  let counts = NOBODY
  for (let after = 0; ; ) {
    const page = { record, after, at, exclude }
    const done =
      how === 'write'
        ? await transact(query, 'undo', (trx) => undoPage(trx, page))
        : await foreseePage(query, page, counts)
    counts = done.counts
    onProgress?.(counts.removed + counts.takenOff + counts.restored + counts.left)
    if (done.last === null) break
    after = done.last
  }
  if (how === 'write') await finishUndo(query, { id: importId, now: now() })
  return { ...told, ...counts, isAlready: false }
}

interface Page {
  readonly record: ImportRecord
  readonly after: number
  readonly at: number
  readonly exclude: ExcludePeople
}

interface Done {
  /** Of all pages so far, those of an undo that was cut short among them. */
  readonly counts: UndoCounts
  /** Of the page; null when it was empty. */
  readonly last: number | null
}

async function foreseePage(query: Query, page: Page, before: UndoCounts): Promise<Done> {
  const { undos, last } = await judgePage(query, page)
  return { counts: add(before, undos), last }
}

async function undoPage(trx: Query, page: Page): Promise<Done> {
  const { record, at, exclude } = page
  // Nobody confirms or is placed meanwhile, and no Send may begin to place people.
  await takeLock(trx, 'people')
  await holdStill(trx, 'send')
  const before = (await beginUndo(trx, record.id)) ?? NOBODY
  await holdPresent(trx, { importId: record.id, listId: record.list.id, after: page.after, limit: PAGE })
  const { undos, last } = await judgePage(trx, page)
  await restoreSubscribers(trx, undos, at)
  await restoreStatuses(trx, undos, { record, at })
  await endSubscriptions(trx, undos, { record, at, exclude })
  await removePeople(trx, undos, { record, at })
  await strikeOff(trx, record.id, undos)
  const counts = add(before, undos)
  await keepUndo(trx, { id: record.id, undone: counts })
  return { counts, last }
}

async function judgePage(query: Query, { record, after }: Page) {
  const notes = await readChanges(query, record.id, { after, limit: PAGE })
  const present = await readPresent(query, notes, record.list.id)
  const undos = notes.map((note) => judgeUndo(note, present.get(note.subscriberId) ?? null, record.createdAt))
  return { undos, last: notes.at(-1)?.subscriberId ?? null }
}

function add(counts: UndoCounts, undos: readonly Undo[]): UndoCounts {
  const sum = { ...counts }
  for (const { subscription, subscriber, isLeft } of undos) {
    if (subscriber.kind === 'remove') sum.removed += 1
    else if (subscription.kind === 'remove' || subscription.kind === 'takeOff') sum.takenOff += 1
    else if (isLeft) sum.left += 1
    else sum.restored += 1
  }
  return sum
}

async function restoreSubscribers(trx: Query, undos: readonly Undo[], at: number): Promise<void> {
  const restored = undos.flatMap(({ subscriberId, subscriber }) =>
    subscriber.kind === 'restore' ? [{ subscriberId, ...subscriber }] : [],
  )
  if (restored.length === 0) return
  const rows = restored.map(({ subscriberId, name, attributes }) => ({ id: subscriberId, name, attributes }))
  const given = rowsOf(trx, { id: 'integer', name: 'text', attributes: 'text' }, rows)
  await sql`
    update subscriber set name = given.name, attributes = given.attributes, changed_at = ${sql.lit(at)}
    from ${given} where subscriber.id = given.id`.execute(trx)
  await removeTags(
    trx,
    restored.flatMap(({ subscriberId, tags }) => tags.map((name) => ({ subscriberId, name }))),
  )
}

interface Ending {
  readonly record: ImportRecord
  readonly at: number
}

/** Back to `active` or `pending`; those who go back to `unsubscribed` leave as others do. */
async function restoreStatuses(trx: Query, undos: readonly Undo[], { record, at }: Ending): Promise<void> {
  for (const status of ['active', 'pending'] as const) {
    const ids = undos.flatMap(({ subscriberId, subscription }) =>
      subscription.kind === 'restore' && subscription.status === status ? [subscriberId] : [],
    )
    if (ids.length === 0) continue
    await trx
      .updateTable('subscription')
      .set({ status, left_by: null, changed_at: at })
      .where('list_id', '=', record.list.id)
      .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(trx, ids)})`)
      .execute()
    await insertEvents(
      trx,
      ids.map((subscriberId) => ({
        kind: 'restored' as const,
        at,
        subscriberId,
        listId: record.list.id,
        detail: detailOf(record),
      })),
    )
  }
}

/** Off the List by the editor, with the record kept. */
async function endSubscriptions(
  trx: Query,
  undos: readonly Undo[],
  { record, at, exclude }: Ending & { readonly exclude: ExcludePeople },
): Promise<void> {
  const ids = undos.flatMap(({ subscriberId, subscription }) =>
    subscription.kind === 'takeOff' ||
    (subscription.kind === 'restore' && subscription.status === 'unsubscribed')
      ? [subscriberId]
      : [],
  )
  if (ids.length === 0) return
  await trx
    .updateTable('subscription')
    .set({ status: 'unsubscribed', left_by: 'editor', changed_at: at })
    .where('list_id', '=', record.list.id)
    .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(trx, ids)})`)
    .execute()
  await exclude(trx, { subscriberIds: ids, listId: record.list.id, reason: 'unsubscribed', now: at })
  await insertLeavings(trx, ids, { record, at })
}

async function insertLeavings(trx: Query, ids: readonly number[], { record, at }: Ending): Promise<void> {
  await insertEvents(
    trx,
    ids.map((subscriberId) => ({
      kind: 'unsubscribed' as const,
      at,
      subscriberId,
      listId: record.list.id,
      detail: detailOf(record),
    })),
  )
}

function detailOf({ id, file }: ImportRecord): Readonly<Record<string, string | number>> {
  return { how: 'undo', import: id, file, by: 'editor' }
}

/** Subscriptions and Subscribers that are as the import made them. Their Events stay, and speak of nobody. */
async function removePeople(trx: Query, undos: readonly Undo[], { record, at }: Ending): Promise<void> {
  const leaving = undos.filter(({ subscription }) => subscription.kind === 'remove')
  const gone = undos.filter(({ subscriber }) => subscriber.kind === 'remove')
  const idsIn = (some: readonly Undo[]) =>
    sql<number>`(select id from ${idsOf(
      trx,
      some.map(({ subscriberId }) => subscriberId),
    )})`
  if (leaving.length > 0)
    await trx
      .deleteFrom('subscription')
      .where('list_id', '=', record.list.id)
      .where('subscriber_id', 'in', idsIn(leaving))
      .execute()
  const staying = leaving.filter(({ subscriber }) => subscriber.kind !== 'remove')
  await insertLeavings(
    trx,
    staying.map(({ subscriberId }) => subscriberId),
    { record, at },
  )
  if (gone.length === 0) return
  // Events are inserted and never updated, but for this: whom they speak of was never here.
  const detail = JSON.stringify({ how: 'import', import: record.id, undone: 1 })
  await sql`update event set subscriber_id = null, detail = ${detail}
    where subscriber_id in ${idsIn(gone)}`.execute(trx)
  await trx.deleteFrom('tag').where('subscriber_id', 'in', idsIn(gone)).execute()
  await trx.deleteFrom('subscriber').where('id', 'in', idsIn(gone)).execute()
}

async function strikeOff(trx: Query, importId: number, undos: readonly Undo[]): Promise<void> {
  if (undos.length === 0) return
  const ids = undos.map(({ subscriberId }) => subscriberId)
  await trx
    .deleteFrom('import_change')
    .where('import_id', '=', importId)
    .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(trx, ids)})`)
    .execute()
}
