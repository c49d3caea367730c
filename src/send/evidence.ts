/**
 * Evidence: what shows, later, what became of an uncertain one. A person's click or one-click unsubscribe comes from a
 * Message that arrived; a bounce report on its Token, from one that was accepted and then refused.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'

const AT_ONCE = 1_000

/** Uncertain ones whose Message a person has used become `sent`. Returns how many. */
export async function honourReaders({
  query,
  now,
}: {
  readonly query: Query
  readonly now: () => number
}): Promise<number> {
  const seen = await query
    .selectFrom('delivery')
    .select('delivery.id')
    .where('delivery.state', '=', 'uncertain')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('event')
          .leftJoin('classification', 'classification.hit_id', 'event.hit_id')
          .select('event.id')
          .whereRef('event.subscriber_id', '=', 'delivery.subscriber_id')
          .whereRef('event.delivery_id', '=', 'delivery.id')
          .where((event) =>
            event.or([
              event('event.kind', '=', 'unsubscribed'),
              event.and([
                event('event.kind', '=', 'clicked'),
                event('classification.verdict', '=', 'person'),
              ]),
            ]),
          ),
      ),
    )
    .limit(AT_ONCE)
    .execute()
  if (seen.length === 0) return 0
  const ids = seen.map(({ id }) => id)
  return settle(query, ids, { state: 'sent', decision: 'arrived', by: 'a reader’s act', now: now() })
}

/** A bounce report that names this Delivery, its Token verified. False: it was not uncertain. */
export async function honourBounceReport(
  query: Query,
  { deliveryId, now }: { readonly deliveryId: number; readonly now: number },
): Promise<boolean> {
  const by = 'a bounce report'
  return (await settle(query, [deliveryId], { state: 'bounced', decision: 'bounced', by, now })) > 0
}

function settle(
  query: Query,
  ids: readonly number[],
  verdict: {
    readonly state: 'sent' | 'bounced'
    readonly decision: 'arrived' | 'bounced'
    readonly by: string
    readonly now: number
  },
): Promise<number> {
  const { state, decision, by, now } = verdict
  return transact(query, 'evidence', async (trx) => {
    const settled = await trx
      .updateTable('delivery')
      .set({ state, reason: `known by ${by}`, changed_at: now })
      .where('id', 'in', ids)
      .where('state', '=', 'uncertain')
      .returning(['id', 'attempt'])
      .execute()
    if (settled.length === 0) return 0
    await sql`
      update attempt set decision = ${decision}, decided_by = ${by}, decided_at = ${sql.lit(now)}
      where (delivery_id, number) in (
        select id, attempt from delivery where id in (${sql.join(settled.map(({ id }) => id))})
      )`.execute(trx)
    return settled.length
  })
}
