/** `pressrun rebuild`: the numbers of a Send, or of all, made anew from Hits and Deliveries; and whether they were right. */

import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { remakeAftermath } from '../event/aftermath.js'
import { type Rejudged, rejudge } from '../event/rejudge.js'
import { formatNumber } from '../report/columns.js'
import { recountTally } from '../report/settled.js'
import { findSend } from '../send/send.js'

export interface Rebuilt extends Pick<Rejudged, 'hits' | 'deliveries' | 'changed' | 'drifted'> {
  readonly send: number
  /** Numbers about Hits that were not what they come to. */
  readonly differing: number
  /** Deliveries of which something else was counted than who left, complained or bounced later. */
  readonly misjudged: number
  /** The count of Deliveries was another one. */
  readonly isTallyWrong: boolean
}

export interface RebuildContext {
  readonly query: Query
  readonly now: () => number
  /** After each page: Hits of the Send so far. */
  readonly onPage: (hits: number) => void
}

/** Null: every Send, the oldest first. Throws InputError when there is no such Send. */
export async function rebuildCommand(
  sendId: number | null,
  { query, now, onPage }: RebuildContext,
): Promise<readonly Rebuilt[]> {
  if (sendId !== null) await findSend(query, sendId)
  const rebuilt: Rebuilt[] = []
  for (const send of sendId === null ? await readSendIds(query) : [sendId]) {
    const { verdicts: _, ...counts } = await rejudge(query, send, { now, onPage })
    const misjudged = await transact(query, 'aftermath', (trx) => remakeAftermath(trx, send))
    rebuilt.push({ send, ...counts, misjudged, isTallyWrong: await recountTally(query, send) })
  }
  return rebuilt
}

async function readSendIds(query: Query): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('send')
    .select('id')
    .where('started_at', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Judged by older rules is not wrong; anything else that is not as it was is. */
export function isRight({ drifted, differing, misjudged, isTallyWrong }: Rebuilt): boolean {
  return drifted === 0 && differing === 0 && misjudged === 0 && !isTallyWrong
}

export function printRebuilt(rebuilt: readonly Rebuilt[]): string {
  if (rebuilt.length === 0) return 'no Send has begun yet: there are no numbers\n'
  return `${rebuilt.map(writeOne).join('\n')}\n`
}

function writeOne(one: Rebuilt): string {
  const { send, hits, deliveries, changed, drifted, differing, misjudged, isTallyWrong } = one
  const from = `Send ${send}: ${formatNumber(hits)} hits of ${formatNumber(deliveries)} deliveries`
  const newly = changed - drifted
  const judged =
    newly === 0 ? [] : [`${formatNumber(newly)} hits were judged for the first time, or by older rules`]
  const wrong = [
    ...some(drifted, 'hit had another verdict', 'hits had another verdict'),
    ...some(differing, 'number about hits was wrong', 'numbers about hits were wrong'),
    ...some(misjudged, 'delivery had another aftermath', 'deliveries had another aftermath'),
    ...(isTallyWrong ? ['the count of deliveries was wrong'] : []),
  ]
  const verdict = isRight(one) ? 'the same numbers' : `${wrong.join(', ')}; now right`
  return [from, verdict, ...judged].join('; ')
}

function some(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`${formatNumber(count)} ${count === 1 ? one : many}`]
}
