/** `pressrun notices`: the mails that people's own acts have caused, and what became of them. */

import { alignColumns, type Cell } from '../report/columns.js'
import type { NoticeReport, TroubledNotice } from '../report/notices.js'

/** Plain text; a kind that there is none of has no line. */
export function printNotices({ counts, troubled }: NoticeReport): string {
  if (counts.length === 0) return 'no notice has been asked for yet\n'
  const head: Cell[] = [
    'kind',
    ...['queued', 'sending', 'deferred', 'sent', 'bounced', 'failed', 'uncertain', 'used'],
  ]
  const rows = counts.map((one): Cell[] => [
    one.kind,
    ...[one.queued, one.sending, one.deferred, one.sent, one.bounced, one.failed, one.uncertain, one.used],
  ])
  return `${alignColumns([head, ...rows]).join('\n')}\n${printTroubled(troubled)}`
}

function printTroubled(troubled: readonly TroubledNotice[]): string {
  if (troubled.length === 0) return ''
  const rows = troubled.map(({ id, kind, address, state, reason, reply, changedAt }): Cell[] => [
    String(id),
    new Date(changedAt).toISOString(),
    kind,
    address,
    state,
    [reason, reply === reason ? null : reply].filter((part) => part !== null).join(': '),
  ])
  return `\nnot arrived, or nobody knows; whoever wanted one can ask again:\n${alignColumns(rows).join('\n')}\n`
}
