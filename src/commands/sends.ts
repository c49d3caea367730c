/** `pressrun sends`: every Send there is, newest first. */

import { describeSegment } from '../audience/segment/segment.js'
import type { Query } from '../db/db.js'
import { alignColumns, type Cell } from '../report/columns.js'
import { writeSchedule } from '../report/print.js'
import { readSends, type SendLine } from '../report/sends.js'

export function sendsCommand({ query }: { readonly query: Query }): Promise<readonly SendLine[]> {
  return readSends(query)
}

export function printSends(sends: readonly SendLine[]): string {
  if (sends.length === 0) return 'nothing has been sent yet; pressrun send SLUG --list NAME does\n'
  const rows = sends.map((line): Cell[] => [
    line.send,
    line.issue,
    line.list,
    line.alarm === null ? line.state : `${line.state}, ALARM`,
    line.audience ?? '',
    line.sent,
    remark(line),
  ])
  return `${alignColumns([['Send', 'issue', 'list', 'state', 'audience', 'sent'], ...rows]).join('\n')}\n`
}

/** What most wants to be known of it, and what it is. */
function remark(line: SendLine): string {
  const time = line.state === 'scheduled' ? writeSchedule(line) : null
  const segment = line.segment === null ? null : `where ${describeSegment(line.segment)}`
  return [line.alarm ?? line.reason ?? time, line.label, segment].filter((part) => part !== null).join('; ')
}
