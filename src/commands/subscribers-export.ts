/** `pressrun subscribers export`: a List as a CSV file, written as it is read. */

import { sql } from 'kysely'
import { exportSubscribers } from '../audience/export.js'
import { findList } from '../audience/list.js'
import { findSegment, selectSegment } from '../audience/segment/segment.js'
import type { Db } from '../db/db.js'
import type { SubscriptionStatus } from '../db/schema.js'
import type { Publication } from '../issue/publication.js'
import type { Keys } from '../link/token.js'
import { formatNumber } from '../report/columns.js'
import { beginCsvFile } from './csv-file.js'
import { createFile, writeAll } from './new-file.js'

export interface ExportOptions {
  readonly list: string
  readonly status: SubscriptionStatus | null
  /** A name of newsletter.yaml, or a filter; null: everyone. */
  readonly segment: string | null
  /** Path; `-` is stdout. */
  readonly out: string
}

export interface ExportAnswer {
  readonly list: string
  readonly rows: number
  /** Null: stdout. */
  readonly file: string | null
}

interface ExportContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly now: () => number
  /** What the root declares. */
  readonly publication: Pick<Publication, 'attributes' | 'segments' | 'timeZone'>
}

/** Throws InputError when there is no such List or Segment, or the file is there already. */
export async function exportCommand(
  { list: listName, status, segment, out }: ExportOptions,
  { db: { query }, keys, now, publication }: ExportContext,
): Promise<ExportAnswer> {
  const list = await findList(query, listName)
  const chosen = segment === null ? null : findSegment(segment, publication)
  const moment = {
    listId: list.id,
    asOf: now(),
    zone: publication.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
  const ids = chosen === null ? null : await selectSegment(query, chosen, moment)
  const where = ids === null ? null : sql<boolean>`subscription.subscriber_id in (${ids})`
  const file = out === '-' ? null : await createFile(out)
  const stream = file?.stream ?? process.stdout
  if (file !== null) await beginCsvFile(file.stream)
  let rows = 0
  for await (const page of exportSubscribers(query, { listId: list.id, status, where }, keys)) {
    await writeAll(stream, page.text)
    rows += page.rows
  }
  await file?.close()
  return { list: list.name, rows, file: file === null ? null : out }
}

export function printExport({ list, rows, file }: ExportAnswer): string {
  return `${formatNumber(rows)} of List ${list} in ${file}\n`
}
