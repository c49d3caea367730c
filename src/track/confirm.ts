/**
 * Confirm: the person behind an address says that they want a List. Until now there was no Subscriber; now there is, and
 * an Event that proves how they came.
 */

import { parseAddress } from '../address.js'
import { findSubscription } from '../audience/subscription.js'
import { findSuppressions, OWN_REASONS, REPORTED } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { insertEvents } from '../event/event.js'
import type { FoundNotice } from '../send/notice/notice.js'
import { useNotice } from '../send/notice/notice.js'
import { leave } from './unsubscribe.js'

export interface Confirmer {
  /** From where, for the Event. */
  readonly network: string
  readonly agent: string
}

/** `closed`: the List takes nobody now. `barred`: an editor or a complaint says that this address gets no mail. */
export type Confirmed = 'confirmed' | 'already' | 'closed' | 'barred'

export function confirm(
  query: Query,
  notice: FoundNotice,
  { who, now }: { readonly who: Confirmer; readonly now: number },
): Promise<Confirmed> {
  return transact(
    query,
    'confirm',
    async (trx) => {
      await takeLock(trx, 'people', 'shared')
      if (!(await useNotice(trx, notice.id, now))) return 'already'
      const listId = notice.list_id ?? 0
      const known = await findKnown(trx, notice, listId)
      if (known.status !== 'active' && !(await isOpen(trx, listId))) return undone('closed')
      const reason = await suppressionOf(trx, notice.address_hash)
      if (reason !== null && !OWN_REASONS.includes(reason)) return undone('barred')
      const subscriberId = known.subscriberId ?? (await addSubscriber(trx, notice, now))
      if (reason !== null) await lift(trx, notice, { subscriberId, reason, now })
      if (reason === REPORTED) await leaveOthers(trx, { subscriberId, listId, now })
      if (known.subscriberId !== null) await learn(trx, notice, { subscriberId, now })
      await trx
        .updateTable('notice')
        .set({ subscriber_id: subscriberId })
        .where('id', '=', notice.id)
        .execute()
      // By another Notice, or by an editor: what they have chosen since stays.
      if (known.status === 'active') return 'confirmed'
      await activate(trx, { subscriberId, listId, now })
      await insertEvents(trx, [
        {
          kind: 'subscribed',
          at: now,
          subscriberId,
          listId,
          detail: evidence(notice, { who, was: known.status }),
        },
      ])
      return 'confirmed'
    },
    // Another act may have made the same Subscriber at this moment.
    { onConflict: 'again' },
  ).catch((error: unknown) => {
    if (error instanceof Undone) return error.outcome
    throw error
  })
}

/** Takes the whole transaction back, the Notice's use with it: it may be used when the List is open again. */
class Undone extends Error {
  constructor(readonly outcome: 'closed' | 'barred') {
    super(outcome)
  }
}

function undone(outcome: 'closed' | 'barred'): never {
  throw new Undone(outcome)
}

interface KnownPerson {
  readonly subscriberId: number | null
  readonly status: string | null
}

/** By the address alone: what the Notice was asked for may have moved away from it. */
async function findKnown(trx: Query, notice: FoundNotice, listId: number): Promise<KnownPerson> {
  const row = await trx
    .selectFrom('subscriber')
    .leftJoin('subscription', (join) =>
      join.onRef('subscription.subscriber_id', '=', 'subscriber.id').on('subscription.list_id', '=', listId),
    )
    .select(['subscriber.id', 'subscription.status'])
    .where('subscriber.address_key', '=', keyOf(notice))
    .executeTakeFirst()
  return row === undefined
    ? { subscriberId: null, status: null }
    : { subscriberId: row.id, status: row.status }
}

function keyOf({ address }: FoundNotice): string {
  const parsed = parseAddress(address)
  // It was parsed before the Notice was made.
  if (parsed.kind === 'refused') throw new Error(`the address of a Notice ${parsed.reason}`)
  return parsed.key
}

