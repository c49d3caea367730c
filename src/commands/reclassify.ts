/** `pressrun reclassify`: the Hits of a Send judged anew by the rules of today, and what that changes. */

import type { Query } from '../db/db.js'
import { HIT_KINDS, VERDICTS } from '../db/schema.js'
import { CLASSIFIER_VERSION } from '../event/judge/judge.js'
import { lookAgain, type Rejudged, rejudge, type VerdictChange } from '../event/rejudge.js'
import { alignColumns, type Cell, formatNumber } from '../report/columns.js'
import { honourReaders } from '../send/evidence.js'
import { findSend } from '../send/send.js'

export interface Reclassified extends Rejudged {
  readonly send: number
  /** Of the rules. */
  readonly classifier: number
  /** True: it was only looked at. */
  readonly dryRun: boolean
}

export interface ReclassifyRequest {
  readonly sendId: number
  readonly dryRun: boolean
}

export interface ReclassifyContext {
  readonly query: Query
  readonly now: () => number
  /** After each page: Hits so far. */
  readonly onPage: (hits: number) => void
}

/** Throws InputError when there is no such Send, and while another process is at it. */
export async function reclassifyCommand(
  { sendId, dryRun }: ReclassifyRequest,
  { query, now, onPage }: ReclassifyContext,
): Promise<Reclassified> {
  await findSend(query, sendId)
  const rejudged = dryRun
    ? await lookAgain(query, sendId, { onPage })
    : await rejudge(query, sendId, { now, onPage })
  // Whose click is a person's now has got the Message.
  if (!dryRun) await honourReaders({ query, now })
  return {
    send: sendId,
    classifier: CLASSIFIER_VERSION,
    dryRun,
    ...rejudged,
    verdicts: [...rejudged.verdicts].sort(byKind),
  }
}

export function printReclassified({ send, classifier, dryRun, ...rejudged }: Reclassified): string {
  const { hits, deliveries, changed, verdicts } = rejudged
  if (hits === 0) return `Send ${send}: nobody has asked for anything yet\n`
  const asked = `${formatNumber(hits)} hits of ${formatNumber(deliveries)} deliveries`
  const lines = [`Send ${send}: ${asked} judged by rules ${classifier}; ${sayChanged(changed, dryRun)}`, '']
  const rows = verdicts.map(({ kind, before, now, hits: count }): Cell[] => [
    kind,
    before ?? 'not judged',
    now,
    count,
  ])
  lines.push(...alignColumns([['kind', 'before', dryRun ? 'would be' : 'now', 'hits'], ...rows]))
  return `${lines.join('\n')}\n`
}

function sayChanged(changed: number, dryRun: boolean): string {
  if (changed === 0) return dryRun ? 'nothing would change' : 'nothing has changed'
  const what = changed === 1 ? '1 has' : `${formatNumber(changed)} have`
  return dryRun
    ? `${formatNumber(changed)} would have another verdict, reason or version`
    : `${what} another verdict, reason or version`
}

const PLACES = [...VERDICTS, null]

/** In the order of the schema; what was not judged yet last. */
function byKind(one: VerdictChange, other: VerdictChange): number {
  return (
    HIT_KINDS.indexOf(one.kind) - HIT_KINDS.indexOf(other.kind) ||
    PLACES.indexOf(one.before) - PLACES.indexOf(other.before) ||
    PLACES.indexOf(one.now) - PLACES.indexOf(other.now)
  )
}
