/**
 * Merge: two Subscribers become one. Subscriptions are united, and an opt-out of either wins. Deliveries stay with the
 * ids they were frozen with, since those are the set of a Send; their Subscription is the united one from now on.
 */

import { sql } from 'kysely'
import { noteMerged } from '../audience/merged.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { mergeJson } from '../db/json.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { insertEvents } from '../event/event.js'
import { excludeDeliveries, leftOut } from '../send/exclude.js'
import { untrackDeliveries } from './tracking.js'
import { type Act, readAct } from './unsubscribe.js'

interface Merge {
  readonly gone: number
  readonly into: number
  readonly act: Act
  readonly now: number
}

/** Run it in a transaction that holds the lock `people`. */
export async function merge(trx: Query, request: Merge): Promise<void> {
  const { gone, into } = request
  // First, so that whatever is done about the one is done about both.
  await noteMerged(trx, { gone, into })
  for (const theirs of await readSubscriptions(trx, gone)) await uniteSubscription(trx, theirs, request)
  await trx
    .insertInto('tag')
    .columns(['subscriber_id', 'name'])
    .expression((tags) =>
      tags
        .selectFrom('tag')
        .select([sql<number>`${sql.lit(into)}`.as('subscriber_id'), 'name'])
        .where('subscriber_id', '=', gone),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await trx.deleteFrom('tag').where('subscriber_id', '=', gone).execute()
  await uniteFields(trx, request)
  await uniteTracking(trx, request)
  await trx.updateTable('notice').set({ subscriber_id: into }).where('subscriber_id', '=', gone).execute()
  await trx.updateTable('comment').set({ subscriber_id: into }).where('subscriber_id', '=', gone).execute()
  await leaveOutTwice(trx, request)
  await trx.deleteFrom('subscriber').where('id', '=', gone).execute()
}

type SubscriptionRow = Awaited<ReturnType<typeof readSubscriptions>>[number]

function readSubscriptions(trx: Query, subscriberId: number) {
  return trx
    .selectFrom('subscription')
    .select(['id', 'list_id', 'status', 'left_by'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('list_id')
    .execute()
}

async function uniteSubscription(
  trx: Query,
  theirs: SubscriptionRow,
  { into, act, now }: Merge,
): Promise<void> {
  const own = (await readSubscriptions(trx, into)).find(({ list_id }) => list_id === theirs.list_id)
  if (own === undefined) {
    await trx.updateTable('subscription').set({ subscriber_id: into }).where('id', '=', theirs.id).execute()
    return
  }
  await trx
    .updateTable('delivery')
    .set({ subscription_id: own.id })
    .where('subscription_id', '=', theirs.id)
    .execute()
  await trx.deleteFrom('subscription').where('id', '=', theirs.id).execute()
  const status = uniteStatus(own.status, theirs.status)
  if (status === own.status && status !== 'unsubscribed') return
  const leftBy = status === 'unsubscribed' ? uniteLeftBy([own, theirs]) : null
  await trx
    .updateTable('subscription')
    .set({ status, left_by: leftBy, changed_at: now })
    .where('id', '=', own.id)
    .execute()
  if (status !== 'unsubscribed') return
  const listId = own.list_id
  await excludeDeliveries(trx, { subscriberId: into, listId, reason: 'unsubscribed', now })
  if (own.status !== 'unsubscribed')
    await insertEvents(trx, [
      {
        kind: 'unsubscribed',
        at: now,
        subscriberId: into,
        listId,
        detail: { ...readAct(act), how: 'merged', was: own.status },
      },
    ])
}

function uniteStatus(own: SubscriptionStatus, theirs: SubscriptionStatus): SubscriptionStatus {
  if (own === 'unsubscribed' || theirs === 'unsubscribed') return 'unsubscribed'
  return own === 'active' || theirs === 'active' ? 'active' : 'pending'
}

/** What nobody knows counts as the person's own. */
function uniteLeftBy(both: readonly SubscriptionRow[]): 'person' | 'editor' {
  const ended = both.filter(({ status }) => status === 'unsubscribed')
  return ended.every(({ left_by }) => left_by === 'editor') ? 'editor' : 'person'
}

/** The one who stays is believed; what only the other has is taken over. */
async function uniteFields(trx: Query, { gone, into, now }: Merge): Promise<void> {
  const other = sql`(select other.attributes from subscriber as other where other.id = ${gone})`
  await trx
    .updateTable('subscriber')
    .set({
      name: sql<string>`case when name <> '' then name
        else (select other.name from subscriber as other where other.id = ${gone}) end`,
      attributes: mergeJson(trx, sql<string>`${other}`, sql<string>`attributes`),
      lang: sql<
        string | null
      >`coalesce(lang, (select other.lang from subscriber as other where other.id = ${gone}))`,
      changed_at: now,
    })
    .where('id', '=', into)
    .execute()
}

/** Who wished not to be tracked, under either address, is not. */
async function uniteTracking(trx: Query, { gone, into }: Merge): Promise<void> {
  const untracked = await trx
    .selectFrom('subscriber')
    .select('id')
    .where('id', 'in', [gone, into])
    .where('is_untracked', '=', 1)
    .executeTakeFirst()
  if (untracked === undefined) return
  await trx.updateTable('subscriber').set({ is_untracked: 1 }).where('id', '=', into).execute()
  await untrackDeliveries(trx, into)
}

/** Of an Issue that either has got or is about to get, the other's copy is not begun any more. */
async function leaveOutTwice(trx: Query, { gone, into, now }: Merge): Promise<void> {
  await takeLock(trx, 'optOut', 'shared')
  for (const [waits, has] of [
    [into, gone],
    [gone, into],
  ] as const)
    await trx
      .updateTable('delivery')
      .set({ ...leftOut('moved'), changed_at: now })
      .where('subscriber_id', '=', waits)
      .where('state', 'in', ['queued', 'deferred'])
      .where(
        sql<boolean>`exists (select 1 from delivery as twin where twin.subscriber_id = ${has}
          and twin.issue_id = delivery.issue_id and twin.copy = delivery.copy
          and twin.state in ('queued', 'sending', 'deferred', 'sent', 'uncertain'))`,
      )
      .execute()
}
