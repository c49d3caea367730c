/**
 * What is done about Feedback from time to time, whoever took it: Sends under way are guarded, what was uncertain and is known
 * now is settled, mailboxes that were full for too long are given up, old letters are forgotten. Safe in several processes.
 */

import { moveCursor, readCursor } from '../../db/cursor.js'
import type { Query } from '../../db/db.js'
import type { Keys } from '../../link/token.js'
import { honourEarlierReports } from '../../send/evidence.js'
import { sendsIn } from '../../send/send.js'
import { guardSend, type Stopped } from './guard-send.js'
import { wearOut } from './soft-rule.js'
import type { FeedbackRules } from './take.js'

const WORN_UNTIL = 'feedback.worn'
/** A finish is committed within that after the time it bears. */
const SETTLE_MS = 60_000

export interface TidyContext {
  readonly query: Query
  readonly keys: Keys
  readonly rules: FeedbackRules
  readonly now: () => number
}

/** Those that were paused by it. */
export async function guardSends({ query }: Pick<TidyContext, 'query'>): Promise<readonly Stopped[]> {
  const stopped: Stopped[] = []
  for (const sendId of await sendsIn(query, 'sending')) {
    const one = await guardSend(query, sendId)
    if (one !== null) stopped.push(one)
  }
  return stopped
}

export interface Tidied {
  /** Uncertain ones that are known now. */
  readonly settled: number
  /** Addresses that are given up. */
  readonly wornOut: number
}

export async function tidyFeedback(context: TidyContext): Promise<Tidied> {
  return { settled: await honourEarlierReports(context), wornOut: await wearOutFinished(context) }
}

/**
 * Of Sends that have finished since the last time. One of the last minute is looked at again: another, earlier one may come
 * to light yet.
 */
async function wearOutFinished({ query, keys, rules: { softBounces }, now }: TidyContext): Promise<number> {
  if (softBounces === null) return 0
  const settled = now() - SETTLE_MS
  const finished = await query
    .selectFrom('send')
    .select(['id', 'finished_at'])
    .where('finished_at', '>', Math.max(await readCursor(query, WORN_UNTIL), now() - softBounces.withinMs))
    .orderBy('finished_at')
    .execute()
  let wornOut = 0
  for (const { id: sendId, finished_at: at } of finished) {
    wornOut += await wearOut(query, { sendId, rule: softBounces, keys, now: now() })
    if (at !== null && at <= settled) await moveCursor(query, WORN_UNTIL, at)
  }
  return wornOut
}
