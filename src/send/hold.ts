/**
 * Hold: Sends paused by an engine's start, not by a person, because the database may be a copy whose original goes on,
 * or because no engine ran for long. `pressrun adopt` lets exactly these go on.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import type { DeliveryState, SendState } from '../db/schema.js'

/** Whatever could still go out by itself becomes `paused`. `seen` says in words what is odd. Returns the ids. */
export async function holdCopied(trx: Query, seen: readonly string[]): Promise<readonly number[]> {
  const reason = reasonFor(
    `this database looks copied or restored (${seen.join('; ')}), and whoever has got the issue from the original ` +
      'since would get it again; if this is the one that shall send from now on, run pressrun adopt',
  )
  const rows = await trx
    .updateTable('send')
    .set({ state: 'paused', held: 'copy', reason })
    .where('state', 'in', ['scheduled', 'preparing', 'sending'])
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

export interface Silence {
  /** When an engine last ran, ms by the database's clock; null for never. */
  readonly lastSeen: number | null
  readonly longSilenceMs: number
  readonly now: () => number
}

/**
 * Sends under way of which nothing was seen for `longSilenceMs` become `paused`; scheduled ones are left to the rule of
 * how late they may be. Returns the ids.
 */
export async function holdSilent(
  trx: Query,
  { lastSeen, longSilenceMs, now }: Silence,
): Promise<readonly number[]> {
  if (lastSeen === null) return []
  const limit = sql<number>`(${clock(trx, now)} - ${sql.lit(longSilenceMs)})`
  const reason = reasonFor(
    `no engine has run here since ${new Date(lastSeen).toISOString()}: this may be an old copy, or old news by now; ` +
      'if it shall go on, run pressrun adopt',
  )
  const rows = await trx
    .updateTable('send')
    .set({ state: 'paused', held: 'silent', reason })
    .where('state', 'in', ['preparing', 'sending'])
    .where(sql<number>`cast(${sql.lit(lastSeen)} as bigint)`, '<', limit)
    // Made, begun or resumed by hand while no engine ran: a person has just said so.
    .where('created_at', '<', limit)
    .where(({ fn, val }) => fn.coalesce('started_at', val(0)), '<', limit)
    .where(({ fn, val }) => fn.coalesce('resumed_at', val(0)), '<', limit)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

function reasonFor(sentence: string) {
  return sql<string>`${`${sentence}; if not, pressrun cancel `} || cast(id as text)`
}

export interface Released {
  readonly send: number
  readonly state: SendState
  /** Deliveries that now go out. */
  readonly waiting: number
  /** Deliveries that stay uncertain until a person decides. */
  readonly uncertain: number
}

/** Every held Send goes on where it was; a time that has passed is judged by the schedule. */
export async function releaseHeld(trx: Query, now: () => number): Promise<readonly Released[]> {
  const rows = await trx
    .updateTable('send')
    .set({
      state: sql<SendState>`case
        when started_at is not null then 'sending'
        when scheduled_at is not null and freeze_cursor = 0 then 'scheduled'
        else 'preparing' end`,
      held: null,
      reason: null,
      resumed_at: clock(trx, now),
    })
    .where('state', '=', 'paused')
    .where('held', 'is not', null)
    .returning(['id', 'state'])
    .execute()
  if (rows.length === 0) return []
  const parts = await trx
    .selectFrom('delivery')
    .select(({ fn }) => ['send_id', 'state', fn.countAll<number>().as('count')])
    .where(
      'send_id',
      'in',
      rows.map(({ id }) => id),
    )
    .groupBy(['send_id', 'state'])
    .execute()
  const count = (send: number, ...states: readonly DeliveryState[]) =>
    parts
      .filter(({ send_id, state }) => send_id === send && states.includes(state))
      .reduce((sum, part) => sum + part.count, 0)
  return rows
    .map(({ id, state }) => ({
      send: id,
      state,
      waiting: count(id, 'queued', 'deferred'),
      uncertain: count(id, 'sending', 'uncertain'),
    }))
    .sort((one, other) => one.send - other.send)
}
