/** `pressrun report`: what became of a Send, as text, JSON, a table for a spreadsheet or a page. */

import type { Writable } from 'node:stream'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import { REPORT_TABLES, type ReportTable, writeReportTable } from '../report/csv.js'
import { readPictures } from '../report/html/pictures.js'
import { printReport } from '../report/print-report.js'
import { readReport } from '../report/report.js'
import { readCompiled } from '../send/send.js'
import { beginCsvFile } from './csv-file.js'
import { writeDeliveries } from './deliveries.js'
import { kindOfFile } from './file-kind.js'
import { OWNER_ALONE, writeAll } from './new-file.js'
import { writeWholeFile } from './whole-file.js'

export const REPORT_FORMATS = ['text', 'json', 'csv', 'html'] as const

export type ReportForm =
  | { readonly kind: 'text' | 'json' | 'html' }
  | { readonly kind: 'csv'; readonly table: ReportTable | 'deliveries' }

export interface ReportRequest {
  readonly sendId: number
  readonly form: ReportForm
}

interface ReportContext {
  readonly query: Query
  readonly now: () => number
}

/** Throws InputError when there is no such Send. */
export async function writeReport(
  { sendId, form }: ReportRequest,
  { query, now, out }: ReportContext & { readonly out: Writable },
): Promise<void> {
  if (form.kind === 'csv' && form.table === 'deliveries') {
    await writeDeliveries({ sendId, state: null, address: null, format: 'csv' }, { query, out })
  } else await writeAll(out, await composeReport({ sendId, form }, { query, now }))
}

/** The same into a file, which is there whole or not at all. */
export function writeReportFile(
  request: ReportRequest & { readonly file: string; readonly replaces: boolean },
  context: ReportContext,
): Promise<void> {
  const { form, file, replaces } = request
  const namesPeople = form.kind === 'csv' && form.table === 'deliveries'
  const placing = namesPeople ? { replaces, mode: OWNER_ALONE } : { replaces }
  return writeWholeFile(file, placing, async (out) => {
    if (form.kind === 'csv') await beginCsvFile(out)
    await writeReport(request, { ...context, out })
  })
}

async function composeReport(
  { sendId, form }: ReportRequest,
  { query, now }: ReportContext,
): Promise<string> {
  const report = await readReport(query, sendId)
  switch (form.kind) {
    case 'text':
      return printReport(report)
    case 'json':
      return `${JSON.stringify(report)}\n`
    case 'csv':
      return form.table === 'deliveries' ? '' : writeReportTable(report, form.table)
    case 'html': {
      // What draws it takes the mail apart; no other form does.
      const { writeReportPage } = await import('../report/html/page.js')
      const compiled = await readCompiled(query, report.hash)
      const pictures = await readPictures(query, compiled.images)
      return writeReportPage({ report, compiled, pictures, madeAt: new Date(now()).toISOString() })
    }
    default:
      return form satisfies never
  }
}

export interface ReportFlags {
  readonly json?: boolean
  readonly format?: (typeof REPORT_FORMATS)[number]
  /** Name of a table; true: the one of the numbers. */
  readonly csv?: string | true
  /** A file, whose name says the form where nothing else does. */
  readonly out?: string
}

/** Throws InputError when the flags mean several forms, another one than the file's name, or a table that there is not. */
export function readReportForm({ json = false, format, csv, out }: ReportFlags): ReportForm {
  const kinds = new Set([
    ...(json ? (['json'] as const) : []),
    ...(csv === undefined ? [] : (['csv'] as const)),
    ...(format === undefined ? [] : [format]),
  ])
  if (kinds.size > 1)
    throw new InputError(`--format: it is written as one of ${[...kinds].join(', ')}; leave the others out`)
  const [said = null] = kinds
  const kind = kindOfFile(out, said) ?? 'text'
  return kind === 'csv' ? { kind, table: readTable(csv) } : { kind }
}

const TABLES = [...REPORT_TABLES, 'deliveries'] as const

function readTable(name: string | true | undefined): ReportTable | 'deliveries' {
  if (name === undefined || name === true) return 'numbers'
  const table = TABLES.find((one) => one === name)
  if (table === undefined)
    throw new InputError(`--csv: "${name}" is no table of a report; there is ${TABLES.join(', ')}`)
  return table
}
