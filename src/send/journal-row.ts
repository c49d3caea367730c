/** What an Attempt that ends makes of its Delivery, as a row; and when somebody who is deferred is due again. */

import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import { unreachable } from '../errors.js'
import type { End, JournalContext } from './journal-commit.js'
import { isSlowed } from './outcome.js'
import { EXPIRED } from './reply-rules.js'
import { type RetryPolicy, retryDelay, slowedDelay } from './retry.js'

/** What came of someone's earlier Attempts, as far as the next try depends on it. */
interface Past {
  /** Attempts answered with "slow down". */
  readonly slowed: number
  /** Since the first Attempt. */
  readonly ageMs: number
}

export const NO_PAST: Past = { slowed: 0, ageMs: 0 }

/** Of those that are deferred now. */
export async function readPasts(
  trx: Query,
  ends: readonly End[],
  { now }: Pick<JournalContext, 'now'>,
): Promise<ReadonlyMap<number, Past>> {
  const ids = ends.flatMap(({ delivery, outcome }) =>
    outcome.kind === 'deferred' ? [delivery.deliveryId] : [],
  )
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('delivery')
    .innerJoin('attempt', 'attempt.delivery_id', 'delivery.id')
    .select(['delivery.id', 'delivery.slowed'])
    .select(sql<number>`${clock(trx, now)} - attempt.intended_at`.as('age'))
    .where('delivery.id', 'in', ids)
    .where('attempt.number', '=', 1)
    .execute()
  return new Map(rows.map(({ id, slowed, age }) => [id, { slowed, ageMs: Number(age) }]))
}

function nextTry({ delivery, outcome, isWithdrawn }: End, { slowed, ageMs }: Past, retry: RetryPolicy) {
  if (isWithdrawn) return 0
  return isSlowed(outcome)
    ? slowedDelay({ times: slowed + 1, ageMs }, retry)
    : retryDelay(delivery.attempt + 1 - slowed, retry)
}

export function toRow(end: End, past: Past, retry: RetryPolicy) {
  const { delivery, outcome } = end
  const base = {
    id: delivery.deliveryId,
    attempt: delivery.attempt + 1,
    reason: null,
    code: null,
    delay: null,
    slowed: isSlowed(outcome) ? 1 : 0,
  }
  switch (outcome.kind) {
    case 'sent':
      return { ...base, state: 'sent', code: outcome.code, text: cut(outcome.text) }
    case 'bounced':
      return { ...base, state: 'bounced', code: outcome.code, text: cut(outcome.text) }
    case 'failed':
      return { ...base, state: 'failed', reason: outcome.reason, code: outcome.code, text: cut(outcome.text) }
    case 'uncertain':
      return { ...base, state: 'uncertain', reason: cut(outcome.text), text: cut(outcome.text) }
    case 'deferred': {
      const delay = nextTry(end, past, retry)
      const expired = delay === null
      const state = expired ? 'failed' : 'deferred'
      return {
        ...base,
        state,
        reason: expired ? EXPIRED : outcome.reason,
        delay,
        code: outcome.code,
        text: cut(outcome.text),
      }
    }
    default:
      return unreachable(outcome)
  }
}

/** Long enough for a person to understand, short enough for a million rows. */
export function cut(text: string): string {
  return text.slice(0, 300).toWellFormed()
}
