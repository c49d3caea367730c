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
  return transact(query, 'evidence', (trx) =>
    settle(trx, ids, { state: 'sent', decision: 'arrived', by: 'a reader’s act', now: now() }),
  )
}

/**
 * A report that names this Delivery, verified: a relay had accepted its Message. `refused`: and a server has said since
 * that there is no such recipient. Run it in a transaction. False: it was not uncertain.
 */
export async function honourReport(
  trx: Query,
  {
    deliveryId,
    says,
    now,
  }: { readonly deliveryId: number; readonly says: 'refused' | 'arrived'; readonly now: number },
): Promise<boolean> {
  const verdict =
    says === 'refused'
      ? ({ state: 'bounced', decision: 'bounced', by: 'a bounce report' } as const)
      : ({ state: 'sent', decision: 'arrived', by: 'a report about it' } as const)
  return (await settle(trx, [deliveryId], { ...verdict, now })) > 0
}

/**
 * Uncertain ones of which a report had come before that: the message came back faster than its reply was recorded.
 * Returns how many.
 */
export async function honourEarlierReports({
  query,
  now,
}: {
  readonly query: Query
  readonly now: () => number
}): Promise<number> {
  const reported = await query
    .selectFrom('delivery')
    .innerJoin('event', (join) =>
      join
        .onRef('event.subscriber_id', '=', 'delivery.subscriber_id')
        .onRef('event.delivery_id', '=', 'delivery.id'),
    )
    .select(['delivery.id', 'event.kind', 'event.detail'])
    .where('delivery.state', '=', 'uncertain')
    .where('event.kind', 'in', ['bounced', 'complained'])
    .limit(AT_ONCE)
    .execute()
  const refused = new Set(
    reported.flatMap(({ id, kind, detail }) =>
      // Written by insertEvents.
      kind === 'bounced' && (JSON.parse(detail) as { readonly fault?: unknown }).fault === 'hard' ? [id] : [],
    ),
  )
  for (const deliveryId of new Set(reported.map(({ id }) => id)))
    await transact(query, 'evidence', (trx) =>
      honourReport(trx, { deliveryId, says: refused.has(deliveryId) ? 'refused' : 'arrived', now: now() }),
    )
  return reported.length
}

async function settle(
  trx: Query,
  ids: readonly number[],
  verdict: {
    readonly state: 'sent' | 'bounced'
    readonly decision: 'arrived' | 'bounced'
    readonly by: string
    readonly now: number
  },
): Promise<number> {
  const { state, decision, by, now } = verdict
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
}
