/** `pressrun sends`: every Send there is, newest first. */

import type { Query } from '../db/db.js'
import { alignColumns, type Cell } from '../report/columns.js'
import { readSends, type SendLine } from '../report/sends.js'

export function sendsCommand({ query }: { readonly query: Query }): Promise<readonly SendLine[]> {
  return readSends(query)
}

export function printSends(sends: readonly SendLine[]): string {
  if (sends.length === 0) return 'nothing has been sent yet; pressrun send SLUG --list NAME does\n'
  const rows = sends.map(({ send, issue, list, state, reason, audience, sent, alarm }): Cell[] => [
    send,
    issue,
    list,
    alarm === null ? state : `${state}, ALARM`,
    audience ?? '',
    sent,
    alarm ?? reason ?? '',
  ])
  return `${alignColumns([['Send', 'issue', 'list', 'state', 'audience', 'sent'], ...rows]).join('\n')}\n`
}
