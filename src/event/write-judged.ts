/**
 * Writes what was judged, as one durable step: verdicts, Events of Hits that are new, and what the reach of each Send changes
 * by. A Send that is being made anew has its Deliveries of before changed in both.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, rowsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import type { Judged, JudgedDelivery, StoredVerdict } from './judged.js'
import { type CountedHit, contributionOf, type Share } from './reach.js'
import { type Advance, changeReach } from './reach-change.js'
import { TurnLost, takeTurnsAfter } from './reach-turn.js'

/** False, and nothing is changed: another has changed the reach of one of the Sends since. */
export async function writeJudged(
  query: Query,
  judged: Judged,
  advance: Advance | null = null,
): Promise<boolean> {
  try {
    await transact(query, advance === null ? 'ingest' : 'rebuild', (trx) => writeAll(trx, judged, advance))
    return true
  } catch (error) {
    if (error instanceof TurnLost) return false
    throw error
  }
}

async function writeAll(trx: Query, { turns, deliveries }: Judged, advance: Advance | null): Promise<void> {
  await takeTurnsAfter(trx, turns)
  await insertEvents(trx, deliveries)
  await storeVerdicts(trx, deliveries)
  await noteCounted(trx, deliveries)
  await noteUnreplied(trx, deliveries)
  await changeReach(
    trx,
    deliveries.map((delivery) => ({
      deliveryId: delivery.id,
      sendId: delivery.send.id,
      before: shareBefore(delivery),
      now: shareNow(delivery),
    })),
    advance,
  )
}

export function shareBefore({ send, delivery, hits, surplus }: JudgedDelivery): readonly Share[] {
  return contributionOf({
    send,
    delivery,
    hits: hits.flatMap(({ hit, before }) => toCounted(hit, before)),
    surplus: surplus.map((one) => ({ ...one, hits: one.counted })),
  })
}

function shareNow({ send, delivery, hits, surplus }: JudgedDelivery): readonly Share[] {
  return contributionOf({
    send,
    delivery,
    hits: hits.flatMap(({ hit, now }) => toCounted(hit, now)),
    surplus,
  })
}

function toCounted(
  { kind, link, at }: Pick<CountedHit, 'kind' | 'link' | 'at'>,
  judged: StoredVerdict | null,
): readonly CountedHit[] {
  return judged === null ? [] : [{ kind, link, at, verdict: judged.verdict, version: judged.version }]
}

/**
 * Of opens and clicks. A HEAD asks about a thing without having it: no Event. Whether a GET was a person is the
 * classification's business. A form has written its Event itself.
 */
async function insertEvents(trx: Query, deliveries: readonly JudgedDelivery[]): Promise<void> {
  const rows = deliveries.flatMap(({ id, subscriberId, send, hits }) =>
    hits.flatMap(({ hit, before, now }) => {
      const isEvent = (hit.kind === 'open' || hit.kind === 'click') && hit.method === 'GET'
      if (before !== null || now === null || !isEvent) return []
      return {
        kind: hit.kind === 'open' ? 'opened' : 'clicked',
        at: hit.at,
        subscriber_id: subscriberId,
        list_id: send.listId,
        send_id: send.id,
        delivery_id: id,
        link: hit.link,
        hit_id: hit.id,
      }
    }),
  )
  if (rows.length === 0) return
  rows.sort((one, other) => one.hit_id - other.hit_id)
  // "where true" lets SQLite tell ON CONFLICT from a join's ON.
  await sql`
    insert into event (kind, at, subscriber_id, list_id, send_id, delivery_id, link, hit_id, detail)
    select kind, at, subscriber_id, list_id, send_id, delivery_id, link, hit_id, '{}'
    from ${rowsOf(trx, EVENT_COLUMNS, rows)} where true
    on conflict (hit_id) do nothing`.execute(trx)
}

const EVENT_COLUMNS = {
  kind: 'text',
  at: 'integer',
  subscriber_id: 'integer',
  list_id: 'integer',
  send_id: 'integer',
  delivery_id: 'integer',
  link: 'integer',
  hit_id: 'integer',
} as const

async function storeVerdicts(trx: Query, deliveries: readonly JudgedDelivery[]): Promise<void> {
  await storeClassifications(
    trx,
    deliveries.flatMap(({ hits }) =>
      hits.flatMap(({ hit, before, now }) =>
        now === null || isSame(before, now) ? [] : [{ hitId: hit.id, now }],
      ),
    ),
  )
}

export function isSame(before: StoredVerdict | null, now: StoredVerdict): boolean {
  return (
    before !== null &&
    before.verdict === now.verdict &&
    before.version === now.version &&
    before.reasons.join() === now.reasons.join()
  )
}

export async function storeClassifications(
  trx: Query,
  verdicts: readonly { readonly hitId: number; readonly now: StoredVerdict }[],
): Promise<void> {
  if (verdicts.length === 0) return
  const rows = verdicts.map(({ hitId, now: { version, verdict, reasons } }) => ({
    hit_id: hitId,
    version,
    verdict,
    reasons: reasons.join(','),
  }))
  await sql`
    insert into classification (hit_id, version, verdict, reasons)
    select hit_id, version, verdict, reasons from ${rowsOf(trx, CLASSIFICATION_COLUMNS, rows)} where true
    on conflict (hit_id) do update
    set version = excluded.version, verdict = excluded.verdict, reasons = excluded.reasons`.execute(trx)
}

const CLASSIFICATION_COLUMNS = {
  hit_id: 'integer',
  version: 'integer',
  verdict: 'text',
  reasons: 'text',
} as const

async function noteCounted(trx: Query, deliveries: readonly JudgedDelivery[]): Promise<void> {
  const rows = deliveries.flatMap(({ id, surplus }) =>
    surplus
      .filter(({ hits, counted }) => hits > counted)
      .map(({ kind, link, hits }) => ({ delivery_id: id, kind, link, hits })),
  )
  if (rows.length === 0) return
  // In the order in which those who add to them lock them: `insert-hits.ts`.
  await sql`
    insert into surplus (delivery_id, kind, link, hits, first_at, last_at)
    select delivery_id, kind, link, hits, 0, 0 from ${rowsOf(trx, SURPLUS_COLUMNS, rows)} where true order by 1, 2, 3
    on conflict (delivery_id, kind, link) do update set counted = excluded.hits`.execute(trx)
}

const SURPLUS_COLUMNS = { delivery_id: 'integer', kind: 'text', link: 'integer', hits: 'integer' } as const

async function noteUnreplied(trx: Query, deliveries: readonly JudgedDelivery[]): Promise<void> {
  const ids = (isUnreplied: boolean) =>
    idsOf(
      trx,
      deliveries.filter((delivery) => delivery.isUnreplied === isUnreplied).map(({ id }) => id),
    )
  await sql`
    insert into unreplied (delivery_id) select id from ${ids(true)} where true
    on conflict (delivery_id) do nothing`.execute(trx)
  await sql`delete from unreplied where delivery_id in (select id from ${ids(false)})`.execute(trx)
}
