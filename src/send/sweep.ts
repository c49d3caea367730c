/**
 * Sweep: whoever has left or was suppressed while people were being placed is taken out before the flip to `sending`.
 * Their own act does that too, but it may have looked before the Delivery was there.
 */

import { sql } from 'kysely'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import type { SendFacts } from './send.js'
import { pagesOfSet, type SetPage } from './set.js'

/** Suppressions are dated by the clock of whoever made them, which may be another machine's. */
const CLOCK_SKEW_MS = 3_600_000
/** People looked at by one statement. */
const PAGE = 20_000

/** An expression: Postgres, which knows nothing yet of rows just written, would go through all who are queued for each. */
const IS_QUEUED = sql<boolean>`case delivery.state when 'queued' then 1 else 0 end = 1`

interface SweepContext {
  readonly query: Query
  readonly now: () => number
}

/** Everyone has been placed. Who is found is taken out in steps of their own, so that the flip itself is short. */
export async function sweepOptOuts(send: SendFacts, context: SweepContext): Promise<void> {
  const { query } = context
  // Opt-outs under way commit first, and are found; later ones find every Delivery in its place.
  await transact(query, 'sweep', (trx) => takeLock(trx, 'optOut'))
  const since = send.createdAt - CLOCK_SKEW_MS
  const isAnyoneSuppressed = await query
    .selectFrom('suppression')
    .select('address_hash')
    .where('created_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  for await (const page of pagesOfSet(query, send.id, PAGE)) {
    await exclude(await findUnsubscribed(query, send, page), 'unsubscribed', context)
    if (isAnyoneSuppressed)
      await exclude(await findSuppressed(query, send, { ...page, since }), 'suppressed', context)
  }
}

async function findUnsubscribed(query: Query, send: SendFacts, page: SetPage): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('subscription')
    .innerJoin('delivery', 'delivery.subscriber_id', 'subscription.subscriber_id')
    .select('delivery.id')
    .where('subscription.list_id', '=', send.list.id)
    .where('subscription.subscriber_id', '>', page.after)
    .where('subscription.subscriber_id', '<=', page.until)
    .where('subscription.status', '!=', 'active')
    .where('delivery.send_id', '=', send.id)
    .where('delivery.subscriber_id', '>', page.after)
    .where('delivery.subscriber_id', '<=', page.until)
    .where(IS_QUEUED)
    .execute()
  return rows.map(({ id }) => id)
}

async function findSuppressed(
  query: Query,
  send: SendFacts,
  { after, until, since }: SetPage & { readonly since: number },
): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .select('delivery.id')
    .where('delivery.send_id', '=', send.id)
    .where('delivery.subscriber_id', '>', after)
    .where('delivery.subscriber_id', '<=', until)
    .where(IS_QUEUED)
    .where('subscriber.address_hash', 'in', (recent) =>
      recent.selectFrom('suppression').select('suppression.address_hash').where('created_at', '>=', since),
    )
    .execute()
  return rows.map(({ id }) => id)
}

async function exclude(
  ids: readonly number[],
  reason: 'unsubscribed' | 'suppressed',
  { query, now }: SweepContext,
): Promise<void> {
  if (ids.length === 0) return
  await transact(query, 'sweep', (trx) =>
    trx
      .updateTable('delivery')
      .set({ state: 'excluded', reason, address_key: null, changed_at: now() })
      .where('id', 'in', sql<number>`(select id from ${idsOf(trx, ids)})`)
      .where('state', '=', 'queued')
      .execute(),
  )
}