async function isOpen(trx: Query, listId: number): Promise<boolean> {
  const row = await trx
    .selectFrom('list')
    .select('id')
    .where('id', '=', listId)
    .where('is_open', '=', 1)
    .where('visibility', '=', 'public')
    .executeTakeFirst()
  return row !== undefined
}

async function suppressionOf(trx: Query, addressHash: string): Promise<string | null> {
  return (await findSuppressions(trx, [addressHash])).get(addressHash)?.reason ?? null
}

async function addSubscriber(trx: Query, notice: FoundNotice, now: number): Promise<number> {
  const { id } = await trx
    .insertInto('subscriber')
    .values({
      address: notice.address,
      address_key: keyOf(notice),
      address_hash: notice.address_hash,
      name: notice.name,
      attributes: '{}',
      lang: notice.lang,
      created_at: now,
      changed_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** What they gave this time, where nothing was known. */
async function learn(
  trx: Query,
  { name, lang }: FoundNotice,
  { subscriberId, now }: { readonly subscriberId: number; readonly now: number },
): Promise<void> {
  if (name !== '')
    await trx
      .updateTable('subscriber')
      .set({ name, changed_at: now })
      .where('id', '=', subscriberId)
      .where('name', '=', '')
      .execute()
  await trx
    .updateTable('subscriber')
    .set({ lang, changed_at: now })
    .where('id', '=', subscriberId)
    .where('lang', 'is', null)
    .execute()
}

async function lift(
  trx: Query,
  { address_hash }: FoundNotice,
  {
    subscriberId,
    reason,
    now,
  }: { readonly subscriberId: number; readonly reason: string; readonly now: number },
): Promise<void> {
  await trx
    .deleteFrom('suppression')
    .where('address_hash', '=', address_hash)
    .where('reason', '=', reason)
    .execute()
  await insertEvents(trx, [{ kind: 'allowed', at: now, subscriberId, detail: { reason, by: 'confirm' } }])
}

/** Should the report have been true, it was of all of them; what they want now is this one. */
async function leaveOthers(
  trx: Query,
  {
    subscriberId,
    listId,
    now,
  }: { readonly subscriberId: number; readonly listId: number; readonly now: number },
): Promise<void> {
  const others = await trx
    .selectFrom('subscription')
    .select('id')
    .where('subscriber_id', '=', subscriberId)
    .where('list_id', '!=', listId)
    .where('status', '=', 'active')
    .orderBy('id')
    .execute()
  for (const { id } of others) {
    const other = await findSubscription(trx, id)
    if (other !== null) await leave(trx, other, { act: { how: 'report' }, now })
  }
}

async function activate(
  trx: Query,
  {
    subscriberId,
    listId,
    now,
  }: { readonly subscriberId: number; readonly listId: number; readonly now: number },
): Promise<void> {
  await trx
    .insertInto('subscription')
    .values({
      list_id: listId,
      subscriber_id: subscriberId,
      status: 'active',
      created_at: now,
      changed_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['list_id', 'subscriber_id'])
        .doUpdateSet({ status: 'active', left_by: null, paused_until: null, changed_at: now }),
    )
    .execute()
}

/** What proves it: who asked, who confirmed, when and from where, and on which page. */
function evidence(
  { id, detail, address_hash: _ }: FoundNotice,
  { who, was }: { readonly who: Confirmer; readonly was: string | null },
): Readonly<Record<string, string | number>> {
  // Written by whoever made the Notice.
  const asked = JSON.parse(detail) as Readonly<Record<string, unknown>>
  const kept = (name: string) => {
    const value = asked[name]
    return typeof value === 'string' || typeof value === 'number' ? value : ''
  }
  return {
    how: 'confirm',
    network: who.network,
    agent: who.agent,
    noticeId: id,
    askedAt: kept('at'),
    askedNetwork: kept('network'),
    askedAgent: kept('userAgent'),
    from: kept('from'),
    ...(kept('page') === '' ? {} : { page: kept('page') }),
    ...(was === null ? {} : { was }),
  }
}
