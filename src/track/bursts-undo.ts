/**
 * Undoes a burst: all whom it took off a List are back on it, but for those who have acted since, by whatever way: what
 * a person has said themselves stays said.
 */

import { sql } from 'kysely'
import { idsOfPerson } from '../audience/merged.js'
import type { Query } from '../db/db.js'
import type { EventKind } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { InputError } from '../errors.js'
import type { Keys } from '../link/token.js'
import { type Burst, type Left, readLeft } from './bursts.js'
import { restoreSubscription } from './restore.js'

export interface UndoneBurst {
  readonly burst: number
  /** Subscriptions that are active again. */
  readonly restored: number
  /** … that were active before it: undone earlier, or by the person. */
  readonly back: number
  /** … that stay unsubscribed: their person has acted since, is suppressed or erased, or it is too long ago. */
  readonly left: number
}

interface UndoContext {
  readonly query: Query
  readonly keys: Keys
  readonly now: () => number
  /** Who answers for it, for the record. */
  readonly by: string
}

export interface ListedBurst extends Burst {
  readonly undoneAt: number | null
  readonly undoneBy: string | null
}

/** Newest first. */
export async function listBursts(query: Query): Promise<readonly ListedBurst[]> {
  const rows = await query.selectFrom('burst').selectAll().orderBy('id', 'desc').limit(100).execute()
  return rows.map(({ undone_at, undone_by, flagged_at: _, ...burst }) => ({
    ...burst,
    undoneAt: undone_at,
    undoneBy: undone_by,
  }))
}

/** A person a step, so that it may be cut short and run again. Throws InputError when there is no such burst. */
export async function undoBurst(id: number, { query, keys, now, by }: UndoContext): Promise<UndoneBurst> {
  const burst = await query.selectFrom('burst').selectAll().where('id', '=', id).executeTakeFirst()
  if (burst === undefined)
    throw new InputError(`there is no burst ${id}; pressrun bursts lists those there are`)
  const { network, how } = burst
  const all = await readLeft(query, burst)
  const those = all.filter((one) => one.network === network && one.how === how)
  const ids = new Set(those.map((one) => one.id))
  const counts = { restored: 0, back: 0, left: 0 }
  for (const one of those) {
    const outcome = await transact(query, 'undoBurst', (trx) =>
      restoreOne(trx, one, { ids, until: burst.until, id, keys, now: now(), by }),
    )
    counts[outcome] += 1
  }
  await query
    .updateTable('burst')
    .set({ undone_at: now(), undone_by: by })
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .execute()
  return { burst: id, ...counts }
}

interface RestoreOne {
  /** Events of the burst itself: a machine may have taken someone off several Lists. */
  readonly ids: ReadonlySet<number>
  readonly until: number
  readonly id: number
  readonly keys: Keys
  readonly now: number
  readonly by: string
}

async function restoreOne(
  trx: Query,
  { id: eventId, subscriberId, listId }: Left,
  { ids, until, id, keys, now, by }: RestoreOne,
): Promise<Exclude<keyof UndoneBurst, 'burst'>> {
  const subscription = await trx
    .selectFrom('subscription')
    .select(['id', 'status'])
    .where('subscriber_id', '=', subscriberId)
    .where('list_id', '=', listId)
    .executeTakeFirst()
  if (subscription?.status === 'active') return 'back'
  if (subscription === undefined || (await hasActed(trx, { subscriberId, eventId, ids, until })))
    return 'left'
  const detail = { how: 'burst-undone', burst: id, by }
  const request = { subscriptionId: subscription.id, eventId, detail, keys, now }
  return (await restoreSubscription(trx, request)) ? 'restored' : 'left'
}

/** What someone does of their own will. Whether anyone reads is no act: machines open and click. */
const ACTS: readonly EventKind[] = [
  'subscribed',
  'unsubscribed',
  'restored',
  'preferred',
  'moved',
  'exported',
  'commented',
]

async function hasActed(
  trx: Query,
  {
    subscriberId,
    eventId,
    ids,
    until,
  }: Pick<RestoreOne, 'ids' | 'until'> & { readonly subscriberId: number; readonly eventId: number },
): Promise<boolean> {
  const acts = await trx
    .selectFrom('event')
    .select(['id', 'detail'])
    .where('subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('kind', 'in', ACTS)
    .where('id', '>', eventId)
    .execute()
  // What this undo itself has brought back on another List is none of theirs.
  const own = acts.filter((act) => !ids.has(act.id) && !act.detail.includes('"how":"burst-undone"'))
  if (own.length > 0) return true
  // Pressed once more, by hand: it changed nothing, and there is a Hit of it alone, which came in filed.
  const pressed = await trx
    .selectFrom('hit')
    .innerJoin('delivery', 'delivery.id', 'hit.delivery_id')
    .select('hit.id')
    .where('delivery.subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('hit.is_filed', '=', sql.lit(1))
    .where('hit.kind', '=', 'unsubscribe')
    .where('hit.at', '>', until)
    .limit(1)
    .executeTakeFirst()
  return pressed !== undefined
}
