/** `pressrun report`: what became of a Send. */

import type { Query } from '../db/db.js'
import { type Report, readReport } from '../report/report.js'

export function reportCommand(sendId: number, { query }: { readonly query: Query }): Promise<Report> {
  return readReport(query, sendId)
}
